#!/usr/bin/env bats
# Every example in README works. What a test must not do to its machine is replaced here: the
# paths of the system, the tools that the examples call, and sizes that take too long.
# shellcheck disable=SC2154

load helper

setup() {
  README=$TOP/README.md
  enter_work
  ROOT=$PWD/root
  mkdir -p "$ROOT/etc/systemd/system" "$ROOT/var/lib/app" "$ROOT/usr/share/doc/crng" bin
  mkdir -p "$ROOT/mnt/image/var/lib"
  ln -s "$CRNG" bin/crng
  fake nginx 'echo "nginx: $*"'
  fake ssh-keygen 'echo "ssh-keygen: $*"'
  fake consumer 'exec cat >/dev/null'
  # The hooks of "After a snapshot or a clone", which hooks.bats runs.
  for hook in host-vsock host-mmds host-qga criu systemctl journalctl; do
    fake "$hook" :
  done
  mkdir "$ROOT/run"
  "$CRNG" bytes -o "$ROOT/run/host-entropy" 32
  fake sudo 'exec env DESTDIR="$ROOT" "$@"'
  cp -r "$TOP/integration" "$ROOT/usr/share/doc/crng/examples"
  export ROOT PATH=$PWD/bin:$PATH
}

# fake NAME SCRIPT: a tool that the examples call.
fake() {
  printf '#!/bin/sh\n%s\n' "$2" >"bin/$1"
  chmod +x "bin/$1"
}

# blocks LANGUAGE: writes each fenced block of the language to a file, and prints their names.
blocks() {
  awk -v lang="$1" '
    /^```/ { file = !file && $0 == "```" lang ? "block-" lang "-" ++n : ""
      if (file) print file
      next }
    file { print >file }' "$README"
}

# here: a filter that leads an example to files of the test's own, and makes it short.
here() {
  sed -E "/--(purge|provision)/! s%\<crng seed\>%& -d $ROOT/var/lib/seedrng%
    s%(^|[ =!])/(etc|mnt|run|var/lib|usr/share/doc)/%\\1$ROOT/\\2/%g; s/\\<([18])G\\>/\\1M/g"
}

# works EXAMPLE: runs a line of shell. One that watches is stopped. Not every machine lets
# every user reseed or load a seed, and a seed in memory earns no credit.
works() {
  local line status=0
  line=$(here <<<"$1")
  [[ $line != *--watch* ]] || line="timeout 1 $line"
  [[ $line != *--purge* || $line == *"--sysroot=$ROOT"* ]] || { echo "this machine: $line" && return 1; }
  sh -eu -c "$line" </dev/null >out 2>err || status=$?
  case "$status $line" in
  "0 "* | "3 "*reseed* | "125 "*reseed*--\ * | [13]" "*seed" -d "*) return ;;
  *--watch*) [ "$status" -lt 124 ] || return 0 ;;
  # Not every machine keeps a journal.
  *--boot=*) [ "$status" -ne 3 ] || return 0 ;;
  esac
  echo "status $status: $line" && cat err
  return 1
}

# all_work: each line of standard input works.
all_work() {
  local line failed=0 count=0
  while IFS= read -r line; do
    [ -n "$line" ] || continue
    count=$((count + 1))
    works "$line" || failed=$((failed + 1))
  done
  echo "$failed of $count failed"
  [ "$failed" -eq 0 ] && [ "$count" -gt 0 ]
}

@test "every block in README is of a kind that is tested" {
  run ! grep -vE '^```(console|dockerfile|ini|sh|yaml)?$' <(grep '^```' "$README")
}

@test "each line of shell in README works" {
  for block in $(blocks sh); do
    # These are run as a whole below.
    grep -qE 'autoreconf|scripts/test|make deb' "$block" || cat "$block"
  done >lines
  all_work <lines
  [ "$(stat -c '%a %s' "$ROOT/etc/app.key")" = "600 32" ]
  [ "$(stat -c '%a %s' "$ROOT/etc/web.key")" = "640 32" ]
  [ "$(stat -c '%a %s' "$ROOT/var/lib/app/app.key")" = "600 32" ]
  [ "$(stat -c '%a %s' "$ROOT/mnt/image/var/lib/seedrng/seed.credit")" = "400 32" ]
  grep -q '^Wants=crng-ready.target$' "$ROOT/etc/systemd/system/ssh.service.d/50-crng.conf"
  [ "$(stat -c %s noise.img)" -eq $((8 << 20)) ]
  grep -q '^crng_ready 1' crng.prom
  grep -q '<svg' boot.svg
}

@test "each command within the text of README works" {
  # Names in capitals stand for something else.
  sed '/^```/,/^```/d' "$README" | tr '\n' ' ' | grep -oE '`(crng|eval) [^`]+`' | tr -d '`' |
    grep -vE '\<(CMD|DIR|COUNT|SET)\>|^crng bytes$' | sort -u >lines
  [ "$(wc -l <lines)" -ge 8 ]
  all_work <lines
}

