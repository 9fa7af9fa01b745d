#!/usr/bin/env bats
# crng bytes: exact counts, waiting for readiness, where bytes come from, and failures.
# shellcheck disable=SC2154

load helper
load bytes

@test "exactly COUNT bytes are written" {
  for n in 0 1 255 256 257 4095 4096 4097 65537 245759 245760 245761 33554431 33554432; do
    [ "$(count "$n")" -eq "$n" ]
  done
}

@test "3 GiB arrive in a pipe, counted" {
  sanitized && skip "too slow under a sanitizer"
  [ "$(count 3GiB)" -eq 3221225472 ]
}

@test "infinity goes on until the reader closes the pipe" {
  run -0 bash -c '"$1" bytes infinity | head -c 1000000 | wc -c' bash "$CRNG"
  [ "$output" -eq 1000000 ]
}

@test "two runs never give the same bytes" {
  [ "$("$CRNG" bytes --hex 16)" != "$("$CRNG" bytes --hex 16)" ]
}

@test "sizes have the suffixes of coreutils" {
  while read -r size bytes; do
    [ "$(count "$size")" -eq "$bytes" ]
  done <<'EOF_SIZES'
010 10
00 0
1K 1024
1k 1024
1KiB 1024
1kB 1000
1KB 1000
2MiB 2097152
1M 1048576
1MB 1000000
32B 32
0B 0
1m 1048576
2kiB 2048
EOF_SIZES
  for size in 1G 1g 1GB 1T 1t 1TiB 1TB 1P 1p 1PB 15E 15e 18EB inf; do
    run -0 bash -c 'set +o pipefail; "$1" bytes "$2" | head -c 10 | wc -c' bash "$CRNG" "$size"
    [ "$output" -eq 10 ]
  done
}

@test "every invalid size is refused, and nothing is written" {
  for size in "" -1 +1 1x 1KK 1Ki 1b 1kb 1mb 1mB 1gib 99999999999999999999 18446744073709551615 \
    16E 16e 19EB 0x10 NaN 1e3 " 5" "5 " 1.5K '5,' Infinity Inf B; do
    usage_error 2 "crng bytes: " "$CRNG" bytes --hex -- "$size"
    [[ ${stderr_lines[0]} == "crng bytes: COUNT '$size': "* ]]
  done
}

@test "an invalid size says which suffixes there are, and what they mean" {
  usage_error 2 "COUNT '1kb': not a size: use a number with an optional suffix (K, M, G, ... by 1024; kB, MB, GB, ... by 1000), or 'infinity'" \
    "$CRNG" bytes 1kb
}

@test "contradictory options are usage errors" {
  usage_error 2 "cannot be used together" "$CRNG" bytes --nonblock --insecure 1
  usage_error 2 "cannot be used together" "$CRNG" bytes --nonblock -t 1 1
  usage_error 2 "cannot be used together" "$CRNG" bytes --insecure -t 1 1
  usage_error 2 "cannot be used together" "$CRNG" bytes --random --insecure 1
  usage_error 2 "--wrap needs a text format" "$CRNG" bytes --wrap 76 1
  usage_error 2 "--output needs a finite COUNT" "$CRNG" bytes -o file infinity
  usage_error 2 "--quiet and --progress cannot be used together" "$CRNG" bytes -qp 1
  usage_error 2 "--wrap 'x': not a size" "$CRNG" bytes --hex --wrap x 1
  usage_error 2 "--timeout 'x': not a duration" "$CRNG" bytes -t x 1
  [ -z "$(ls -A)" ]
}

@test "contradictions of --chars, --repeat, --fast and --jobs are usage errors" {
  for form in --hex --base64 '--format=raw'; do
    usage_error 2 "--chars cannot be used with" "$CRNG" bytes --chars set:abc "$form" 1
    usage_error 2 "--chars cannot be used with" "$CRNG" bytes "$form" --chars set:abc 1
  done
  usage_error 2 "--repeat needs a text format" "$CRNG" bytes --repeat 2 16
  usage_error 2 "--repeat needs a finite COUNT" "$CRNG" bytes --repeat 2 --hex infinity
  usage_error 2 "--output needs a finite --repeat" \
    "$CRNG" bytes --repeat infinity --hex -o file 1
  usage_error 2 "--fast and --insecure cannot be used together" "$CRNG" bytes --fast --insecure 1
  for jobs in 0 257 -1 x ''; do
    usage_error 2 "not a number from 1 to 256" "$CRNG" bytes "--jobs=$jobs" 1
  done
  usage_error 2 "--repeat 'x': not a size" "$CRNG" bytes --repeat x --hex 1
}

