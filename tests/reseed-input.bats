#!/usr/bin/env bats
# crng reseed --input: what is taken, what is refused, and that it stays a secret.
# shellcheck disable=SC2030,SC2031,SC2154

load helper
load reseed

setup() {
  enter_work
  need_fakeboot
}

# refused TEXT ARG…: the input is refused, TEXT says why, and nothing is mixed.
refused() {
  local text=$1
  shift
  run -3 --separate-stderr played -- --no-hwrng "$@"
  says "crng reseed: $text"
  has_hint
  untouched
}

# has_hint: what to do follows the first line.
has_hint() {
  [ "${#stderr_lines[@]}" -ge 2 ]
}

# taken N ARG…: crng takes N bytes of input.
taken() {
  local count=$1
  shift
  run -0 --separate-stderr played -- --no-hwrng -v "$@"
  [ -z "$stderr" ]
  [[ $output == *"): $count bytes of input"* ]]
  [ "$(mixed)" -eq "$count" ]
}

@test "16 bytes to 64 KiB are taken from a file, and all of them are mixed without credit" {
  for count in 16 17 32 4095 4096 4097 65535 65536; do
    random "$count" >file
    taken "$count" --input=file
    taken "$count" --input file
  done
}

@test "the bytes that are mixed are those of the input" {
  { random 4096 && echo needle && random 60000; } >file
  run -0 played --marker needle -- --no-hwrng --input=file
  grep -q ' event=add .*credit=0 .*marked=yes' "$FAKEBOOT_LOG"
  run -0 played --marker needle -- --no-hwrng
  run ! grep -q marked=yes "$FAKEBOOT_LOG"
}

@test "input comes from standard input, a pipe, a FIFO and a process substitution" {
  random 32 >file
  taken 32 --input=- <file
  taken 32 --input - < <(cat file)
  taken 32 --input=/dev/stdin <file
  taken 32 --input=<(cat file)
  mkfifo fifo
  cat file >fifo 3>&- &
  taken 32 --input=fifo
  # The parts of a slow writer are put together.
  (for part in 10 10 12; do random "$part" && sleep 0.1; done) >fifo 3>&- &
  taken 32 --input=fifo
}

@test "a socket at standard input is read to its end" {
  need python3
  cat >start.py <<'PY'
import os, socket, sys
a, b = socket.socketpair()
a.sendall(os.urandom(20)), a.sendall(os.urandom(20)), a.close()
os.dup2(b.fileno(), 0)
os.execv(sys.argv[1], sys.argv[1:])
PY
  run -0 --separate-stderr fakeboot --admin --ready-after 0 -- \
    python3 start.py "$CRNG" reseed --no-hwrng -v --input=-
  [[ $output == *"): 40 bytes of input"* ]]
}

@test "a name that begins with a dash, and one that looks like an option, are files" {
  random 32 >-file
  taken 32 --input=-file
  taken 32 --input=./-file
}

@test "empty, short, long and endless input is refused" {
  refused "standard input: empty" --input=- </dev/null
  for count in 1 15; do
    random "$count" >file
    refused "file: shorter than 16 bytes" --input=file
  done
  random 65537 >file
  refused "file: longer than 64 KiB" --input=file
  refused "standard input: longer than 64 KiB" --input=- <file
  refused "/dev/zero: longer than 64 KiB" --input=/dev/zero
  refused "standard input: longer than 64 KiB" --input=- < <(yes)
}

@test "a closed standard input, a directory, a missing and an unreadable file are refused" {
  # Closed only here, because "run" would open a file in its place.
  run -3 --separate-stderr fakeboot --admin --ready-after 0 -- \
    sh -c 'exec "$1" reseed --input=- <&-' sh "$CRNG"
  says "crng reseed: standard input: closed"
  untouched
  mkdir directory
  refused "directory: Is a directory" --input=directory
  run -3 --separate-stderr fakeboot --admin --ready-after 0 -- \
    sh -c 'exec "$1" reseed --input=- 0>file' sh "$CRNG"
  says "crng reseed: standard input: not open for reading"
  untouched
  refused "standard input: Is a directory" --input=- <directory
  refused "missing: No such file or directory" --input=missing
  refused "'': No such file or directory" --input=
  if [ "$(id -u)" -ne 0 ]; then
    random 32 >file
    chmod 000 file
    refused "file: Permission denied" --input=file
  fi
}

