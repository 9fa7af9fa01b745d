#!/usr/bin/env bats
# crng status --watch.
# shellcheck disable=SC2154

load helper

# reported: how many reports of a ready RNG --watch has printed.
reported() {
  grep -c '^[*●] Ready: ' "$BATS_TEST_TMPDIR/out"
}

@test "--watch ends when the RNG becomes ready" {
  need_fakeboot
  fakeboot -- "$CRNG" status --watch=0.2 >"$BATS_TEST_TMPDIR/out" 3>&- &
  eventually grep -qs '^[o○] Not ready ' "$BATS_TEST_TMPDIR/out"
  become_ready
  wait $!
  [ "$(reported)" -eq 1 ]
  # Readiness may also come during the first look.
  run -0 --separate-stderr fakeboot --ready-on probe:5 -- "$CRNG" status --watch=0.2
  [ -z "$stderr" ]
  [ "$(grep -c '^[*●] Ready: ' <<<"$output")" -eq 1 ]
}

# reports N: at least so many.
reports() {
  [ "$(reported)" -ge "$1" ]
}

@test "--watch of a ready RNG goes on until it is interrupted" {
  env --default-signal=INT "$CRNG" status --watch=0.2 >"$BATS_TEST_TMPDIR/out" 3>&- &
  eventually reports 2
  kill -INT $!
  status=0
  wait $! || status=$?
  [ "$status" -eq 130 ]
  run ! grep $'\033' "$BATS_TEST_TMPDIR/out"
  # At most ten a second.
  SECONDS=0
  "$CRNG" status --watch=0.001ms >"$BATS_TEST_TMPDIR/out" 3>&- &
  eventually reports 5
  kill $!
  [ "$(reported)" -le $(((SECONDS + 1) * 10 + 1)) ]
  usage_error 2 "--watch '0': must be more than 0" "$CRNG" status --watch=0
  usage_error 2 "--watch 'soon': not a duration" "$CRNG" status --watch=soon
  usage_error 2 "cannot be used together" "$CRNG" status --watch --sysroot /
  usage_error 2 "--watch and --format svg cannot be used together" "$CRNG" status --watch --format svg
}