@test "raw bytes are written to a terminal only with --force" {
  need script
  run -2 script -qec "'$CRNG' bytes 8" /dev/null
  [[ $output == *"raw bytes are not written to a terminal"* ]]
  run -0 script -qec "'$CRNG' bytes --force 8" /dev/null
  run -0 script -qec "'$CRNG' bytes --hex 8" /dev/null
  [[ $output =~ ^[0-9a-f]{16} ]]
  run -0 script -qec "'$CRNG' bytes -o file 8" /dev/null
  [ "$(wc -c <file)" -eq 8 ]
}

@test "before readiness --nonblock is status 1 and writes nothing" {
  need_fakeboot
  for count in 0 16 1M; do
    run -1 --separate-stderr fakeboot -- "$CRNG" bytes --nonblock "$count"
    [ -z "$output" ]
    [ "$stderr" = "crng bytes: the kernel RNG is not ready" ]
  done
  run -1 fakeboot -- "$CRNG" bytes --nonblock --random -o file 16
  [ -z "$(ls -A)" ]
}

@test "when time runs out the status is 124, with the reason, and nothing is written" {
  need_fakeboot
  run -124 --separate-stderr fakeboot -- "$CRNG" bytes -t 0.2 -o file 16
  [ -z "$output" ]
  [[ $stderr == "crng bytes: timed out before the RNG was ready: "*"bits"* ]]
  [ -z "$(ls -A)" ]
  run -124 fakeboot -- "$CRNG" bytes -t 0 16
}

@test "a long wait says what is missing, with getrandom or without it, but not with -q" {
  need_fakeboot
  for error in "" "--errno EPERM"; do
    # shellcheck disable=SC2086
    "$FAKEBOOT" --log "log${error##* }" $error -- "$CRNG" bytes --hex 16 >"out${error##* }" 2>"err${error##* }" &
  done
  "$FAKEBOOT" --log logq -- "$CRNG" bytes -q -t 11 16 >outq 2>errq &
  eventually grep -qs 'status=124' logq
  for error in "" EPERM; do
    eventually grep -qE "^crng bytes: still waiting for the kernel RNG after [0-9]+ s: .*bits.*; run 'crng status' to see why$" "err$error"
    [ ! -s "out$error" ]
    kill -USR1 "$(sed -n 's/.* event=start .*by=\([0-9]*\).*/\1/p' "log$error")"
    eventually grep -qs 'event=exit .*status=0' "log$error"
    [ "$(wc -c <"out$error")" -eq 33 ]
  done
  [ ! -s errq ] && [ ! -s outq ]
}

@test "-q does not say that the RNG is not ready, and hides neither an error nor a warning" {
  need_fakeboot
  run -124 --separate-stderr fakeboot -- "$CRNG" bytes -q -t 0.2 16
  [ -z "$output$stderr" ]
  run -1 --separate-stderr fakeboot -- "$CRNG" bytes --quiet --nonblock 16
  [ -z "$output$stderr" ]
  run -0 --separate-stderr fakeboot -- "$CRNG" bytes -q --insecure --hex 16
  [[ $stderr == "crng bytes: warning: the kernel RNG is not ready, so "* ]]
  run -3 --separate-stderr sh -c '"$1" bytes -q 8 >/dev/full' sh "$CRNG"
  [ "$stderr" = "crng bytes: standard output: No space left on device" ]
}

@test "on a terminal a long wait shows the line that crng wait shows, and clears it" {
  need_fakeboot
  need script
  sanitized && skip "too slow under a sanitizer"
  shown() {
    run script -qec "'$FAKEBOOT' -- '$CRNG' bytes -t 3.5 --hex 16" /dev/null
    [[ $output =~ $'\r\e[K'"crng bytes: "[23]" s: ".*"bits" ]]
  }
  at_best shown
  [[ $output == *$'\r\e[K'"crng bytes: timed out before the RNG was ready"* ]]
}

