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
    run -1 --separate-stderr fakeboot -- "$CRNG" bytes --nonblock "$count"
    [ -z "$output" ]
    [ "$stderr" = "crng bytes: the kernel RNG is not ready" ]
  done
  run -1 fakeboot -- "$CRNG" bytes --nonblock --random -o file 16
  [ -z "$(ls -A)" ]
}

@test "not ready in the time given: status 124, why, and nothing written" {
  need_fakeboot
  run -124 --separate-stderr fakeboot -- "$CRNG" bytes -t 0.2 -o file 16
  [ -z "$output" ]
  [[ $stderr == "crng bytes: not ready in the time given: "*"bits"* ]]
  [ -z "$(ls -A)" ]
  run -124 fakeboot -- "$CRNG" bytes -t 0 16
}

@test "not ready: --insecure gives the bytes at once, and says so" {
  need_fakeboot
  run -0 --separate-stderr fakeboot -- "$CRNG" bytes --insecure --hex 16
  [ "${#output}" -eq 32 ]
  [[ $stderr == "crng bytes: warning: the kernel RNG is not ready: "* ]]
  grep -q 'GRND_INSECURE' "$FAKEBOOT_LOG"
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
  run -0 --separate-stderr fakeboot --no-insecure -- env ASAN_OPTIONS=detect_leaks=0 \
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

# temporary: waits for the temporary name of the crng that writes here, and prints it.
temporary() {
  until compgen -G '.crng-*'; do sleep 0.01; done
}

# writing PID: it has a file here open.
writing() {
  find "/proc/$1/fd" -lname "$PWD/*" 2>/dev/null | grep -q .
}

@test "-o killed half-way leaves nothing, and the old file as it was" {
  echo old >file
  "$CRNG" bytes -o file 8G &
  eventually writing $!
  kill -KILL $!
  wait $! || :
  [ "$(cat file)" = old ]
  [ "$(ls -A)" = file ]
}

@test "-o without /proc uses a temporary name, and removes it when it is killed" {
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
  export -f temporary
  # shellcheck disable=SC2016
  run -0 --separate-stderr own_mounts bash -c '
    mount -t tmpfs none /proc
    umask 0 && "$1" bytes -o file 8 && stat -c "%a %s" file
    "$1" bytes -o big 8G & temporary >/dev/null && kill -TERM $!; wait $!
    echo $?; ls -A' bash "$CRNG"
  [ "$output" = $'600 8\n143\nfile' ]
}

# on_bindfs OPTION… -- CMD: CMD as root, where "view" shows the directory "source" in the
# way that the options of bindfs say. FUSE removes an open file when it learns, later, that
# it is closed.
on_bindfs() {
  local options=()
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  mkdir -p source view
  # shellcheck disable=SC2016
  own_mounts bash -c 'options=$1; shift; bindfs $options source view || exit 77; "$@"
    status=$?; while compgen -G "source/.fuse_hidden*"; do sleep 0.1; done >/dev/null
    umount view; exit "$status"' bash "${options[*]}" "$@"
}

need_bindfs() {
  need_mounts
  need bindfs
  on_bindfs -- true 2>/dev/null || skip "bindfs cannot mount here"
}

@test "-o refuses a file system that shows the file to others, before a byte is written" {
  need_bindfs
  need strace
  # A file that others may have open by the time it is private is no better.
  for options in --perms=a+rX "--perms=a+r --chmod-deny" "--perms=a+r --chmod-ignore" \
    --create-with-perms=g+r --perms=0711; do
    # shellcheck disable=SC2086
    run -3 --separate-stderr on_bindfs $options -- env ASAN_OPTIONS=detect_leaks=0 \
      strace -f -qq -o trace -e trace=write,writev,pwrite64 "$CRNG" bytes -o view/key 32
    [ -z "$output" ]
    [[ $stderr == "crng bytes: view/key: not private: this file system gives it mode 0"*"; use another directory, "* ]]
    run ! grep -v 'write(2, ' trace
    [ -z "$(ls -A source)" ]
  done
  run -3 --separate-stderr on_bindfs --force-user=12345 -- "$CRNG" bytes -o view/key 32
  [[ $stderr == *": not private: this file system gives it to user 12345 (mode 0600); "* ]]
  [ -z "$(ls -A source)" ]
  echo old >source/key
  run -3 on_bindfs --perms=a+rX -- "$CRNG" bytes -o view/key 32
  [ "$(cat source/key)" = old ]
}

@test "-o is content with a file that is private, whatever chmod says" {
  need_bindfs
  for options in "" --chmod-deny --chmod-ignore "--chmod-deny --perms=0700"; do
    echo old >source/key
    # shellcheck disable=SC2086
    run -0 --separate-stderr on_bindfs $options -- "$CRNG" bytes -o view/key 32
    [ -z "$stderr" ]
    [ "$(stat -c '%a %s' source/key)" = "600 32" ]
    [ "$(ls -A source)" = key ]
  done
}

@test "-o on NTFS: refused by default, private where the mount makes it so" {
  [ "$(id -u)" -eq 0 ] || skip "only root may mount it"
  need_mounts
  need ntfs-3g mkntfs
  mkdir ntfs
  truncate -s 10M image
  mkntfs -F -Q -q image
  # shellcheck disable=SC2016
  on_ntfs() {
    own_mounts sh -c 'ntfs-3g "$1" image ntfs || exit 77; shift; "$@"; status=$?
      ls -A ntfs; umount ntfs; exit "$status"' sh "$@"
  }
  on_ntfs -oumask=077 true 2>/dev/null || skip "ntfs-3g cannot mount here"
  run -3 --separate-stderr on_ntfs -orw "$CRNG" bytes -o ntfs/key 32
  [ -z "$output" ]
  [[ $stderr == *"ntfs/key: not private: this file system gives it mode 0777; "* ]]
  run -3 --separate-stderr on_ntfs -oumask=077,uid=12345 "$CRNG" bytes -o ntfs/key 32
  [ -z "$output" ]
  [[ $stderr == *"ntfs/key: not private: this file system gives it to user 12345 "* ]]
  run -0 --separate-stderr on_ntfs -oumask=077 "$CRNG" bytes -o ntfs/key 32
  [ "$output" = key ]
}

@test "-o stays private where the directory has a default ACL" {
  need setfacl
  mkdir shared
  setfacl -d -m u:12345:rw,g:12345:rw,m:rw,o::r shared 2>/dev/null || skip "no ACLs here"
  run -0 "$CRNG" bytes -o shared/key 32
  [ "$(stat -c %a shared/key)" = 600 ]
  run ! grep -E '(user|group):[0-9].*#effective:[r-][w-]x?$' <(getfacl -en shared/key | grep -v 'effective:---')
}

@test "-o does not put the file of another process into place" {
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
  echo old >file
  export -f temporary
  # shellcheck disable=SC2016
  run -3 --separate-stderr own_mounts bash -c '
    mount -t tmpfs none /proc
    "$1" bytes -o file 100M & name=$(temporary) && kill -STOP $!
    mv "$name" stolen && echo evil >"$name" && kill -CONT $! && wait $!' bash "$CRNG"
  [[ $stderr == "crng bytes: file: another process put another file in its place; "* ]]
  [ "$(cat file)" = old ]
  [ ! -s stolen ]
  run ! compgen -G '.crng-*'
}

@test "-o looks again before the file gets its name: a file system may change its mind" {
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
  echo old >file
  export -f temporary
  # shellcheck disable=SC2016
  run -3 --separate-stderr own_mounts bash -c '
    mount -t tmpfs none /proc
    "$1" bytes -o file 100M & name=$(temporary) && kill -STOP $! && chmod 640 "$name" &&
      kill -CONT $! && wait $!' bash "$CRNG"
  [[ $stderr == "crng bytes: file: not private: this file system gives it mode 0640; "* ]]
  [ "$(cat file)" = old ]
  run ! compgen -G '.crng-*'
}

@test "-o leaves no byte where Landlock forbids to remove, or to shorten, a file" {
  need python3
  echo old >file
  cat >confined.py <<'PY'
import ctypes, os, struct, sys
libc = ctypes.CDLL(None)
handled = struct.pack("Q", int(sys.argv[1], 16))
rules = libc.syscall(444, handled, len(handled), 0)  # landlock_create_ruleset
if rules < 0 or libc.prctl(38, 1, 0, 0, 0) or libc.syscall(446, rules, 0):
    sys.exit(77)
os.execv(sys.argv[2], sys.argv[2:])
PY
  # LANDLOCK_ACCESS_FS_REMOVE_FILE, and the same with LANDLOCK_ACCESS_FS_TRUNCATE.
  for forbidden in 20 4020; do
    python3 confined.py "$forbidden" "$(type -P true)" || skip "no such Landlock here"
    run -3 --separate-stderr python3 confined.py "$forbidden" "$CRNG" bytes -o file 32
    [ -z "$output" ]
    name=$(temporary)
    [[ ${stderr_lines[1]} == "crng bytes: $name: was erased, but cannot be removed: "* ]]
    [ -z "$(tr -d '\0' <"$name")" ]
    [ "$(cat file)" = old ]
    rm "$name"
  done
}

@test "-o names what it cannot remove, and leaves no byte in it" {
  [ "$(id -u)" -eq 0 ] || skip "chattr needs root"
  need chattr
  mkdir log
  echo old >log/file
  chattr +a log 2>/dev/null || skip "no append-only directories here"
  run -3 --separate-stderr "$CRNG" bytes -o log/file 32
  name=$(cd log && ls -d .crng-*)
  size=$(stat -c %s "log/$name")
  chattr -a log
  [ -z "$output" ]
  [ "${stderr_lines[0]}" = "crng bytes: log/file: Operation not permitted" ]
  [ "${stderr_lines[1]}" = "crng bytes: log/$name: was erased, but cannot be removed: Operation not permitted" ]
  [ "$size" -eq 0 ]
  [ "$(cat log/file)" = old ]
}

@test "-o ended by a signal leaves no byte in what it cannot remove" {
  [ "$(id -u)" -eq 0 ] || skip "chattr needs root"
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
  need chattr
  mkdir log
  chattr +a log 2>/dev/null || skip "no append-only directories here"
  export -f temporary
  # The thread that writes may be another than the one that the signal meets.
  # shellcheck disable=SC2016
  run -0 own_mounts bash -c '
    mount -t tmpfs none /proc
    cd log
    for try in {1..20}; do
      "$1" bytes -o file 8G & temporary >/dev/null && kill -TERM $! && kill -TERM $!
      wait $!
      status=$? size=$(stat -c %s .crng-*)
      chattr -a .
      [ "$status $size" = "143 0" ] || exit 1
      rm .crng-* && chattr +a .
    done 2>/dev/null' bash "$CRNG"
  chattr -a log
}

@test "-o under a temporary name leaves nothing behind, whatever signal ends it" {
  sanitized && skip "a sanitizer has handlers of its own"
  need_mounts
  need prlimit
  export -f temporary
  # All but those that stop it, do nothing, cannot be caught or are taken by libc.
  # shellcheck disable=SC2016
  run -0 own_mounts bash -c '
    mount -t tmpfs none /proc
    ulimit -c 0
    for signal in $(seq 64); do
      case $signal in 9 | 1[789] | 2[01238] | 3[234]) continue ;; esac
      env --default-signal "$1" bytes -o big 8G & temporary >/dev/null && kill -$signal $!
      wait $!
      [ $? -eq $((128 + signal)) ] && ! compgen -G ".crng-*" || exit 1
    done 2>/dev/null
    prlimit --fsize=1000 "$1" bytes -o big 1M
    [ $? -eq $((128 + 25)) ]' bash "$CRNG"
  [ -z "$(ls -A)" ]
}

