# SPDX-License-Identifier: MIT
"""What must hold after each run of crng seed, whatever has failed in it."""
import json
import re

import rules

STEP = re.compile(
    r"crng seed: (?:(loaded|saved|kept) (\d+) bits, (not )?(credited|creditable)(: .+)?|no seed yet in .+)"
)
CREDITED = "crng seed: loaded 256 bits, credited"
SAVED = re.compile(r"crng seed: (saved|kept) \d+ bits, creditable(: .*)?")
UNCREDITABLE = re.compile(r"crng seed: saved \d+ bits, not creditable: ")
KNOWN = set(rules.OURS)


def complaints(case, run, following):
    """Everything that is wrong with the run of a case and with the next boot after it. A run
    that hangs is None."""
    if run is None or following is None:
        return ["it hangs" if run is None else "the next boot hangs"]
    found = [f"order, {p.rule}: {p.text} (line {p.line})" for p in run.keeper.problems]
    killed = run.status == -9
    found += list(of_disk(case, run, killed))
    found += list(of_messages(case, run, killed))
    found += [f"next boot, order, {p.rule}: {p.text}" for p in following.keeper.problems]
    if following.credits and set(rules.LEFTOVERS) & set(following.after):
        found.append(f"the next boot leaves {sorted(following.after)}")
    found += list(of_credits(run, following))
    found += list(of_status(case, run, following, killed))
    return found


def is_fault_of(case, *names):
    return bool(case.fault) and case.fault.call in names


def seeds(files):
    return {name: file for name, file in files.items() if name in rules.SEEDS}


def of_disk(case, run, killed):
    """What the directory holds: complete seeds, if it did before, and nothing else."""
    old, new = seeds(run.before), seeds(run.after)
    if any(len(f.data) >= 32 for f in old.values()) and not any(
        len(f.data) >= 32 for f in new.values()
    ):
        yield f"no seed is left: {sorted(new)}"
    if old and not new:
        yield "all seeds are gone"
    made = {bytes(f.content) for f in run.keeper.files if f.made}
    for name, file in new.items():
        if file in old.values() or file.data in [f.data for f in old.values()]:
            continue
        if len(file.data) != 32 or file.mode != 0o400 or file.links != 1:
            yield f"{name}: {len(file.data)} bytes, mode {file.mode:04o}, {file.links} names"
        elif file.data not in made:
            yield f"{name}: its bytes were not seen being written"
    if "seed.credit" in new and new["seed.credit"].data in made and not is_fresh(case, run):
        yield "seed.credit comes neither from a ready RNG nor from a creditable seed"
    if case.mode.name == "-n" and (run.changed or run.credits):
        yield "a dry run has changed something"
    for name in set(run.after) - set(run.before) - KNOWN:
        yield f"unknown file: {name}"
    if not killed and not is_fault_of(case, "unlinkat"):
        for name in rules.LEFTOVERS:
            if name in run.after and run.after[name] != run.before.get(name):
                yield f"{name} is left over, though nothing killed it"
    machine = run.after.get("seed.machine")
    if machine and not re.fullmatch(rb"none\n|[0-9a-f]{64}\n", machine.data):
        if machine != run.before.get("seed.machine"):
            yield f"seed.machine holds {machine.data!r}"


def is_fresh(case, run):
    """Did the RNG give 256 bits when asked not to wait, or was a good seed loaded?"""
    if case.mode.load and (case.state.good or case.mode.name == "--any-machine"):
        return True
    return any(
        c.name == "getrandom"
        and c.ok
        and c.value >= 32
        and not c.injected
        and c.args[2] == "GRND_NONBLOCK"
        for c in run.calls
    )


def of_credits(run, following):
    """No seed earns credit twice, now or at the next boot."""
    values = run.credits + following.credits
    if len(set(values)) != len(values):
        yield "the same bytes are credited twice"
    for one, after in ((run, run.after), (following, following.after)):
        if not one.credits:
            continue
        line = one.keeper.credits[0][0]
        used = {d for n, d in one.keeper.reads if n < line}
        for name, file in seeds(after).items():
            if file.data in used:
                yield f"{name} is still what a credit came from"
    if run.credits and following.credits:
        line = run.keeper.credits[0][0]
        used = {d for n, d in run.keeper.reads if n < line}
        if used & {d for _, d in following.keeper.reads}:
            yield "the next boot credits a seed that has earned credit"


