#!/usr/bin/env bats
# crng bytes: exact counts, text forms, private files, and what can go wrong on the way.
# shellcheck disable=SC2154

load helper

setup() {
  mkdir "$BATS_TEST_TMPDIR/work"
  cd "$BATS_TEST_TMPDIR/work" || return
}

count() {
  "$CRNG" bytes "$@" | wc -c
}

@test "exactly COUNT bytes come out" {
  for n in 0 1 255 256 257 4095 4096 4097 65537 245759 245760 245761 33554431 33554432; do
    [ "$(count "$n")" -eq "$n" ]
  done
}

@test "3 GiB arrive in a pipe, counted" {
  sanitized && skip "too slow under a sanitizer"
  [ "$(count 3GiB)" -eq 3221225472 ]
}

@test "infinity goes on until the reader has enough" {
  run -0 bash -c '"$1" bytes infinity | head -c 1000000 | wc -c' bash "$CRNG"
  [ "$output" -eq 1000000 ]
}

@test "no two runs give the same bytes" {
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
EOF_SIZES
  for size in 1G 1GB 1T 1TiB 1TB 1P 1PB 15E 18EB; do
    run -0 bash -c 'set +o pipefail; "$1" bytes "$2" | head -c 10 | wc -c' bash "$CRNG" "$size"
    [ "$output" -eq 10 ]
  done
}

@test "every wrong size is refused, and nothing is written" {
  for size in "" -1 +1 1x 1KK 1Ki 1B 1m 1kb 99999999999999999999 18446744073709551615 16E \
    19EB 0x10 NaN 1e3 " 5" "5 " 1.5K '5,' Infinity inf; do
    usage_error 2 "crng bytes: " "$CRNG" bytes --hex -- "$size"
    [[ ${stderr_lines[0]} == "crng bytes: COUNT '$size': "* ]]
  done
}

@test "hex, base64, base64url and base32 are read back by other tools" {
  need xxd base64 basenc
  for n in 1 2 3 4 5 6 7 8 9 10 31 32 33 255 256 257 4097 245761; do
    [ "$("$CRNG" bytes --hex "$n" | xxd -r -p | wc -c)" -eq "$n" ]
    [ "$("$CRNG" bytes --hex "$n" | tr -d '\n' | wc -c)" -eq $((2 * n)) ]
    [ "$("$CRNG" bytes --base64 "$n" | base64 -d | wc -c)" -eq "$n" ]
    [ "$("$CRNG" bytes --format base64url "$n" | basenc --base64url -d | wc -c)" -eq "$n" ]
    [ "$("$CRNG" bytes --format base32 "$n" | basenc --base32 -d | wc -c)" -eq "$n" ]
  done
}

@test "the text is that of the bytes, as another encoder has it" {
  need xxd basenc
  "$CRNG" bytes --hex 100000 | xxd -r -p >raw
  # Read back and written again, each form must be what the other tool writes.
  for form in base64 base64url base32; do
    "$CRNG" bytes --format "$form" 100001 >text
    basenc "--$form" -d text >raw
    [ "$(basenc "--$form" -w0 raw)" = "$(cat text)" ]
  done
  "$CRNG" bytes --hex 100001 >text
  xxd -r -p text >raw
  [ "$(xxd -p -c0 raw)" = "$(cat text)" ]
}

@test "text is one line with one newline, or none with -n" {
  for form in hex base64 base64url base32; do
    [ "$("$CRNG" bytes --format "$form" 100000 | wc -l)" -eq 1 ]
    [ "$("$CRNG" bytes --format "$form" -n 100000 | wc -l)" -eq 0 ]
  done
  [ "$("$CRNG" bytes --hex 0 | wc -c)" -eq 1 ]
  [ "$("$CRNG" bytes --hex -n 0 | wc -c)" -eq 0 ]
  [ "$("$CRNG" bytes -x --no-newline 4 | wc -c)" -eq 8 ]
}

@test "--wrap breaks the text where other tools do" {
  for columns in 1 2 7 64 76 1000; do
    "$CRNG" bytes --base64 --wrap "$columns" 500000 >wrapped
    tr -d '\n' <wrapped >text
    base64 -d text | base64 -w "$columns" | cmp - wrapped
  done
  [ "$("$CRNG" bytes --hex --wrap 4 8 | wc -l)" -eq 4 ]
  [ "$("$CRNG" bytes --hex --wrap 4 -n 8 | wc -l)" -eq 3 ]
  [ "$("$CRNG" bytes --hex --wrap 0 800 | wc -l)" -eq 1 ]
  [ "$("$CRNG" bytes --hex --wrap infinity 800 | wc -l)" -eq 1 ]
}