@test "-o refuses a link that leads into procfs, however it gets there" {
  ln -s /dev/fd/1 absolute
  ln -s /proc/self/fd fd
  ln -s fd/1 relative
  ln -s relative again
  ln -s again more
  for name in absolute fd/1 relative again more /dev/fd/1 /dev/stdout /proc/self/fd/1 \
    /proc/version /proc/new; do
    run -3 --separate-stderr sh -c '"$1" bytes -o "$2" 8 >out' sh "$CRNG" "$name"
    [ "$stderr" = "crng bytes: $name: not a regular file; use redirection (> $name)" ]
    [ ! -s out ]
  done
  [ "$(readlink more again relative fd absolute | tr '\n' ' ')" = \
    "again relative fd/1 /proc/self/fd /dev/fd/1 " ]
  # A way through procfs to an ordinary directory is one.
  "$CRNG" bytes -o "/proc/self/cwd/key" 8
  ln -s missing/key nowhere
  "$CRNG" bytes -o nowhere 8
  [ "$(stat -c '%a %s' key nowhere | sort -u)" = "600 8" ]
}

@test "-o refuses a link into procfs also where that is not mounted" {
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
  ln -s /proc/self/fd fd
  ln -s fd/1 relative
  ln -s //proc/self/fd/1 doubled
  ln -s "$(printf '../%.0s' {1..30})proc/./self/fd/1" climbing
  for name in relative doubled climbing /dev/stdout; do
    # shellcheck disable=SC2016
    run -3 --separate-stderr own_mounts sh -c '
      mount -t tmpfs none /proc && "$1" bytes -o "$2" 8' sh "$CRNG" "$name"
    [ "$stderr" = "crng bytes: $name: not a regular file; use redirection (> $name)" ]
  done
  [ -L relative ] && [ -L doubled ] && [ -L climbing ]
}

