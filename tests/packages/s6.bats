#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The source directories of s6-rc, with the s6 of Debian. Debian has no s6-rc: S6_RC is a
# directory with the sources of s6 2.11.3.2 in s6/ and those of s6-rc 0.5.4.1 in s6-rc/.
# shellcheck disable=SC2030,SC2031,SC2154

load ../helper
load ../packages
load ../init

setup_file() {
  init_tree s6 execline
  can need_trees || return 0
  mkdir "$TREE/etc/source"
  cp -r "$TOP"/integration/s6/* "$TREE/etc/source"
  [ -n "${S6_RC:-}" ] || return 0
  install_in "$TREE" gcc libc6-dev make skalibs-dev libexecline-dev >"$TREE.log" 2>&1
  cp -r "$S6_RC/s6" "$S6_RC/s6-rc" "$TREE/usr/src"
  in_tree "$TREE" sh -ec 'for name in s6 s6-rc; do
      cd /usr/src/$name
      ./configure --enable-shared=no --with-sysdeps=/usr/lib/*/skalibs/sysdeps
      make -j2
      make install
    done' >"$TREE.log" 2>&1
  printf '%s\n' keys early | put 644 /etc/source/default/contents
  echo bundle | put 644 /etc/source/default/type
  for service in keys early; do
    echo oneshot | put 644 /etc/source/$service/type
    echo "sh -c \"if crng check; then echo $service ready; else echo $service unready; fi\"" |
      put 644 /etc/source/$service/up
  done
  echo crng | put 644 /etc/source/keys/dependencies
  put 755 /boot.sh <<'END'
#!/bin/sh -e
rm -rf /etc/compiled
s6-rc-compile /etc/compiled /etc/source
mkdir /run/service
s6-svscan /run/service &
until s6-svscanctl -z /run/service 2>/dev/null; do sleep 0.1; done
s6-rc-init -c /etc/compiled /run/service
status=0
s6-rc -v2 -u change default || status=$?
echo "s6-rc: $status"
s6-rc -a list
END
}

setup() {
  need_init
}

# up NAME OPTION…: runs the script up of the service as s6-rc does, under fakeboot with
# these options.
up() {
  local name=$1
  shift
  booted "$@" -- execlineb -P "/etc/source/$name/up"
}

@test "the service of s6-rc is up once the RNG is ready" {
  run -0 up crng --ready-on block+1s
  [ -z "$output" ]
}

@test "the service of s6-rc fails without a ready RNG, and shows the status" {
  sed -i 's/-t 5m/-t 2s/' "$TREE/etc/source/crng/up"
  run -1 up crng
  has -F 'crng wait: timed out'
  has -F 'Boot timeline'
  cp "$TOP/integration/s6/crng/up" "$TREE/etc/source/crng/up"
}

@test "the seed service accepts exit status 1 as a success, but no other failure" {
  for script in up down; do
    for row in '0 0' '1 0' '3 1'; do
      printf '#!/bin/sh\necho "$*"\nexit %s\n' "${row% *}" | put 755 /usr/local/bin/crng
      run "-${row#* }" in_tree "$TREE" execlineb -P "/etc/source/crng-seed/$script"
      [[ $script == up && $output == seed || $script == down && $output == "seed --save" ]]
    done
  done
  rm "$TREE/usr/local/bin/crng"
}

@test "s6-rc starts a service that depends on crng once the RNG is ready, and the others at once" {
  [ -n "${S6_RC:-}" ] || skip "S6_RC does not say where the sources of s6-rc are"
  run -0 booted_until "early unready" "" -- /boot.sh
  in_order "early unready" "keys ready" "s6-rc: 0"
  sed -i 's/-t 5m/-t 2s/' "$TREE/etc/source/crng/up"
  run -0 booted -- /boot.sh
  in_order "early unready" "s6-rc: warning: unable to start service crng" "s6-rc: 1" early
  [[ $output != *"keys "* ]]
}