@test "before readiness --insecure writes bytes at once, with a warning" {
  need_fakeboot
  run -0 --separate-stderr fakeboot -- "$CRNG" bytes --insecure --hex 16
  [ "${#output}" -eq 32 ]
  [[ $stderr == "crng bytes: warning: the kernel RNG is not ready, so "* ]]
  [ "${#stderr_lines[@]}" -eq 1 ]
  grep -q 'GRND_INSECURE' "$FAKEBOOT_LOG"
}

@test "on a ready machine --insecure and --random print no message" {
  for option in --insecure --random; do
    run -0 --separate-stderr "$CRNG" bytes "$option" --hex 16
    [ "${#output}" -eq 32 ]
    [ -z "$stderr" ]
  done
}

@test "on a kernel without GRND_INSECURE --insecure reads /dev/urandom" {
  need_fakeboot
  run -0 --separate-stderr fakeboot --no-insecure -- env ASAN_OPTIONS=detect_leaks=0 \
    strace -f -qq -o trace -e trace='?open,openat' "$CRNG" bytes --insecure --hex 16
  [ "${#output}" -eq 32 ]
  [[ $stderr == "crng bytes: warning: the kernel RNG is not ready, so "* ]]
  [ "${#stderr_lines[@]}" -eq 1 ]
  grep -q '"/dev/urandom"' trace
}

@test "without getrandom it waits on /dev/random, then reads /dev/urandom, without a message" {
  for error in ENOSYS EPERM; do
    run -0 --separate-stderr inject "$error" "$CRNG" bytes --hex 16
    [ "${#output}" -eq 32 ]
    [ -z "$stderr" ]
  done
  run -0 env ASAN_OPTIONS=detect_leaks=0 strace -qq -o trace \
    -e inject=getrandom:error=ENOSYS "$CRNG" bytes --hex 1
  grep -E '/dev/u?random|poll' trace | grep -v ENOENT >order
  grep -q '/dev/random' <(sed -n 1p order)
  grep -q 'ppoll' <(sed -n 2p order)
  grep -q '/dev/urandom' <(sed -n 3p order)
}

@test "without getrandom and without devices it fails with the reason" {
  need_mounts
  need strace
  run -3 --separate-stderr own_mounts sh -c '
    mount -t tmpfs none /dev && exec strace -f -qq -o trace -e trace=getrandom \
      -e inject=getrandom:error=EPERM "$1" bytes --hex 16' sh "$CRNG"
  [ -z "$output" ]
  [[ $stderr == "crng bytes: /dev/random: No such file or directory"* ]]
}

@test "without getrandom and /dev/random --insecure does not claim to know the state" {
  need_mounts
  need strace
  run -0 --separate-stderr own_mounts sh -c '
    mkdir dev && mount --rbind /dev dev && mount -t tmpfs none /dev && : >/dev/urandom &&
    mount --bind dev/urandom /dev/urandom && exec strace -f -qq -o trace \
      -e trace=getrandom -e inject=getrandom:error=EPERM "$1" bytes --insecure --hex 16' \
    sh "$CRNG"
  [ "${#output}" -eq 32 ]
  [[ $stderr == "crng bytes: warning: without getrandom, readiness cannot be determined, so the bytes "* ]]
}

@test "a file that only pretends to be the device is refused" {
  need_mounts
  need strace
  for fake in 'echo 0123456789 >/dev/random' 'mkfifo /dev/random' 'ln -s /etc/passwd /dev/random'; do
    run -3 --separate-stderr own_mounts sh -c "
      mount -t tmpfs none /dev && $fake && exec strace -f -qq -o trace \
        -e trace=getrandom -e inject=getrandom:error=ENOSYS \"\$1\" bytes --hex 16" sh "$CRNG"
    [ -z "$output" ]
    [[ $stderr == "crng bytes: /dev/random: not the kernel's random device" ]]
  done
}

@test "by default it waits, and then writes exactly COUNT bytes" {
  need_fakeboot
  run -0 --separate-stderr fakeboot --jitter 300ms -- "$CRNG" bytes --hex 16
  [ "${#output}" -eq 32 ]
  [ -z "$stderr" ]
  run -0 fakeboot --ready-on block+300ms -- "$CRNG" bytes -t 300 --hex 16
  [ "${#output}" -eq 32 ]
  fakeboot --ready-on block+300ms -- "$CRNG" bytes 0
}

