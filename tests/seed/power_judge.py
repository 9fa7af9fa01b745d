# SPDX-License-Identifier: MIT
"""What a keeper of seeds must hold, whenever the power is cut."""

UNTRUSTED = ("read-only", "volatile")


class Judge:
    """Reads the boots of all machines, those of one machine in their order."""

    def __init__(self):
        self.values = set()  # what kernels were credited with
        self.seeds = set()  # what was in seed.credit then
        self.promised = set()  # the machines that must have a creditable seed
        self.credits = 0

    def boot(self, machine, place, keeper, lines):
        """Returns what was wrong with the boot that wrote these lines, as a list."""
        self.machine, self.place, self.keeper = machine, place, keeper
        self.phase = self.seed = self.credited = self.explained = None
        self.wrong = []
        for line in lines:
            word, _, rest = line.partition(" ")
            read = getattr(self, "read_" + word.removeprefix("@"), None)
            if word.startswith("@") and read:
                read(rest)
        if not self.phase and not self.wrong:
            self.wrong.append("the machine did not come up")
        return self.wrong

    def read_broken(self, why):
        self.wrong.append(why)

    def read_provisioned(self, _):
        self.promised.add(self.machine)

    def read_seed(self, seed):
        self.seed, self.credited, self.explained = seed, False, False

    def read_credit(self, credit):
        bits, _, value = credit.partition(" ")
        if int(bits) <= 0:  # -1 asks whether it is permitted
            return
        if self.place in UNTRUSTED:
            self.wrong.append(f"credits a seed that a {self.place} disk keeps")
        if value in self.values or self.seed in self.seeds:
            self.wrong.append(f"credits a seed twice: {self.seed[:16]}")
        self.values.add(value)
        self.seeds.add(self.seed)
        self.credits += 1
        self.credited = True

    def read_says(self, text):
        if self.keeper != "crng":
            if "of creditable seed" in text:
                self.promised.add(self.machine)
            return
        loaded = ": loaded " in text
        refused = ", not credited: " in text or ": no seed yet in " in text
        if refused and self.machine in self.promised and self.place not in UNTRUSTED:
            self.wrong.append(f"lost the seed: {text}")
        if loaded and not refused and not self.credited:
            self.wrong.append(f"not what it did: {text}")
        self.explained |= refused
        if text.endswith((", credited", ", creditable")):
            self.promised.add(self.machine)

    def read_status(self, status):
        if self.keeper == "crng" and not self.credited and not self.explained:
            self.wrong.append(f"neither credits nor says why, with the status {status}")

    def read_phase(self, phase):
        self.phase = phase

    def read_after(self, files):
        # With nothing to load, --load leaves what a cut has left.
        saves = self.phase == "run" and self.place not in UNTRUSTED
        if self.keeper == "crng" and saves and ".new" in files:
            self.wrong.append(f"leaves a temporary file: {files}")