@test "-o works where /proc is an ordinary directory" {
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
  # shellcheck disable=SC2016
  run -0 --separate-stderr own_mounts sh -c '
    mount -t tmpfs none /proc && mkdir -p /proc/self/fd && echo >/proc/self/fd/4
    for i in 3 4 5 6; do echo other >/proc/self/fd/$i; done
    "$1" bytes -o key 8 && "$1" bytes -o key 9' sh "$CRNG"
  [ "$(stat -c '%a %s' key)" = "600 9" ]
  [ "$(ls -A)" = key ]
}

@test "a standard error whose reader has gone ends nothing" {
  need python3
  run -0 python3 -c '
import os, signal, subprocess, sys
def run(*words):
    r, w = os.pipe()
    os.close(r)
    got = subprocess.run([sys.argv[1], *words], stdout=subprocess.PIPE, stderr=w,
        preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL))
    os.close(w)
    return got.returncode, len(got.stdout)
assert run("bytes", "-p", "700M") == (0, 700 << 20)
assert run("bytes", "x") == (2, 0)
assert run("bytes", "--bogus") == (2, 0)
assert run("chek") == (2, 0)
assert run("wait", "-v") == (0, 0)
assert run("wait", "--", "/nowhere") == (127, 0)
assert run("bytes", "-o", "/nowhere/key", "8") == (3, 0)
' "$CRNG"
}

@test "as the first process of a namespace it ends as it ends elsewhere" {
  need_mounts
  # shellcheck disable=SC2317
  first() { own_mounts -pf --mount-proc -- "$@"; }
  first true 2>/dev/null || skip "no PID namespace to be had here"
  export CRNG
  for ignored in "" "trap '' PIPE;"; do
    export -f own_mounts first
    run -0 bash -c "$ignored"' first "$CRNG" bytes 100M 2>err | head -c 1 >/dev/null
      echo "${PIPESTATUS[0]}"' bash
    [ "$output" = 141 ]
    [ ! -s err ]
  done
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