@test "once the RNG is ready --insecure needs no device, even without GRND_INSECURE" {
  need_fakeboot
  need_mounts
  run -0 --separate-stderr fakeboot --no-insecure --ready-after 0 --poll none -- \
    "${UNSHARE[@]}" -m sh -c 'mount -t tmpfs none /dev && exec "$1" bytes --insecure --hex 4' \
    sh "$CRNG"
  [ "${#output}" -eq 8 ]
  [ -z "$stderr" ]
}

@test "short counts of getrandom are made up for" {
  need_fakeboot
  run -0 fakeboot --ready-after 0 --short 7 -- "$CRNG" bytes --hex 1000
  [ "${#output}" -eq 2000 ]
  [ "$(fakeboot --ready-on block+200ms --short 1000 -- "$CRNG" bytes 100001 | wc -c)" -eq 100001 ]
}

@test "before readiness, with getrandom missing or forbidden, it waits on the device" {
  need_fakeboot
  for error in ENOSYS EPERM; do
    run -0 --separate-stderr fakeboot --errno "$error" --ready-on poll+300ms -- "$CRNG" bytes --hex 16
    [ "${#output}" -eq 32 ]
    [ "$(field t exit)" -gt "$(field t ready)" ]
    run -124 --separate-stderr fakeboot --errno "$error" -- "$CRNG" bytes -t 0.3 --hex 16
    [ -z "$output" ]
    run -1 --separate-stderr fakeboot --errno "$error" -- "$CRNG" bytes --nonblock --hex 16
    [ -z "$output" ]
    run -0 --separate-stderr fakeboot --errno "$error" -- "$CRNG" bytes --insecure --hex 16
    [ "${#output}" -eq 32 ]
    [[ $stderr == "crng bytes: warning: "* ]]
  done
}

@test "without getrandom an empty /dev/random proves nothing before Linux 5.6" {
  need_fakeboot --proc /proc/sys/kernel/random
  mkdir proc
  echo 4096 >proc/poolsize
  echo 64 >proc/read_wakeup_threshold
  for error in ENOSYS EPERM; do
    run -3 --separate-stderr fakeboot --errno "$error" --proc proc -- "$CRNG" bytes --nonblock 16
    [ -z "$output" ]
    [[ $stderr == "crng bytes: undetermined: without getrandom, readiness cannot be determined, and "* ]]
    run -3 fakeboot --errno "$error" --proc proc -- "$CRNG" check
    run -124 --separate-stderr fakeboot --errno "$error" --proc proc -- "$CRNG" bytes -t 0.2 16
    [ -z "$output" ]
    [[ $stderr == "crng bytes: timed out: /dev/random gave no bytes; "* ]]
    # Since Linux 5.6 it proves that the RNG is not ready.
    run -1 --separate-stderr fakeboot --errno "$error" -- "$CRNG" bytes --nonblock 16
    [ "$stderr" = "crng bytes: the kernel RNG is not ready" ]
  done
}

@test "as the first process of a namespace it ends by SIGPIPE as it does elsewhere" {
  need_mounts
  need_pid_namespace
  for ignored in "" "trap '' PIPE;"; do
    run -0 bash -c "$ignored"' "$@" bytes 100M 2>err | head -c 1 >/dev/null
      echo "${PIPESTATUS[0]}"' bash env ASAN_OPTIONS=detect_leaks=0 \
      "${UNSHARE[@]}" -m -pf --mount-proc "$CRNG"
    [ "$output" = 141 ]
    [ ! -s err ]
  done
}

@test "a full standard output is a failure" {
  for count in 1 16 1M; do
    run -3 --separate-stderr sh -c '"$1" bytes "$2" >/dev/full' sh "$CRNG" "$count"
    [ "$stderr" = "crng bytes: standard output: No space left on device" ]
  done
  run -3 --separate-stderr sh -c '"$1" bytes 16 >&-' sh "$CRNG"
  [ "$stderr" = "crng bytes: standard output: Bad file descriptor" ]
  run -0 sh -c '"$1" bytes 0 >/dev/full' sh "$CRNG"
}

@test "a closed pipe ends it without a message, as SIGPIPE does, even where SIGPIPE is ignored" {
  run -0 bash -c '"$1" bytes 100M 2>err | head -c 1 >/dev/null; echo "${PIPESTATUS[0]}"' \
    bash "$CRNG"
  [ "$output" = 141 ]
  [ ! -s err ]
  run -0 bash -c 'trap "" PIPE
    "$1" bytes 100M 2>err | head -c 1 >/dev/null; echo "${PIPESTATUS[0]}"' bash "$CRNG"
  [ "$output" = 141 ]
  [ ! -s err ]
}