def of_messages(case, run, killed):
    """Standard error says what was done, standard output nothing, and a failure is explained."""
    lines = run.stderr.decode(errors="replace").splitlines()
    steps = [line for line in lines if STEP.fullmatch(line)]
    errors = [x for x in lines if x.startswith("crng seed: ") and x not in steps]
    errors = [x for x in errors if not x.startswith("crng seed: timed out ")]
    hints = [x for x in lines if not x.startswith("crng seed: ")]
    silenced = killed or is_fault_of(case, "write")
    yield from of_output(case, run, silenced)
    if len(set(lines)) != len(lines) and not case.mode.waits:
        yield f"said twice: {lines}"
    told, credited = steps.count(CREDITED), len(run.credits)
    if told > credited or (told < credited and not silenced):
        yield f"credited {credited} times, told {told} times: {lines}"
    yield from of_saving(case, run, steps, silenced)
    yield from of_hints(run, " ".join(hints))
    if killed or silenced:
        return
    explained = hints or any(": standard output: " in x for x in errors)
    if run.status == 3 and not (explained and (errors or any("not credited" in s for s in steps))):
        yield f"status 3 without a reason and a hint: {lines}"
    if len(errors) > 1:
        yield f"more than one error: {lines}"
    if run.status in (0, 1) and (errors or hints):
        yield f"status {run.status} with an error: {lines}"


def of_hints(run, text):
    """What is said about the state of the disk in passing."""
    # Neither a temporary file nor an empty directory counts.
    swept = set(run.before) - set(run.after) <= set(rules.LEFTOVERS)
    same = all(run.before.get(name) == file for name, file in run.after.items())
    if "Nothing was changed" in text and not (swept and same):
        yield f"told that nothing was changed, but it was: {text}"
    if "No new seed was saved" in text and "loaded" not in run.stderr.decode():
        old = [file.data for file in seeds(run.before).values()]
        if any(file.data not in old for file in seeds(run.after).values()):
            yield f"told that no new seed was saved, but one was: {text}"
    if "earns no credit has been saved" in text and "seed.credit" in run.after:
        yield f"told that the seed earns no credit, but seed.credit is there: {text}"


def of_saving(case, run, steps, silenced):
    """What the last step says of the seed on the disk. A failure after it may change that."""
    told = [step for step in steps if re.match("crng seed: (saved|kept) ", step)]
    last, new = told[-1] if told else "", run.after.get("seed.credit")
    if run.status != 3 and not silenced:
        if SAVED.fullmatch(last) and (new is None or len(new.data) < 32 or new.mode & 0o077):
            yield f"told that it is creditable, which it is not: {steps}"
        if SAVED.fullmatch(last) and last.startswith("crng seed: saved"):
            if new in run.before.values() or "seed.no-credit" in run.after:
                yield f"told that it is saved, which it is not: {steps}"
        if UNCREDITABLE.match(last) and new:
            yield f"told that it is not creditable, which it is: {steps}"
    if run.status not in (0, 1, 124) or silenced:
        return
    # One that waits has saved before it.
    if case.mode.save and not 1 <= len(told) <= 1 + case.mode.waits:
        yield f"saved, and not told once: {steps}"
    if case.mode.load:
        if len([s for s in steps if re.match("crng seed: (loaded|no seed yet) ", s)]) != 1:
            yield f"loaded, and not told once: {steps}"


def of_output(case, run, silenced):
    if case.mode.name == "-n":
        for line in run.stdout.decode().splitlines():
            if not re.match(r"would (load|save|keep) \d+ bits, |no seed yet in ", line):
                yield f"standard output: {run.stdout!r}"
    elif case.mode.name != "--json":
        if run.stdout:
            yield f"standard output: {run.stdout!r}"
    elif silenced or not run.stdout:
        if run.status in (0, 1) and not silenced:
            yield "no JSON"
    else:
        yield from of_report(run)


def of_report(run):
    report = json.loads(run.stdout)
    if bool(report["loaded"] and report["loaded"]["credited"]) != bool(run.credits):
        yield f"credited {len(run.credits)} times, JSON: {report}"
    if report["saved"] and report["saved"]["creditable"] and "seed.credit" not in run.after:
        yield f"no seed.credit, JSON: {report}"


def of_status(case, run, following, killed):
    """The exit status tells whether the next boot has a seed that earns credit."""
    if killed:
        if case.fault.how != "signal=KILL":
            yield "killed"
        elif case.state.good and not following.credits:
            yield "it was killed, and the next boot does not credit"
        return
    allowed = {0, 1, 3} | ({124} if case.mode.options.startswith("-t") else set())
    if run.status not in allowed:
        yield f"status {run.status}"
    if case.mode.name == "-n":
        return
    if run.status == 0 and not following.credits:
        yield f"status 0, but the next boot does not credit: {following.stderr.decode().strip()}"
    unknown = b"this machine cannot be identified" in run.stderr
    if run.status == 1 and following.credits and not unknown:
        yield "status 1, but the next boot credits"
    if run.stdout and case.mode.name == "--json" and not is_fault_of(case, "write"):
        promised = json.loads(run.stdout)["next_boot_credited"]
        unknown = promised is None and run.status == 3
        if not unknown and promised != bool(following.credits):
            yield f"next_boot_credited is {promised}, which is wrong (status {run.status})"
    # After a sync that failed, a new seed is not sure to stay, so it may lose its credit.
    unsure = is_fault_of(case, "fsync", "syncfs", "openat")
    if run.status == 3 and case.state.good and not following.credits and not unsure:
        yield f"a good seed was lost by a failure: {following.stderr.decode().strip()}"