@test "the last of several formats counts; raw is one of them" {
  [ "$("$CRNG" bytes --base64 --hex 3 | wc -c)" -eq 7 ]
  [ "$("$CRNG" bytes --hex --format raw 3 | wc -c)" -eq 3 ]
  usage_error 2 "--format 'rot13': not a format" "$CRNG" bytes --format rot13 3
  usage_error 2 "--format '': not a format" "$CRNG" bytes --format "" 3
}

@test "contradictions are usage errors" {
  usage_error 2 "exclude each other" "$CRNG" bytes --nonblock --insecure 1
  usage_error 2 "exclude each other" "$CRNG" bytes --nonblock -t 1 1
  usage_error 2 "exclude each other" "$CRNG" bytes --insecure -t 1 1
  usage_error 2 "exclude each other" "$CRNG" bytes --random --insecure 1
  usage_error 2 "--wrap needs a text format" "$CRNG" bytes --wrap 76 1
  usage_error 2 "--output needs a COUNT that ends" "$CRNG" bytes -o file infinity
  usage_error 2 "--wrap 'x': not a size" "$CRNG" bytes --hex --wrap x 1
  usage_error 2 "--timeout 'x': not a duration" "$CRNG" bytes -t x 1
  [ -z "$(ls -A)" ]
}

@test "raw bytes go to a terminal only by force" {
  need script
  run -2 script -qec "'$CRNG' bytes 8" /dev/null
  [[ $output == *"raw bytes are not written to a terminal"* ]]
  run -0 script -qec "'$CRNG' bytes --force 8" /dev/null
  run -0 script -qec "'$CRNG' bytes --hex 8" /dev/null
  [[ $output =~ ^[0-9a-f]{16} ]]
  run -0 script -qec "'$CRNG' bytes -o file 8" /dev/null
  [ "$(wc -c <file)" -eq 8 ]
}

@test "not ready: --nonblock is status 1 and writes nothing" {
  need_fakeboot
  for count in 0 16 1M; do
    run -1 --separate-stderr boot -- "$CRNG" bytes --nonblock "$count"
    [ -z "$output" ]
    [ "$stderr" = "crng bytes: the kernel RNG is not ready" ]
  done
  run -1 boot -- "$CRNG" bytes --nonblock --random -o file 16
  [ -z "$(ls -A)" ]
}

@test "not ready in the time given: status 124, why, and nothing written" {
  need_fakeboot
  run -124 --separate-stderr boot -- "$CRNG" bytes -t 0.2 -o file 16
  [ -z "$output" ]
  [[ $stderr == "crng bytes: not ready in the time given: "*"bits"* ]]
  [ -z "$(ls -A)" ]
  run -124 boot -- "$CRNG" bytes -t 0 16
}

@test "not ready: --insecure gives the bytes at once, and says so" {
  need_fakeboot
  run -0 --separate-stderr boot -- "$CRNG" bytes --insecure --hex 16
  [ "${#output}" -eq 32 ]
  [[ $stderr == "crng bytes: warning: the kernel RNG is not ready: "* ]]
  grep -q 'GRND_INSECURE' "$BOOT_LOG"
}

@test "ready: --insecure and --random are quiet" {
  for option in --insecure --random; do
    run -0 --separate-stderr "$CRNG" bytes "$option" --hex 16
    [ "${#output}" -eq 32 ]
    [ -z "$stderr" ]
  done
}

@test "a kernel without GRND_INSECURE: --insecure reads /dev/urandom" {
  need_fakeboot
  run -0 --separate-stderr boot --no-insecure -- env ASAN_OPTIONS=detect_leaks=0 \
    strace -f -qq -o trace -e trace=openat "$CRNG" bytes --insecure --hex 16
  [ "${#output}" -eq 32 ]
  grep -q '"/dev/urandom"' trace
}