@test "to a non-blocking standard output every byte is written once" {
  need python3
  run -0 python3 -c '
import os, subprocess, sys, time
r, w = os.pipe()
os.set_blocking(w, False)
child = subprocess.Popen([sys.argv[1], "bytes", "--hex", "1000001"], stdout=w)
os.close(w)
text = b""
while True:
    part = os.read(r, 5000)
    if not part:
        break
    text += part
    if len(text) < 100000:
        time.sleep(0.001)
assert child.wait() == 0
assert len(text) == 2000003 and text[-1:] == b"\n"
bytes.fromhex(text.decode())
' "$CRNG"
}

@test "short counts and interrupted calls are made up for" {
  need strace
  run -0 env ASAN_OPTIONS=detect_leaks=0 strace -qq -o trace -e trace=getrandom \
    -e inject=getrandom:error=EINTR:when=3+2 "$CRNG" bytes --hex 1000
  [ "${#output}" -eq 2000 ]
  run -0 bash -c 'ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace -e trace=write \
    -e inject=write:error=EINTR:when=1+2 "$1" bytes 1000000 | wc -c' bash "$CRNG"
  [ "$output" -eq 1000000 ]
}

@test "getrandom that fails in the middle is a failure" {
  sanitized && skip "a sanitizer makes calls of its own"
  run -3 --separate-stderr strace -qq -o trace -e trace=getrandom \
    -e "inject=getrandom:error=EIO:when=$(($(startup_calls) + 2))+" "$CRNG" bytes --hex 16
  [ -z "$output" ]
  [ "$stderr" = "crng bytes: getrandom: $(error_words EIO)" ]
}

@test "after the first byte EAGAIN is an error, and not a lack of readiness" {
  sanitized && skip "a sanitizer makes calls of its own"
  second=$(($(startup_calls) + 2))
  for option in --hex --insecure --nonblock; do
    run -3 --separate-stderr strace -qq -o trace -e trace=getrandom \
      -e "inject=getrandom:error=EAGAIN:when=$second+" "$CRNG" bytes "$option" 16
    [ -z "$output" ]
    [ "$stderr" = "crng bytes: getrandom: Resource temporarily unavailable" ]
  done
}

@test "core dumps are off while bytes are in memory" {
  traced trace "$CRNG" bytes --hex 16 >/dev/null
  grep -nE 'PR_SET_DUMPABLE|getrandom\("|write\(1' trace | sed 's/:.*prctl.*, \(.*\)).*/ \1/' >order
  grep -q 'SUID_DUMP_DISABLE' order
  sanitized || [ "$(grep -n 'SUID_DUMP_DISABLE' order | cut -d: -f1)" -lt \
    "$(grep -n 'write(1' order | cut -d: -f1)" ]
}

# search_core FORMAT: fails if the file "core", made at the very end, registers included,
# holds any 8 bytes in a row of the first or the last 64 of "out", or of the bytes that it
# encodes.
search_core() {
  python3 - "$@" <<'PY'
import base64, re, sys
out = open("out", "rb").read()
text = re.sub(rb"\s", b"", out)
core = open("core", "rb").read()
forms = [out]
if sys.argv[1] == "hex":
    forms.append(bytes.fromhex(text.decode()))
elif sys.argv[1] == "base64":
    forms.append(base64.b64decode(text, validate=True))
assert len(core) > 4096
for form in forms:
    for part in {form[:64], form[-64:]}:
        for at in range(len(part) - 7):
            assert part[at:at + 8] not in core, (sys.argv[1], at)
PY
}

@test "no copy of the bytes is left in memory at the end" {
  need gdb python3
  sanitized && skip "a sanitizer keeps freed memory"
  for options in "hex 8" "hex 32" "hex 64" "raw 64" "raw 2M" "base64 12" "base64 --wrap 10 64" \
    "hex --fast 32" "raw --fast 2M" "hex -j 4 2M"; do
    # shellcheck disable=SC2086
    run -0 gdb -q -nx -batch -ex 'catch syscall exit_group' \
      -ex "run bytes --format $options >out" -ex 'generate-core-file core' "$CRNG"
    [ -s core ]
    [ -s out ]
    search_core "${options%% *}"
    rm core out
  done
}