@test "--watch redraws in place on a terminal, and fits its rows" {
  need script
  watched 'stty rows 10' --watch=0.2
  [[ $output == $'\033[H\033[2J\033[H'* ]]
  [ "$(grep -c $'\033\\[J' <<<"$output")" -ge 2 ]
  frame=${output#*$'\033[2J\033[H'}
  frame=${frame%%$'\033[H'*}
  [ "$(wc -l <<<"$frame")" -le 10 ]
}

@test "--watch says how many lines it had to cut, and when the report is from" {
  need script
  watched 'stty rows 12 cols 80' --watch=0.2 --verbose
  frame=${output#*$'\033[2J\033[H'}
  frame=$(sed 's/\x1b\[[0-9;]*[mKJ]//g; s/\r//' <<<"${frame%%$'\033[H'*}")
  [ "$(wc -l <<<"$frame")" -le 12 ]
  [[ ${frame%%$'\n'*} =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}' '[0-9:]{8}'   every 0.2 s until '(you press Ctrl-C|the RNG is ready)$ ]]
  [[ $frame =~ $'\n'([0-9]+)' more lines do not fit'$ ]]
  all=$(LC_ALL=C "$CRNG" status -v | wc -l)
  # The clock is one line, and 10 of 11 rows hold lines of the report.
  [ "${BASH_REMATCH[1]}" -ge $((all + 1 - 10)) ]
}

@test "--watch shows a machine that is not ready in full on 24 rows" {
  need_fakeboot --poll none
  need script pkill
  [ -x "${BLOCKER:-}" ] || skip "blocker is not built"
  run -0 --separate-stderr fakeboot --poll none -- bash -c '
    for i in 1 2 3; do "$2" getrandom & pids+=" $!"; done
    for pid in $pids; do asleep "$pid"; done
    script -qefc "stty rows 24 cols 80; exec $1 status --watch=0.2" "$3" >/dev/null &
    until [ "$(grep -aso "$(printf "\033\\[H")" "$3" | wc -l)" -gt 3 ]; do sleep 0.1; done
    pkill -P $!
    kill $pids
    grep -av "^Script " "$3"' bash "$CRNG" "$BLOCKER" "$BATS_TEST_TMPDIR/typescript"
  frame=${output#*$'\033[2J\033[H'}
  frame=${frame%%$'\033[H'*}
  for part in 'Not ready' 'blocked tasks' 'BLOCKED FOR' 'Boot timeline' 'etails: '; do
    [[ $frame == *"$part"* ]] || { echo "no $part in $frame" && return 1; }
  done
  [[ $frame != *'do not fit'* ]]
}

@test "--watch redraws when its terminal is resized, and leaves it as it was when SIGINT ends it" {
  need python3
  run -0 python3 - "$CRNG" <<'END'
import fcntl, os, pty, re, select, signal, struct, sys, termios, time

def resize(rows, columns):
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

def read(seconds):
    data, end = b"", time.monotonic() + seconds
    while not data.endswith(b"\033[J") and time.monotonic() < end:
        if select.select([master], [], [], 0.1)[0]:
            data += os.read(master, 65536)
    return data

master, slave = pty.openpty()
resize(10, 100)
before = termios.tcgetattr(slave)
pid = os.fork()
if pid == 0:
    os.login_tty(slave) if hasattr(os, "login_tty") else (
        os.setsid(), fcntl.ioctl(slave, termios.TIOCSCTTY, 0), [os.dup2(slave, n) for n in range(3)])
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a background job ignores it
    os.execv(sys.argv[1], ["crng", "status", "--verbose", "--watch=1h"])
first = read(10)
assert first.count(b"\n") == 9, first
resize(6, 100)
second = read(10)
assert second.startswith(b"\033[H") and second.count(b"\n") == 5, second
os.write(master, b"\003")
assert os.waitpid(pid, 0)[1] == signal.SIGINT
assert termios.tcgetattr(slave) == before
# No alternate screen, no hidden cursor, and the last colour is reset.
assert not re.search(rb"\033\[\?", first + second)
assert re.findall(rb"\033\[[0-9;]*m", second)[-1] in (b"\033[m", b"\033[0m")
END
}

@test "--watch counts the rows of lines that a narrow terminal wraps" {
  need script python3
  watched 'stty rows 8 cols 30' --watch=0.2 --color always
  python3 - "$output" <<'END'
import re, sys
frame = sys.argv[1].split("\033[2J\033[H")[1].split("\033[H")[0]
assert frame.endswith("\033[J")
lines = re.sub("\033\\[[0-9;]*[mKJ]", "", frame).replace("\r", "").split("\n")
assert lines.pop() == ""
assert re.match("[-0-9]{10} [:0-9]{8}   every 0.2 s until ", lines[0]), lines
assert re.match(". (Ready|Not ready|Undetermined)", lines[1]), lines
rows = sum(max(1, -(-len(line) // 30)) for line in lines)
assert rows == 7, (rows, lines)
END
}

@test "--watch reports why its output failed" {
  run -3 --separate-stderr timeout 300 sh -c '"$1" status --watch=0.1 >/dev/full' sh "$CRNG"
  [ -z "$output" ]
  [ "$stderr" = "crng status: standard output: No space left on device" ]
  run -0 --separate-stderr timeout 300 bash -c \
    'trap "" PIPE; "$1" status --watch=0.1 | :; exit $((PIPESTATUS[0] != 3))' bash "$CRNG"
  [ "$stderr" = "crng status: standard output: Broken pipe" ]
}

@test "--watch hangs only once on a file system that does not answer" {
  need_mounts
  dead deaf /etc/ssh bash -c '
    "$1" status --json --watch=0.1 >"$2" & watch=$!
    for _ in {1..3000}; do
      [ ! -s "$2" ] || [ "$(grep -c "\"schema_version\"" "$2")" -lt 4 ] || break
      sleep 0.1
    done
    pgrep -c -P "$watch" >"$2.children"
    kill "$watch"; wait "$watch"' bash "$CRNG" "$BATS_TEST_TMPDIR/json" || true
  [ "$(jq -s length "$BATS_TEST_TMPDIR/json")" -ge 3 ]
  [ "$(jq -rs 'map(.verdict) | unique | join(" ")' "$BATS_TEST_TMPDIR/json")" = ready ]
  # One child hangs, and another one may be looking just now.
  [ "$(cat "$BATS_TEST_TMPDIR/json.children")" -le 2 ]
}