@test "what this machine's own kernel gives is refused, by any name" {
  ln -s /dev/urandom link
  for name in /dev/random /dev/urandom link /proc/sys/kernel/random/uuid /proc/version \
    /sys/kernel/notes; do
    [ -r "$name" ] || continue
    run -3 --separate-stderr played -- --no-hwrng --input="$name"
    says "crng reseed: $name: from this machine's own kernel, so every clone may have the same"
    untouched
  done
  run -3 --separate-stderr played -- --no-hwrng --input=- </dev/urandom
  says "crng reseed: standard input: from this machine's own kernel"
  untouched
}

@test "a terminal is refused at once, as standard input and by its name" {
  need script
  for input in - /dev/tty; do
    rm -f status
    run script -qefc "'$FAKEBOOT' --admin --ready-after 0 -- '$CRNG' reseed --input=$input; echo \$? >status" /dev/null
    [ "$(cat status)" -eq 3 ]
    has -F ": a terminal, "
  done
}

# given_up NAME: the run in the background said that its input is not complete.
given_up() {
  grep -q "^crng reseed: .*: not complete after 10 s$" "$1.err"
}

@test "input that is not complete after 10 seconds is refused" {
  mkfifo nobody stuck drop
  exec 8<>stuck 9<>drop
  random 20 >&8
  (while :; do random 1 >&9 && sleep 0.2; done) 3>&- 8>&- &
  writer=$!
  for name in nobody stuck drop; do
    "$FAKEBOOT" --admin --ready-after 0 --log "$name.log" -- \
      "$CRNG" reseed --no-hwrng --input="$name" >"$name.out" 2>"$name.err" 3>&- 8>&- 9>&- &
    waiting+=($!)
  done
  wait "${waiting[@]}" || true
  kill "$writer"
  for name in nobody stuck drop; do
    [ ! -s "$name.out" ]
    given_up "$name"
    FAKEBOOT_LOG=$name.log
    untouched
    [ "$(field status exit)" -eq 3 ]
    (($(field t exit) - $(field t exec) > 9500000000))
  done
}

@test "input on a file system that does not answer is given up after 10 seconds" {
  need_fakeboot
  mkdir fs
  dead silent "$PWD/fs" true # a skip within "run" would not count
  run -3 --separate-stderr dead silent "$PWD/fs" "$FAKEBOOT" --admin --ready-after 0 \
    --log "$FAKEBOOT_LOG" -- "$CRNG" reseed --any --no-hwrng --input=fs/file
  [ -z "$output" ]
  [[ ${stderr_lines[0]} == "crng reseed: fs/file: not complete after 10 s" ]]
  untouched
}

@test "input whose bytes are all equal is mixed, warned about, and does not count as fresh" {
  need jq
  head -c 32 /dev/zero >zeros
  run -0 --separate-stderr played -- --no-hwrng -v --input=zeros --any
  [ "$stderr" = "crng reseed: the input does not count as fresh: all of its bytes are the same" ]
  [[ $output != *input* ]]
  [ "$(mixed)" -eq 32 ]
  run -0 --separate-stderr played -- --no-hwrng -q --input=zeros --any
  silent
  run -0 --separate-stderr played -- --no-hwrng -q --json --input=zeros --any
  [ "$(member '.sources[0] | [.name, .bytes, .fresh]')" = '["input",32,false]' ]
  need_mounts
  run -3 --separate-stderr bare -- --no-hwrng --input=zeros
  says "the input does not count as fresh: all of its bytes are the same"
  [[ ${stderr_lines[1]} == "crng reseed: nothing that a clone lacks"* ]]
  untouched
  tr '\0' '\377' <zeros >ones
  run -3 --separate-stderr bare -- --no-hwrng --input=ones
  # One other byte is enough not to be caught.
  { cat zeros && printf x; } >other
  run -0 --separate-stderr bare -- --no-hwrng --input=other
  silent
}

