#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The packages of Debian in bare trees of Debian 12 and 13, each built in a tree of the same
# release: autopkgtest, then install, use, upgrade, remove and purge, without and with systemd.
# shellcheck disable=SC2154,SC2016

load ../helper
load ../packages

RELEASES="bookworm trixie"

need_tools() {
  need_trees
  need autopkgtest dpkg-deb dpkg-source
}

setup() {
  need_tools
}

setup_file() {
  local built
  can need_tools || return 0
  need_tarball "$BATS_FILE_TMPDIR"
  for release in $RELEASES; do
    built=$KEPT/built-$release
    cmp -s "$TARBALL" "$built/sources" ||
      build_in "$built" "$release" >"$BATS_FILE_TMPDIR/log" 2>&1 ||
      { tail -n 50 "$BATS_FILE_TMPDIR/log" && return 1; }
  done
}

# build_in DIRECTORY RELEASE: builds the packages in a tree of the release, as an ordinary
# user, into DIRECTORY, and makes packages of a lower version in DIRECTORY/old. It skips
# the suites that a build runs, because deb.bats runs them.
build_in() {
  local tree=$BATS_FILE_TMPDIR/tree package paths=systemd-dev
  [ "$2" != bookworm ] || paths=systemd
  make_tree "$2" "$tree" build-essential debhelper libjansson-dev libpopt-dev libsodium-dev \
    pkgconf "$paths" xz-utils || return
  mkdir "$tree/home/build"
  cp "$TARBALL" "$tree/home/build"
  tar -C "$tree/home/build" -xf "$TARBALL"
  chown -R nobody:nogroup "$tree/home/build"
  in_tree "$tree" setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME=/home/build \
    DEB_BUILD_OPTIONS=nocheck DEB_BUILD_PROFILES=nocheck \
    sh -ec 'cd /home/build; crng-*/scripts/deb crng-*.tar.xz' || return
  rm -rf "$1"
  mkdir -p "$1/old" "$1/source"
  cp "$tree"/home/build/deb/crng{,-static}_*.deb "$1"
  dpkg-source --no-check -x "$tree"/home/build/deb/*.dsc "$1/source/crng" || return
  rm -rf "$tree"
  for package in "$1"/*.deb; do
    dpkg-deb -R "$package" "$1/root" || return
    sed -i 's/^Version: .*/Version: 0.1.9-1/' "$1/root/DEBIAN/control"
    dpkg-deb --root-owner-group -b "$1/root" "$1/old/${package##*/}" || return
    rm -r "$1/root"
  done
  cp "$TARBALL" "$1/sources"
}

# each_release FUNCTION: calls it with $release and $tree, the name of a new tree.
each_release() {
  for release in $RELEASES; do
    tree=$BATS_TEST_TMPDIR/$release packages=$KEPT/built-$release
    echo "Debian $release"
    "$1"
    rm -rf "$tree"
  done
}

# contents: lists everything in the tree, except the logs, lists, caches and state files
# of apt, dpkg and ldconfig.
contents() {
  files_of "$tree" | grep -vE ' \./(var/log/(apt/|dpkg\.log|alternatives\.log)|var/lib/apt/|var/cache/(apt/|ldconfig/|debconf/)|var/lib/dpkg/((status|available|diversions|statoverride|lock|lock-frontend)(-old)?|triggers/.*)( |$)|etc/ld\.so\.cache |var/lib/systemd/catalog/database )'
}

# apt WORD…: runs apt-get in the tree.
apt() {
  in_tree "$tree" env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends "$@"
}

# with_mounts CMD…: runs CMD on this machine, with /proc, /dev and so on in the tree.
with_mounts() {
  unshare -m -p -f --kill-child --propagation private \
    sh -euc "${MOUNTS%  exec env*}  cd / && mount -t proc proc /proc && exec env -u TMPDIR \"\$@\"" sh "$tree" "" "$@"
}