@test "what README shows of a terminal is what crng prints" {
  # Random digits, and numbers, may differ; a captured tree is always the same.
  same_but_digits() {
    sed -E 's/\<[0-9a-f]{8,}\>/X/g; s/[0-9]+/N/g'
  }
  count=0
  for block in $(blocks console); do
    while IFS= read -r line; do
      if [[ $line == '$ '* ]]; then
        count=$((count + 1))
        (cd "$TOP" && LC_ALL=C.UTF-8 sh -c "${line#\$ }") </dev/null >"printed-$count"
        : >"shown-$count"
      else
        echo "$line" >>"shown-$count"
      fi
    done <"$block"
  done
  [ "$count" -ge 4 ]
  for i in $(seq "$count"); do
    # A command shown without its output, such as a server.
    [ -s "shown-$i" ] || continue
    diff <(same_but_digits <"shown-$i") <(same_but_digits <"printed-$i")
  done
}

@test "systemd accepts the units in README, and what they start works" {
  need systemd-analyze
  units=()
  for block in $(blocks ini); do
    units+=("$(sed -nE '1s%^# /etc/systemd/system/%%p' "$block")")
    sed "s%/usr/bin/crng%$CRNG%; s%/usr/bin/app%$(type -P true)%" "$block" >"${units[-1]}"
  done
  [ "${#units[@]}" -ge 3 ]
  for unit in crng-ready.service crng-ready.target; do
    sed "s%@bindir@/crng%$CRNG%" "$TOP/integration/systemd/$unit"* >"$unit"
  done
  sed -nE 's/^Exec[A-Za-z]+=//p' "${units[@]}" | all_work
  printf '[Service]\nExecStart=%s\n' "$(type -P true)" >trivial.service
  systemd-analyze verify --man=no ./trivial.service >/dev/null 2>&1 ||
    skip "systemd-analyze cannot verify a unit here"
  run -0 systemd-analyze verify --man=no "${units[@]/#/./}"
  [ -z "$output" ]
}

@test "the entry point in README becomes its command" {
  need jq
  block=$(blocks dockerfile)
  mapfile -t words < <(sed -nE 's/^(ENTRYPOINT|CMD) //p' "$block" | jq -r '.[]')
  [ "${#words[@]}" -ge 5 ]
  run -0 "${words[@]}"
  [ "$output" = "nginx: -g daemon off;" ]
}

@test "the health checks in README succeed" {
  need jq
  count=0
  for block in $(blocks yaml); do
    run -0 sed -nE 's/^ *(test|command): (\[.*\])$/\2/p' "$block"
    mapfile -t words < <(jq -r '.[] | select(. != "CMD")' <<<"$output")
    run -0 "${words[@]}"
    count=$((count + 1))
  done
  [ "$count" -ge 2 ]
}

@test "the YAML in README can be read" {
  python3 -c 'import yaml' 2>/dev/null || skip "Python has no module yaml"
  for block in $(blocks yaml); do
    python3 -c 'import sys, yaml; assert yaml.safe_load(sys.stdin)' <"$block"
  done
}

@test "the hooks, units and settings that README names exist" {
  count=0
  for name in $(awk '/^## / { here = /At boot|initramfs|From one boot|After a snapshot/ } here' "$README" |
    grep -oE '`?(crng-[a-z-]+\.(service|target|timer)|CRNG_[A-Z_]+)' | tr -d '`' | sort -u); do
    count=$((count + 1))
    grep -rqE "^$name=" "$TOP/integration" || [ -n "$(compgen -G "$TOP/integration/*/$name*")" ] ||
      { echo "no $name" && return 1; }
  done
  [ "$count" -ge 5 ]
}

@test "the commands that install crng install it" {
  need autoreconf automake make
  sanitized && skip "the test does not depend on the program"
  mkdir tree
  (cd "$TOP" && cp -a src man docs scripts share completions integration tests bench configure.ac \
    Makefile.am ./*.md NEWS LICENSE "$OLDPWD/tree")
  chmod -R u+w tree
  find tree -name '*.o' -delete
  unset MAKEFLAGS MFLAGS MAKELEVEL DESTDIR
  block=$(blocks sh | xargs grep -l autoreconf)
  (cd tree && CFLAGS=-O0 sh -eu "../$block") >log 2>&1 || { cat log && return 1; }
  run -0 "$ROOT/usr/local/bin/crng" check -v
  [ "$output" = ready ]
}

@test "the two commands that try crng do" {
  [ -w "${BUILD:-}/Makefile" ] || skip "BUILD is not a build directory that can be written"
  unset MAKEFLAGS MFLAGS MAKELEVEL
  block=$PWD/$(blocks sh | xargs grep -l scripts/test)
  cd "$TOP" || return
  # scripts/test would run this test.
  sh -n scripts/test
  export CRNG_BUILD=$BUILD
  run -0 --separate-stderr sh -eu -c "$(grep -v scripts/test "$block")"
  [ "${#output}" -eq 64 ]
}

@test "each link between the documents leads to a file" {
  cd "$TOP" || return
  count=0
  for file in ./*.md docs/*.md; do
    while read -r link; do
      count=$((count + 1))
      [ -e "$(dirname "$file")/$link" ] || { echo "$file: $link" && return 1; }
    done < <(grep -oE '\]\([^)#]+\)' "$file" | sed -E 's/^..(.*).$/\1/' | grep -v ://)
  done
  [ "$count" -ge 4 ]
}