@test "the input is read before anything is mixed, and counts where nothing else does" {
  need_mounts
  random 32 >file
  run -0 --separate-stderr bare -- --no-hwrng -v --input=file
  [ -z "$stderr" ]
  [[ $output == *"): 32 bytes of input" ]]
}

@test "without the privilege no input is read" {
  random 32 >file
  # Under fakeboot without --admin a user namespace has none.
  unshare -Ur true 2>/dev/null || skip "no user namespace can be made here"
  run -3 --separate-stderr fakeboot --ready-after 0 -- unshare -Ur sh -c \
    '"$1" reseed --input=-; status=$?; wc -c >left; exit $status' sh "$CRNG" <file
  says "no privilege"
  [ "$(cat left)" -eq 32 ]
}

@test "the input never shows in an argument, a write or a message, and CMD does not inherit it" {
  need strace
  printf 'needle-%s' "$(random 16 | od -An -tx1 | tr -d ' \n')" >file
  for options in "" -v "--json -v"; do
    # shellcheck disable=SC2086
    run -0 fakeboot --admin --ready-after 0 -- env ASAN_OPTIONS=detect_leaks=0 \
      strace -f -qq -s 99999 -o trace -e trace='!read,ioctl' "$CRNG" reseed $options --input=file
    run ! grep needle trace
    run ! has -F needle
  done
  for redirect in file fifo; do
    run -0 fakeboot --admin --ready-after 0 -- bash -c '
      if [ "$2" = fifo ]; then rm -f fifo; mkfifo fifo; cat file >fifo & fi
      exec "$1" reseed --input="$2" -- sh -c "ls -l /proc/\$\$/fd; tr \"\\0\" \" \" </proc/\$\$/environ; cat /proc/\$\$/cmdline"' \
      bash "$CRNG" "$redirect"
    run ! has -F needle
    run ! has -E "/(file|fifo|random|urandom|hwrng)$"
  done
}

@test "no core is dumped while the input is in memory, and CMD can dump one again" {
  need strace python3
  random 32 >file
  run -0 fakeboot --ready-after 0 --admin -- env ASAN_OPTIONS=detect_leaks=0 \
    strace -f -qq -o trace "$CRNG" reseed --no-hwrng --input=file
  off=$(grep -n 'prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE)' trace | head -n 1 | cut -d : -f 1)
  read_at=$(grep -nE 'open(at)?\((AT_FDCWD, )?"file"' trace | head -n 1 | cut -d : -f 1)
  mixed_at=$(grep -n 'ioctl(.*RNDADDENTROPY, {entropy_count=0, buf_size=32' trace | cut -d : -f 1)
  ((off < read_at && read_at < mixed_at))
  [ "$(sed -n "$off,${mixed_at}p" trace | grep -c 'PR_SET_DUMPABLE')" -eq 1 ]
  dumpable='import ctypes; print(ctypes.CDLL(None).prctl(3))'
  run -0 played -- --no-hwrng --input=file -- /usr/bin/python3 -c "$dumpable"
  [ "$output" -eq 1 ]
}

@test "no copy of the input is left in memory at the end" {
  need gdb python3
  need_privilege
  sanitized && skip "a sanitizer keeps freed memory"
    for count in 16 32 4096 65536; do
    random "$count" >file
    for input in file -; do
      run -0 gdb -q -nx -batch -ex 'catch syscall exit_group' \
        -ex "run reseed --input=$input <file >out" -ex 'generate-core-file core' "$CRNG"
      [ -s core ]
      run -0 python3 -c '
core, text = open("core", "rb").read(), open("file", "rb").read()
assert len(core) > 4096
for at in [*range(0, len(text) - 7, 32), len(text) - 8]:
    assert text[at:at + 8] not in core, at'
      rm core
    done
  done
}
