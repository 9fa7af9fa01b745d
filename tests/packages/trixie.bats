#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The packages built in Debian 13, by an ordinary user. Debian 12 is in deb.bats.
# shellcheck disable=SC2154

load ../helper
load ../packages

need_tools() {
  ! sanitized || skip "the test does not depend on the program"
  need_trees
  need dpkg-buildpackage dh
}

setup() {
  need_tools
}

setup_file() {
  can need_tools || return 0
  export TREE=$KEPT/trixie-build
  rm -rf --one-file-system "$TREE"
  # shellcheck disable=SC2046 # names
  make_tree trixie "$TREE" build-essential debhelper lintian $(sed -n '/^Build-Depends:/,/^[^ ]/p' \
    "$TOP/packaging/debian/control" | sed -nE 's/^ ([a-z0-9-]+)[, ].*/\1/p' | grep -vx debhelper-compat)
  need_deb
  mkdir "$TREE/build"
  cp "$BUILD"/deb/crng_*.{dsc,orig.tar.xz,debian.tar.xz} "$TREE/build"
  chown -R 65534:65534 "$TREE/build"
  as_user 'dpkg-source -x crng_*.dsc tree && cd tree && DEB_BUILD_OPTIONS=nocheck dpkg-buildpackage -us -uc' \
    >"$TREE.log" 2>&1 || { tail -n 50 "$TREE.log" && return 1; }
}

teardown_file() {
  [ -z "${TREE:-}" ] || rm -rf --one-file-system "$TREE"
}

# as_user COMMAND: runs it in the directory of the packages.
as_user() {
  in_tree "$TREE" setpriv --reuid=65534 --regid=65534 --clear-groups \
    env HOME=/build sh -ec "cd /build; $1"
}

@test "lintian of Debian 13 has neither an error nor a warning" {
  run -0 --separate-stderr as_user 'lintian -i --fail-on error,warning crng_*.changes'
  [ -z "$output" ]
}

@test "in Debian 13 the units are in /usr/lib, and the package scripts enable the same ones" {
  package=$(echo "$TREE"/build/crng_*.deb)
  run -0 dpkg-deb -c "$package"
  [ "$(grep -c ' ./usr/lib/systemd/system/crng-' <<<"$output")" -eq 6 ]
  run ! grep ' ./lib/' <<<"$output"
  install_in "$TREE" "$package" systemd
  run -0 in_tree "$TREE" systemctl is-enabled crng-ready.target crng-reseed.service
  run in_tree "$TREE" systemctl is-enabled crng-seed.service crng-seed-save.timer
  [ "$(xargs <<<"$output")" = "disabled disabled" ]
  in_tree "$TREE" crng check
  in_tree "$TREE" dpkg --purge crng
  run -0 in_tree "$TREE" find /etc /usr /var -name '*crng*' ! -path '/var/log/*'
  [ -z "$output" ]
}

@test "in Debian 13 both programs are hardened, and crng-static names the libraries in it" {
  for program in crng crng-static; do
    dpkg-deb -x "$(echo "$TREE"/build/"$program"_*.deb)" "$BATS_TEST_TMPDIR/root"
    run -0 readelf -dW "$BATS_TEST_TMPDIR/root/usr/bin/$program"
    has -E 'Flags:.* NOW.*PIE'
  done
  [[ $(dpkg-deb -f "$TREE"/build/crng-static_*.deb Static-Built-Using) =~ ^gcc-[0-9]+\ .*,\ glibc\ .*,\ jansson\ .*,\ libsodium\ .*,\ popt\ [^,]*$ ]]
}