@test "without getrandom: waits on /dev/random, then reads /dev/urandom, quietly" {
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

@test "without getrandom and without devices: a clear failure" {
  need_mounts
  need strace
  run -3 --separate-stderr own_mounts sh -c '
    mount -t tmpfs none /dev && exec strace -f -qq -o trace -e trace=getrandom \
      -e inject=getrandom:error=EPERM "$1" bytes --hex 16' sh "$CRNG"
  [ -z "$output" ]
  [[ $stderr == "crng bytes: /dev/random: No such file or directory"* ]]
}

@test "without getrandom and /dev/random: --insecure does not claim to know the state" {
  need_mounts
  need strace
  run -0 --separate-stderr own_mounts sh -c '
    mkdir dev && mount --rbind /dev dev && mount -t tmpfs none /dev && : >/dev/urandom &&
    mount --bind dev/urandom /dev/urandom && exec strace -f -qq -o trace \
      -e trace=getrandom -e inject=getrandom:error=EPERM "$1" bytes --insecure --hex 16' \
    sh "$CRNG"
  [ "${#output}" -eq 32 ]
  [[ $stderr == "crng bytes: warning: without getrandom this kernel does not tell "* ]]
}

@test "what only pretends to be the device is not believed" {
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

@test "-o writes the file whole, mode 0600, whatever the umask" {
  for mask in 000 022 077 777; do
    (umask "$mask" && "$CRNG" bytes -o "file.$mask" 100)
    [ "$(stat -c '%a %s %h' "file.$mask")" = "600 100 1" ]
  done
  [ "$(ls -A | wc -l)" -eq 4 ]
  run -0 --separate-stderr "$CRNG" bytes --hex -o text 16
  [ -z "$output" ]
  [ -z "$stderr" ]
  [ "$(wc -c <text)" -eq 33 ]
}

@test "-o replaces an existing file and a symbolic link, not what it points to" {
  echo old >target
  chmod 644 target
  ln target hard
  ln -s target link
  ln -s nowhere dangling
  "$CRNG" bytes -o link 8
  "$CRNG" bytes -o dangling 8
  [ ! -L link ]
  [ ! -L dangling ]
  [ ! -e nowhere ]
  [ "$(cat target)" = old ]
  "$CRNG" bytes -o target 8
  [ "$(stat -c '%a %s' target)" = "600 8" ]
  [ "$(cat hard)" = old ]
  [ "$(ls -A | wc -l)" -eq 4 ]
}

@test "-o refuses directories, devices and pipes" {
  mkdir directory
  mkfifo pipe
  run -3 --separate-stderr "$CRNG" bytes -o directory 8
  [ "$stderr" = "crng bytes: directory: Is a directory" ]
  [ -z "$output" ]
  run -3 --separate-stderr "$CRNG" bytes -o directory/ 8
  for name in pipe /dev/null /dev/full /dev/stdout /proc/self/fd/1; do
    run -3 --separate-stderr "$CRNG" bytes -o "$name" 8
    [[ $stderr == "crng bytes: $name: "* ]]
    [ -z "$output" ]
  done
  [ -p pipe ]
  [ -c /dev/null ]
  [ -L /dev/stdout ]
}

@test "-o - is standard output, ./- a file, and no name a usage error" {
  cd "$BATS_TEST_TMPDIR" || return
  [ "$("$CRNG" bytes -o - 1000 | wc -c)" -eq 1000 ]
  run -0 --separate-stderr "$CRNG" bytes -o key -o - --hex 4
  [ "${#output}" -eq 8 ]
  run ! ls key -
  run -0 --separate-stderr "$CRNG" bytes -o ./- 8
  [ "$(stat -c %s ./-)" -eq 8 ]
  [ -z "$output" ]
  usage_error 2 "--output '': not a file name" "$CRNG" bytes -o '' 8
}

@test "-o into a missing or read-only directory: a clear failure, no file" {
  need_mounts
  run -3 --separate-stderr "$CRNG" bytes -o missing/file 8
  [ "$stderr" = "crng bytes: missing/file: No such file or directory" ]
  [ -z "$output" ]
  mkdir locked
  if [ "$(id -u)" -ne 0 ]; then
    chmod 500 locked
    run -3 --separate-stderr "$CRNG" bytes -o locked/file 8
    [ "$stderr" = "crng bytes: locked/file: Permission denied" ]
    [ -z "$output" ]
  fi
  # shellcheck disable=SC2016
  run -3 --separate-stderr own_mounts sh -c '
    mount -t tmpfs -o ro none locked && "$1" bytes -o locked/file 8' sh "$CRNG"
  [ "$stderr" = "crng bytes: locked/file: Read-only file system" ]
  [ -z "$output" ]
}

@test "-o on a full file system: a clear failure, the old file kept, nothing left" {
  need_mounts
  mkdir small
  # shellcheck disable=SC2016
  run -0 --separate-stderr own_mounts sh -c '
    mount -t tmpfs -o size=64k none small && echo old >small/file
    "$1" bytes -o small/file 1M; test $? -eq 3 || exit 1
    cat small/file; ls -A small | wc -l' sh "$CRNG"
  [ "$output" = $'old\n1' ]
  [ "$stderr" = "crng bytes: small/file: No space left on device" ]
}

@test "-o killed half-way leaves nothing, and the old file as it was" {
  echo old >file
  "$CRNG" bytes -o file 8G &
  sleep 0.3
  kill -KILL $!
  wait $! || :
  [ "$(cat file)" = old ]
  [ "$(ls -A)" = file ]
}

@test "-o without /proc uses a temporary name, and removes it when it is killed" {
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
  # shellcheck disable=SC2016
  run -0 --separate-stderr own_mounts sh -c '
    mount -t tmpfs none /proc
    umask 0 && "$1" bytes -o file 8 && stat -c "%a %s" file
    "$1" bytes -o big 8G & sleep 0.3; ls -A | grep -c "^\.crng-"; kill -TERM $!; wait $!
    echo $?; ls -A' sh "$CRNG"
  [ "$output" = $'600 8\n1\n143\nfile' ]
}

@test "-o under a temporary name leaves nothing behind when a signal ends it" {
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
  need prlimit
  # shellcheck disable=SC2016
  run -0 --separate-stderr own_mounts sh -c '
    mount -t tmpfs none /proc
    for signal in QUIT ALRM USR1 HUP VTALRM PROF IO PWR; do
      env --default-signal "$1" bytes -o big 8G & sleep 0.3; kill -$signal $!; wait $!
    done 2>/dev/null
    prlimit --fsize=1000 "$1" bytes -o big 1M; ls -A >&3' sh "$CRNG" 3>names
  [ "$(cat names)" = names ]
}

@test "-o works in a directory that may be written but not read" {
  [ "$(id -u)" -ne 0 ] || skip "root may read it"
  mkdir -m 333 drop
  run -0 --separate-stderr "$CRNG" bytes -o drop/file 8
  [ "$(stat -c '%a %s' drop/file)" = "600 8" ]
  chmod 700 drop
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

@test "a closed pipe ends it quietly, as SIGPIPE does, also where SIGPIPE is ignored" {
  run -0 bash -c '"$1" bytes 100M 2>err | head -c 1 >/dev/null; echo "${PIPESTATUS[0]}"' \
    bash "$CRNG"
  [ "$output" = 141 ]
  [ ! -s err ]
  run -0 bash -c 'trap "" PIPE
    "$1" bytes 100M 2>err | head -c 1 >/dev/null; echo "${PIPESTATUS[0]}"' bash "$CRNG"
  [ "$output" = 141 ]
  [ ! -s err ]
}

@test "a non-blocking standard output loses and repeats nothing" {
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

@test "short counts and interruptions are made up for" {
  need strace
  run -0 env ASAN_OPTIONS=detect_leaks=0 strace -qq -o trace -e trace=getrandom \
    -e inject=getrandom:error=EINTR:when=3+2 "$CRNG" bytes --hex 1000
  [ "${#output}" -eq 2000 ]
  run -0 bash -c 'ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace -e trace=write \
    -e inject=write:error=EINTR:when=1+2 "$1" bytes 1000000 | wc -c' bash "$CRNG"
  [ "$output" -eq 1000000 ]
}

@test "an error of getrandom in the middle is a failure" {
  sanitized && skip "a sanitizer makes calls of its own"
  run -3 --separate-stderr strace -qq -o trace -e trace=getrandom \
    -e inject=getrandom:error=EIO:when=3+ "$CRNG" bytes --hex 16
  [ -z "$output" ]
  [ "$stderr" = "crng bytes: getrandom: Input/output error" ]
}

@test "not ready is said only before the first byte: later EAGAIN is an error" {
  sanitized && skip "a sanitizer makes calls of its own"
  for option in --hex --insecure --nonblock; do
    run -3 --separate-stderr strace -qq -o trace -e trace=getrandom \
      -e inject=getrandom:error=EAGAIN:when=3+ "$CRNG" bytes "$option" 16
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

# Looks for 8 bytes in a row of the output, and of the bytes that it stands for, in a core
# made at the very end, registers included: of the first and the last 64.
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