@test "autopkgtest of the packages passes in a bare tree" {
  tested() {
    make_tree "$release" "$tree"
    run -0 with_mounts autopkgtest --setup-commands 'apt-get -q update' -B "$packages"/*.deb "$packages/source/crng/" -- chroot "$tree"
    has -E '^smoke +PASS \(superficial\)'
    has -E '^units +PASS'
  }
  each_release tested
}

@test "apt installs the packages, crng works, and after a purge nothing is left" {
  round() {
    make_tree "$release" "$tree"
    before=$(contents)
    install_in "$tree" "$packages"/*.deb
    run -0 in_tree "$tree" sh -ec 'crng check -v; crng bytes --hex 16; crng wait -t 60; crng-static check -v; crng status'
    [ "$(grep -cx ready <<<"$output")" -eq 2 ]
    has -E '^[0-9a-f]{32}$'
    run -0 apt purge --autoremove crng crng-static
    diff <(echo "$before") <(contents)
  }
  each_release round
}

# units_are ENABLED…: succeeds if exactly these units of crng are enabled in the tree.
units_are() {
  local unit
  [ "$(for unit in crng-ready.target crng-reseed.service crng-seed.service crng-seed-save.timer; do
    [ "$(in_tree "$tree" systemctl is-enabled "$unit" 2>/dev/null)" != enabled ] || echo "$unit"
  done | xargs)" = "$*" ]
}

seeds() {
  (cd "$tree/var/lib" && find . -path './seedrng*' | sort | xargs)
}

@test "with systemd: upgrades leave the administrator's choice alone, and removal keeps seeds and settings" {
  life() {
    make_tree "$release" "$tree" systemd
    before=$(contents)
    etc=$(cd "$tree/etc/systemd" && find . | sort)
    install_in "$tree" "$packages"/old/*.deb
    run -0 in_tree "$tree" dpkg-query -W -f '${Version}\n' crng
    [ "$output" = 0.1.9-1 ]
    units_are crng-ready.target crng-reseed.service
    in_tree "$tree" systemctl -q disable crng-reseed.service
    in_tree "$tree" systemctl -q enable crng-seed.service
    mkdir -m 700 "$tree/var/lib/seedrng"
    for file in seed.credit seed.no-credit seed.machine seed.new seed.machine.new; do
      (umask 077 && echo secret >"$tree/var/lib/seedrng/$file")
    done
    all=$(seeds)
    install_in "$tree" "$packages"/*.deb
    run -0 in_tree "$tree" dpkg-query -W -f '${Version}\n' crng
    [ "$output" != 0.1.9-1 ]
    units_are crng-ready.target crng-seed.service crng-seed-save.timer
    [ "$(seeds)" = "$all" ]
    run -0 in_tree "$tree" sh -c 'crng check -v && systemd-analyze --man=no verify crng-ready.target'
    has -E '^ready$'

    run -0 apt remove --autoremove crng crng-static
    [ "$(seeds)" = "$all" ]
    conffiles=$(in_tree "$tree" dpkg-query -W -f '${Conffiles}\n' crng | awk 'NF { print $1 }')
    for file in $conffiles; do
      [ -f "$tree$file" ] || fail "$file"
    done
    [ ! -e "$tree/usr/bin/crng" ]

    # Seeds with names that are not ours stay, and so does their directory.
    echo mine >"$tree/var/lib/seedrng/seed.other"
    run -0 apt purge crng crng-static
    [ "$(seeds)" = "./seedrng ./seedrng/seed.other" ]
    rm -r "$tree/var/lib/seedrng"
    diff <(echo "$etc") <(cd "$tree/etc/systemd" && find . | sort)
    diff <(echo "$before") <(contents)
  }
  each_release life
}

@test "with systemd: a purge of the installed packages leaves nothing, not even the seeds" {
  purged() {
    make_tree "$release" "$tree" systemd
    before=$(contents)
    install_in "$tree" "$packages"/*.deb
    in_tree "$tree" systemctl -q enable crng-seed.service
    mkdir -m 700 "$tree/var/lib/seedrng"
    echo secret >"$tree/var/lib/seedrng/seed.credit"
    run -0 apt purge --autoremove crng crng-static
    diff <(echo "$before") <(contents)
  }
  each_release purged
}
