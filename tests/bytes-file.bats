#!/usr/bin/env bats
# crng bytes -o: private files, replaced atomically, and what can go wrong on the way.
# shellcheck disable=SC2154,SC2030,SC2031

load helper
load bytes

@test "-o writes a complete file of mode 0600, whatever the umask" {
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

@test "-o --force replaces an existing file or a symbolic link, and not the target of the link" {
  echo old >target
  chmod 644 target
  ln target hard
  ln -s target link
  ln -s nowhere dangling
  "$CRNG" bytes --force -o link 8
  "$CRNG" bytes --force -o dangling 8
  [ ! -L link ]
  [ ! -L dangling ]
  [ ! -e nowhere ]
  [ "$(cat target)" = old ]
  "$CRNG" bytes -o target 8 --force
  [ "$(stat -c '%a %s' target)" = "600 8" ]
  [ "$(cat hard)" = old ]
  [ "$(ls -A | wc -l)" -eq 4 ]
}

# snapshot: what is in this directory.
snapshot() {
  ls -Ali --time-style=full-iso
  cat ./* 2>/dev/null || true
}

# refused FILE CMD…: CMD says that FILE exists, and leaves everything here as it was.
refused() {
  local before
  before=$(snapshot)
  run -3 --separate-stderr "${@:2}"
  [ -z "$output" ]
  [ "$stderr" = "crng bytes: $1: already exists; use --force to replace it" ]
  [ "$(snapshot)" = "$before" ]
}

@test "-o refuses to replace an existing file or link, and changes nothing" {
  echo old >key
  : >empty
  ln -s key link
  ln -s nowhere dangling
  ln -s loop loop
  for name in key ./key empty link dangling loop; do
    refused "$name" "$CRNG" bytes -o "$name" 8
    refused "$name" "$CRNG" bytes --mode=0640 --hex -o "$name" 8
  done
}

@test "-o finds an existing file before it waits for the RNG or takes bytes from it" {
  need_fakeboot
  echo old >key
  refused key fakeboot -- "$CRNG" bytes -o key 8
  run ! grep -E 'event=call .*len=[1-9][0-9]* flags=0' "$FAKEBOOT_LOG"
  run ! grep event=block "$FAKEBOOT_LOG"
}

@test "-o does not replace a file that appears while it waits" {
  need_fakeboot
  fakeboot -- "$CRNG" bytes -o key 8 2>err &
  wait_for_event block
  echo other >key
  become_ready
  status=0
  wait $! || status=$?
  [ "$status" -eq 3 ]
  [ "$(cat err)" = "crng bytes: key: already exists; use --force to replace it" ]
  [ "$(cat key)" = other ]
  [ "$(ls -A)" = $'err\nkey' ]
}

@test "-o refuses directories, devices and pipes" {
  mkdir directory
  mkfifo pipe
  run -3 --separate-stderr "$CRNG" bytes -o directory 8
  [ "$stderr" = "crng bytes: directory: Is a directory" ]
  [ -z "$output" ]
  run -3 --separate-stderr "$CRNG" bytes -o directory/ 8
  for name in pipe /dev/null /dev/full /dev/stdout /proc/self/fd/1; do
    for force in "" --force; do
      run -3 --separate-stderr "$CRNG" bytes $force -o "$name" 8
      [ "$stderr" = "crng bytes: $name: not a regular file; use redirection (> $name)" ]
      [ -z "$output" ]
    done
  done
  [ -p pipe ]
  [ -c /dev/null ]
  [ -L /dev/stdout ]
}

@test "-o - is standard output, ./- is a file, and an empty name is a usage error" {
  cd "$BATS_TEST_TMPDIR" || return
  [ "$("$CRNG" bytes -o - 1000 | wc -c)" -eq 1000 ]
  run -0 --separate-stderr "$CRNG" bytes -o key -o - --hex 4
  [ "${#output}" -eq 8 ]
  run ! ls key -
  run -0 --separate-stderr "$CRNG" bytes -o ./- 8
  [ "$(stat -c %s ./-)" -eq 8 ]
  [ -z "$output" ]
  usage_error 2 "--output '': the file name is empty" "$CRNG" bytes -o '' 8
}

@test "-o into a missing or read-only directory fails with the reason and makes no file" {
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
  run -3 --separate-stderr own_mounts sh -c '
    mount -t tmpfs -o ro none locked && "$1" bytes -o locked/file 8' sh "$CRNG"
  [ "$stderr" = "crng bytes: locked/file: Read-only file system" ]
  [ -z "$output" ]
}

@test "-o on a full file system fails with the reason, keeps the old file and leaves no other" {
  need_mounts
  mkdir small
  run -0 --separate-stderr own_mounts sh -c '
    mount -t tmpfs -o size=64k none small && echo old >small/file
    "$1" bytes --force -o small/file 1M; test $? -eq 3 || exit 1
    cat small/file; ls -A small | wc -l' sh "$CRNG"
  [ "$output" = $'old\n1' ]
  [ "$stderr" = "crng bytes: small/file: No space left on device" ]
}

# temporary: waits until a crng writes here under a temporary name, and prints that name.
temporary() {
  until compgen -G '.crng-*'; do sleep 0.01; done
}

# writing PID: the process has a file here open.
writing() {
  find "/proc/$1/fd" -lname "$PWD/*" 2>/dev/null | grep -q .
}

@test "-o that is killed half-way leaves the old file as it was, and no other" {
  echo old >file
  "$CRNG" bytes --force -o file 8G &
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
  run -0 --separate-stderr own_mounts bash -c '
    mount -t tmpfs none /proc
    umask 0 && "$1" bytes -o file 8 && stat -c "%a %s" file
    "$1" bytes -o big 8G & temporary >/dev/null && kill -TERM $!; wait $!
    echo $?; ls -A' bash "$CRNG"
  [ "$output" = $'600 8\n143\nfile' ]
}

# on_bindfs OPTION… -- CMD: runs CMD as root, where "view" shows the directory "source" as
# the options of bindfs say. FUSE learns only later that an open file is closed, and
# removes it then.
on_bindfs() {
  local options=()
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  mkdir -p source view
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
  # A file that becomes private later is no better: another process may have opened it.
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
  run -3 on_bindfs --perms=a+rX -- "$CRNG" bytes --force -o view/key 32
  [ "$(cat source/key)" = old ]
}

@test "-o accepts a file that is private, whatever chmod returns" {
  need_bindfs
  for options in "" --chmod-deny --chmod-ignore "--chmod-deny --perms=0700"; do
    echo old >source/key
    # shellcheck disable=SC2086
    run -0 --separate-stderr on_bindfs $options -- "$CRNG" bytes --force -o view/key 32
    [ -z "$stderr" ]
    [ "$(stat -c '%a %s' source/key)" = "600 32" ]
    [ "$(ls -A source)" = key ]
  done
}

@test "-o on NTFS works where the mount makes files private, and is refused otherwise" {
  [ "$(id -u)" -eq 0 ] || skip "only root may mount it"
  need_mounts
  need ntfs-3g mkntfs
  mkdir ntfs
  truncate -s 10M image
  mkntfs -F -Q -q image
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
  setfacl -d -m u:12345:rw,g:12345:rw,m:rw,o::r shared 2>/dev/null || skip "this file system has no ACLs"
  run -0 "$CRNG" bytes -o shared/key 32
  [ "$(stat -c %a shared/key)" = 600 ]
  run ! grep -E '(user|group):[0-9].*#effective:[r-][w-]x?$' <(getfacl -en shared/key | grep -v 'effective:---')
}

# meanwhile COMMANDS: replaces "file" without procfs, and so by way of a temporary name; runs
# the COMMANDS, to which this is $name, while that is stopped halfway. Its status is returned.
meanwhile() {
  echo old >file
  export -f temporary
  own_mounts bash -c '
    mount -t tmpfs none /proc
    "$1" bytes --force -o file 100M & name=$(temporary) && kill -STOP $! && eval "$2" &&
      kill -CONT $! && wait $!' bash "$CRNG" "$1"
}

@test "-o does not put the file of another process in place" {
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
  run -3 --separate-stderr meanwhile 'mv "$name" stolen && echo evil >"$name"'
  [[ $stderr == "crng bytes: file: another process put a different file in its place; "* ]]
  [ "$(cat file)" = old ]
  [ ! -s stolen ]
  run ! compgen -G '.crng-*'
}

@test "-o checks the mode again before the file gets its name, since it may have changed" {
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
  run -3 --separate-stderr meanwhile 'chmod 640 "$name"'
  [[ $stderr == "crng bytes: file: not private: this file system gives it mode 0640; "* ]]
  [ "$(cat file)" = old ]
  run ! compgen -G '.crng-*'
}

@test "-o leaves no byte behind where Landlock forbids removing or truncating files" {
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
    python3 confined.py "$forbidden" "$(type -P true)" || skip "this kernel has no such Landlock"
    run -3 --separate-stderr python3 confined.py "$forbidden" "$CRNG" bytes --force -o file 32
    [ -z "$output" ]
    name=$(temporary)
    [[ ${stderr_lines[1]} == "crng bytes: $name: was erased, but cannot be removed: "* ]]
    [ -z "$(tr -d '\0' <"$name")" ]
    [ "$(cat file)" = old ]
    rm "$name"
  done
}

@test "-o names the file that it cannot remove, and leaves no byte in it" {
  [ "$(id -u)" -eq 0 ] || skip "chattr needs root"
  need chattr
  mkdir log
  echo old >log/file
  chattr +a log 2>/dev/null || skip "this file system has no append-only directories"
  run -3 --separate-stderr "$CRNG" bytes --force -o log/file 32
  name=$(cd log && ls -d .crng-*)
  size=$(stat -c %s "log/$name")
  chattr -a log
  [ -z "$output" ]
  [ "${stderr_lines[0]}" = "crng bytes: log/file: Operation not permitted" ]
  [ "${stderr_lines[1]}" = "crng bytes: log/$name: was erased, but cannot be removed: Operation not permitted" ]
  [ "$size" -eq 0 ]
  [ "$(cat log/file)" = old ]
}

@test "-o ended by a signal leaves no byte in the file that it cannot remove" {
  [ "$(id -u)" -eq 0 ] || skip "chattr needs root"
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
  need chattr
  mkdir log
  chattr +a log 2>/dev/null || skip "this file system has no append-only directories"
  export -f temporary
  # The signal may reach another thread than the one that writes.
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
  # All signals but those that stop it, do nothing, cannot be caught or belong to libc.
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
  # A path through procfs to an ordinary directory is accepted.
  "$CRNG" bytes -o "/proc/self/cwd/key" 8
  ln -s missing/key nowhere
  "$CRNG" bytes --force -o nowhere 8
  [ "$(stat -c '%a %s' key nowhere | sort -u)" = "600 8" ]
}

@test "-o refuses a link into procfs even where that is not mounted" {
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
  ln -s /proc/self/fd fd
  ln -s fd/1 relative
  ln -s //proc/self/fd/1 doubled
  ln -s "$(printf '../%.0s' {1..30})proc/./self/fd/1" climbing
  for name in relative doubled climbing /dev/stdout; do
    run -3 --separate-stderr own_mounts sh -c '
      mount -t tmpfs none /proc && "$1" bytes -o "$2" 8' sh "$CRNG" "$name"
    [ "$stderr" = "crng bytes: $name: not a regular file; use redirection (> $name)" ]
  done
  [ -L relative ] && [ -L doubled ] && [ -L climbing ]
}

@test "-o works where /proc is an ordinary directory" {
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
  run -0 --separate-stderr own_mounts sh -c '
    mount -t tmpfs none /proc && mkdir -p /proc/self/fd && echo >/proc/self/fd/4
    for i in 3 4 5 6; do echo other >/proc/self/fd/$i; done
    "$1" bytes -o key 8 && "$1" bytes --force -o key 9' sh "$CRNG"
  [ "$(stat -c '%a %s' key)" = "600 9" ]
  [ "$(ls -A)" = key ]
}

@test "-o works in a directory that may be written but not read" {
  [ "$(id -u)" -ne 0 ] || skip "root may read it"
  mkdir -m 333 drop
  run -0 --separate-stderr "$CRNG" bytes -o drop/file 8
  [ "$(stat -c '%a %s' drop/file)" = "600 8" ]
  chmod 700 drop
}

@test "-o keeps its file when a signal ends only the waiting child" {
  need_fakeboot
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
  fakeboot -- "${UNSHARE[@]}" -m sh -c 'mount -t tmpfs none /proc && exec "$1" bytes -o file 8' \
    sh "$CRNG" &
  wait_for_event block
  first=$(blocked_child)
  compgen -G '.crng-*'
  kill -TERM "$first"
  for _ in {1..500}; do
    [ "$(blocked_child)" = "$first" ] || break
    sleep 0.01
  done
  [ "$(blocked_child)" != "$first" ]
  compgen -G '.crng-*'
  kill -TERM "$(waiter)"
  run -0 tail --pid=$! -f /dev/null
  [ -z "$(ls -A)" ]
}

@test "--mode is the mode of the file, whatever the umask" {
  for mode in 600 0640 0444 660 0755 0700 0400 0 777; do
    for mask in 000 022 077 777; do
      (umask "$mask" && "$CRNG" bytes --mode="$mode" -o key 16)
      [ "$(stat -c '%a %s %h' key)" = "$((10#$mode)) 16 1" ]
      rm -f key
    done
  done
  "$CRNG" bytes -o key 8 --mode 0644
  "$CRNG" bytes --force -o key 8
  [ "$(stat -c %a key)" = 600 ]
}

@test "--mode takes octal modes of at most 0777, and needs --output" {
  for mode in "" 8 0648 1640 4755 01000 u=r g+r rw-r----- -640 +640 0x1ff " 640" \
    777777777777777777777777; do
    usage_error 2 "--mode '$mode': not an octal mode of at most 0777, such as 0640" \
      "$CRNG" bytes "--mode=$mode" -o key 8
  done
  usage_error 2 "--mode needs --output" "$CRNG" bytes --mode=0640 --hex 8
  usage_error 2 "--mode needs --output" "$CRNG" bytes --mode=0640 -o - --hex 8
  [ -z "$(ls -A)" ]
}

@test "--mode is never exceeded, not for an instant, and given only to the whole file" {
  need strace
  for mode in 0640 0444 0400; do
    traced trace "$CRNG" bytes --mode=$mode -o "key$mode" 16
    grep -nE 'openat\(.*(O_TMPFILE|O_CREAT)|fchmod|write\([0-9]+, .*= 16$|linkat' trace |
      sed -E 's/^[^ ]* +//' >order
    grep -qE "^openat.*, 0[64]00\) " order
    # It belongs to its owner alone until all its bytes are in it.
    [ "$(grep -nE "fchmod\([0-9]+, $mode\)" order | cut -d: -f1 | tail -n 1)" -ge \
      "$(grep -n write order | cut -d: -f1)" ] || [ "$mode" = 0400 ]
    run ! grep -E 'openat.*, 0[0-7][1-7]' order
  done
}

@test "--mode lets in nobody else where the directory has a default ACL" {
  need setfacl
  mkdir shared
  setfacl -d -m u:12345:rw,g:12345:rw,m:rwx,o::rwx shared 2>/dev/null || skip "this file system has no ACLs"
  run -0 "$CRNG" bytes --mode=0640 -o shared/key 32
  [ "$(stat -c %a shared/key)" = 640 ]
  run ! grep -E '^(user|group):[0-9]' <(getfacl -n shared/key)
}

@test "--mode on a file system that gives less, or more, is an error" {
  need_bindfs
  for options in "--chmod-deny" "--chmod-ignore" "--perms=go-rwx"; do
    run -3 --separate-stderr on_bindfs "$options" -- "$CRNG" bytes --mode=0640 -o view/key 32
    [ -z "$output" ]
    [ "$stderr" = "crng bytes: view/key: this file system gives it mode 0600 instead of 0640; use another directory" ]
    [ -z "$(ls -A source)" ]
  done
  run -3 --separate-stderr on_bindfs --perms=a+r -- "$CRNG" bytes --mode=0640 -o view/key 32
  [[ $stderr == "crng bytes: view/key: not private: this file system gives it mode 0644; "* ]]
  [ -z "$(ls -A source)" ]
  run -0 on_bindfs --perms=g+r -- "$CRNG" bytes --mode=0640 -o view/key 32
}

# unnamed SYSCALLS CMD…: runs CMD without procfs, so that it uses a temporary name, and
# with these system calls failing as strace's inject= says.
unnamed() {
  local faults=() fault
  for fault in $1; do faults+=(-e "inject=$fault"); done
  own_mounts bash -c 'mount -t tmpfs none /proc && exec "$@"' bash \
    strace -f -qq -o trace -e trace=renameat2,linkat,unlinkat "${faults[@]}" "${@:2}"
}

@test "-o under a temporary name replaces nothing either, on any file system" {
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
  need strace
  # As on NFS and on FUSE, where a hard link takes the place of renameat2, and as before
  # Linux 3.15.
  for fault in "" renameat2:error=EINVAL renameat2:error=ENOSYS; do
    unnamed "$fault" "$CRNG" bytes -o key 8
    [ "$(stat -c '%a %s %h' key)" = "600 8 1" ]
    [ "$(ls -A)" = $'key\ntrace' ]
    rm key
  done
  grep -q 'linkat.*"key"' trace
  # The file appears after the first look.
  export -f temporary
  for fault in "" renameat2:error=EINVAL; do
    run -3 --separate-stderr unnamed "$fault" bash -c '
      "$1" bytes -o key 100M & name=$(temporary) && kill -STOP $! && echo other >key &&
        kill -CONT $! && wait $!' bash "$CRNG"
    [ "$stderr" = "crng bytes: key: already exists; use --force to replace it" ]
    [ "$(cat key)" = other ]
    [ "$(ls -A)" = $'key\ntrace' ]
    rm key
  done
  # A signal between the two steps leaves one name.
  run -143 unnamed "renameat2:error=EINVAL linkat:signal=TERM" "$CRNG" bytes -o key 8
  [ "$(stat -c '%a %s %h' key)" = "600 8 1" ]
  [ "$(ls -A)" = $'key\ntrace' ]
  rm key
  # Where the file system has neither, nothing is risked.
  run -3 --separate-stderr unnamed "renameat2:error=EINVAL linkat:error=EPERM" "$CRNG" bytes -o key 8
  [ "$stderr" = "crng bytes: key: on this file system, crng could replace a file that appears in the meantime; use --force, or another directory" ]
  [ "$(ls -A)" = trace ]
  unnamed "renameat2:error=EINVAL linkat:error=EPERM" "$CRNG" bytes --force -o key 8
  [ "$(stat -c '%a %s %h' key)" = "600 8 1" ]
}
