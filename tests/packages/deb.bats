#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The Debian packages that "make deb" builds.
# shellcheck disable=SC2030,SC2031,SC2154

load ../helper
load ../packages

setup() {
  sanitized && skip "the test does not depend on the program"
  need_deb
}

# control FIELD PACKAGE
control() {
  dpkg-deb -f "$2" "$1"
}

# files PACKAGE: "MODE OWNER PATH" of each file, without the directories.
files() {
  dpkg-deb -c "$1" | awk '$1 !~ /^d/ { print $1, $2, substr($6, 2) }'
}

@test "make deb leaves the packages, their symbols and the sources in deb/" {
  run -0 ls "$BUILD/deb"
  version=$(control Version "$DEB") arch=$(control Architecture "$DEB")
  diff <(sort <<<"$output") <(sort <<END
crng_$version.debian.tar.xz
crng_$version.dsc
crng_${version}_$arch.buildinfo
crng_${version}_$arch.changes
crng_${version}_$arch.deb
crng-dbgsym_${version}_$arch.deb
crng_${version%-*}.orig.tar.xz
crng-static_${version}_$arch.deb
crng-static-dbgsym_${version}_$arch.deb
END
  )
}

@test "the packages, the program and configure.ac have one version" {
  version=$(sed -nE 's/^AC_INIT\(\[crng\], \[(.*)\]\)/\1/p' "$TOP/configure.ac")
  [[ $(control Version "$DEB") =~ ^"$version"-[0-9]+$ ]]
  [ "$(control Version "$DEB_STATIC")" = "$(control Version "$DEB")" ]
  for package in "$DEB" "$DEB_STATIC"; do
    dpkg-deb -x "$package" "$BATS_TEST_TMPDIR/root"
  done
  for program in crng crng-static crng-capture; do
    [[ $("$BATS_TEST_TMPDIR/root/usr/bin/$program" --version) =~ ^(crng|$program)\ "$version"$ ]]
  done
}

@test "lintian has neither an error nor a warning, for the sources and the packages" {
  need lintian
  # lintian exits 2 if it finds one.
  run -0 --separate-stderr lintian -i --fail-on error,warning "$BUILD"/deb/crng_*.changes
  [ -z "$output" ]
}

@test "crng has each file in its place, with its mode" {
  units=$(pkg-config --variable=systemdsystemunitdir systemd)
  files "$DEB" >"$BATS_TEST_TMPDIR/files"
  # dh_compress compresses documents by their size, so they count by their names alone.
  diff <(grep -v ' /usr/share/doc/crng/examples/' "$BATS_TEST_TMPDIR/files" |
    sed '/ \/usr\/share\/doc\//s/\.gz$//' | sort) \
    <({
      printf -- '-rwxr-xr-x root/root %s\n' /usr/bin/crng /usr/bin/crng-capture \
        /usr/lib/dracut/modules.d/50crng/{crng-gather,crng-seed,module-setup}.sh \
        /usr/share/initramfs-tools/{hooks,scripts/init-top,scripts/init-bottom}/crng
      (cd "$TOP/man" && for page in *.[178]; do
        echo "-rw-r--r-- root/root /usr/share/man/man${page##*.}/$page.gz"
      done)
      printf -- 'lrwxrwxrwx root/root /usr/share/man/man8/%s.8.gz\n' crng-ready.target \
        crng-reseed.service crng-seed-save.service crng-seed-save.timer \
        prometheus-node-exporter-crng.timer
      (cd "$TOP/share" && printf -- '-rw-r--r-- root/root /usr/share/crng/%s\n' *)
      printf -- '-rw-r--r-- root/root %s\n' /etc/initramfs-tools/conf.d/crng \
        "$units"/crng-{ready.service,ready.target,reseed.service} \
        "$units"/crng-{seed.service,seed-save.service,seed-save.timer} \
        "$units"/prometheus-node-exporter-crng.{service,timer} \
        /usr/share/bash-completion/completions/crng \
        /usr/share/fish/vendor_completions.d/crng.fish \
        /usr/share/zsh/vendor-completions/_crng \
        /usr/share/doc/crng/{NEWS,README.md,SECURITY.md,changelog.Debian,copyright} \
        /usr/share/doc/crng/{boot.md,fleet.md,performance.md} /usr/share/lintian/overrides/crng
    } | sort)
  for example in clone/host-vsock systemd/drop-ins/ssh.service.d/50-crng.conf; do
    grep -q " root/root /usr/share/doc/crng/examples/$example$" "$BATS_TEST_TMPDIR/files"
  done
  dpkg-deb -x "$DEB" "$BATS_TEST_TMPDIR/root"
  [ "$(grep -hc /usr/bin/crng "$BATS_TEST_TMPDIR/root$units"/crng-*.service | paste -sd +)" = 2+2+1+2 ]
}

@test "the package crng updates the initramfs, and an upgrade keeps its settings" {
  dpkg-deb -e "$DEB" "$BATS_TEST_TMPDIR/control"
  grep -qx 'activate-noawait update-initramfs' "$BATS_TEST_TMPDIR/control/triggers"
  [ "$(cat "$BATS_TEST_TMPDIR/control/conffiles")" = /etc/initramfs-tools/conf.d/crng ]
}

@test "crng needs four libraries, and nothing else" {
  [ "$(control Depends "$DEB" | tr -d ' ' | sed 's/([^)]*)//g')" = libc6,libjansson4,libpopt0,libsodium23 ]
  for field in Pre-Depends Recommends; do
    [ -z "$(control $field "$DEB")" ]
  done
  dpkg-deb -x "$DEB" "$BATS_TEST_TMPDIR/root"
  run -0 readelf -dW "$BATS_TEST_TMPDIR/root/usr/bin/crng"
  has -E 'Flags:.* NOW.*PIE'
  [ "$(sed -n 's/.*(NEEDED).*\[\(.*\)\.so.*/\1/p' <<<"$output" | sort | xargs)" = "libc libjansson libpopt libsodium" ]
}

@test "crng-static is one program that needs nothing, and names the libraries in it" {
  diff <(files "$DEB_STATIC" | sort) - <<END
-rw-r--r-- root/root /usr/share/doc/crng-static/changelog.Debian.gz
-rw-r--r-- root/root /usr/share/doc/crng-static/copyright
-rw-r--r-- root/root /usr/share/lintian/overrides/crng-static
-rw-r--r-- root/root /usr/share/man/man1/crng-static.1.gz
-rwxr-xr-x root/root /usr/bin/crng-static
END
  for field in Depends Pre-Depends Recommends Conflicts; do
    [ -z "$(control $field "$DEB_STATIC")" ]
  done
  [[ $(control Built-Using "$DEB_STATIC") =~ ^glibc\ \(=\ [^\)]+\)$ ]]
  [ "$(control Static-Built-Using "$DEB_STATIC" | sed 's/ ([^)]*)//g; s/gcc-[0-9]*/gcc/')" = "gcc, glibc, jansson, libsodium, popt" ]
  dpkg-deb -x "$DEB_STATIC" "$BATS_TEST_TMPDIR/root"
  run -0 readelf -ldW "$BATS_TEST_TMPDIR/root/usr/bin/crng-static"
  has -E 'Flags:.* NOW.*PIE'
  run ! grep -E 'INTERP|NEEDED' <<<"$output"
  # It runs where there is no other file.
  run -0 unshare -R "$BATS_TEST_TMPDIR/root" /usr/bin/crng-static check -q
  mandoc -T lint -W warning "$TOP/packaging/debian/crng-static.1"
}

@test "the scripts of crng start no wait and no seed, and stop neither in an upgrade" {
  dpkg-deb -e "$DEB" "$BATS_TEST_TMPDIR/scripts"
  cd "$BATS_TEST_TMPDIR/scripts"
  diff - <(grep -oE 'deb-systemd-invoke .* >' p* | sort) <<END
postinst:deb-systemd-invoke \$_dh_action 'crng-reseed.service' >
postinst:deb-systemd-invoke \$_dh_action 'prometheus-node-exporter-crng.timer' >
postinst:deb-systemd-invoke start 'crng-seed-save.timer' 'crng-seed.service' >
prerm:deb-systemd-invoke stop 'crng-reseed.service' >
prerm:deb-systemd-invoke stop 'crng-seed-save.timer' 'crng-seed.service' >
prerm:deb-systemd-invoke stop 'prometheus-node-exporter-crng.service' >
prerm:deb-systemd-invoke stop 'prometheus-node-exporter-crng.timer' >
END
  # deb-systemd-invoke starts no unit that is not enabled.
  run -0 grep -B 2 deb-systemd-invoke prerm
  [ "$(grep -c '= remove ' <<<"$output")" -eq 4 ]
  dpkg-deb -e "$DEB_STATIC" "$BATS_TEST_TMPDIR/static"
  run ! ls "$BATS_TEST_TMPDIR"/static/p*
}

# apart ARG…: runs dpkg ARG… in a tree of its own. The scripts run this machine's tools
# there, but find no running systemd.
apart() {
  root=$BATS_TEST_TMPDIR/root
  mkdir -p "$root/var/lib/dpkg/"{info,updates,triggers}
  touch "$root/var/lib/dpkg/status"
  PATH=$PATH:/usr/sbin:/sbin unshare -m --propagation private sh -euc \
    'mount -t tmpfs tmpfs /run; exec dpkg --root="$@"' sh "$root" \
    --force-script-chrootless --force-depends --log=/dev/null "$@" >&2
}

# enabled: prints the units that are enabled in that tree.
enabled() {
  (cd "$root/etc/systemd/system" && find . -type l | sort | xargs)
}

@test "the installation enables crng-ready.target, crng-reseed.service and the timer of the metrics, and an upgrade keeps changes" {
  need systemctl
  apart --install "$DEB"
  timer=./timers.target.wants/prometheus-node-exporter-crng.timer
  [ "$(enabled)" = "./multi-user.target.wants/crng-reseed.service ./sysinit.target.wants/crng-ready.target $timer" ]
  systemctl -q --root="$root" disable crng-reseed.service
  systemctl -q --root="$root" enable crng-seed.service
  set -- "$(enabled)"
  [ "$1" = "./sysinit.target.wants/crng-ready.target ./sysinit.target.wants/crng-seed.service ./timers.target.wants/crng-seed-save.timer $timer" ]
  apart --install "$DEB"
  [ "$(enabled)" = "$1" ]
}

@test "removing crng leaves the seeds, and purging it leaves nothing of its own" {
  apart --install "$DEB"
  mkdir -m 700 "$root/var/lib/seedrng"
  touch "$root"/var/lib/seedrng/{seed.credit,seed.no-credit,seed.machine,seed.new,seed.machine.new,other}
  apart --remove crng
  [ "$(find "$root/var/lib/seedrng" -type f | wc -l)" -eq 6 ]
  apart --purge crng
  [ "$(ls "$root/var/lib/seedrng")" = other ]
  rm "$root/var/lib/seedrng/other"
  apart --install "$DEB"
  mkdir -p "$root/usr/local/sbin"
  touch "$root/usr/local/sbin/seedrng" "$root"/var/lib/seedrng/{seed.credit,seed.machine}
  apart --purge crng
  [ "$(ls "$root/var/lib/seedrng")" = seed.credit ]
  rm "$root/usr/local/sbin/seedrng"
  apart --install "$DEB"
  touch "$root/var/lib/seedrng/seed.credit"
  apart --purge crng
  run -0 find "$root" -path "$root/var/lib/dpkg" -prune -o ! -type d -print
  [ -z "$output" ]
  [ ! -e "$root/var/lib/seedrng" ]
}

@test "the metrics are removed with the package, so that no alert on their age remains" {
  metrics=$BATS_TEST_TMPDIR/root/var/lib/prometheus/node-exporter
  for action in remove purge; do
    apart --install "$DEB"
    mkdir -p "$metrics"
    touch "$metrics"/{crng.prom,crng.prom.new,other.prom}
    apart --install "$DEB"
    [ -e "$metrics/crng.prom" ]
    apart "--$action" crng
    [ "$(ls "$metrics")" = other.prom ]
  done
}

@test "packages that another user makes later, in another directory, are identical" {
  home=$(mktemp -d)
  echo "$home" >"$BATS_TEST_TMPDIR/home"
  mkdir "$home/another one"
  tar -C "$home/another one" -xf "$BUILD"/deb/crng_*.orig.tar.xz
  chmod 755 "$home"
  chown -R 65534:65534 "$home"
  unset MAKEFLAGS MFLAGS MAKELEVEL
  cd "$home/another one"/crng-*/
  run -0 setpriv --reuid=65534 --regid=65534 --clear-groups \
    env HOME="$home" TZ=Pacific/Kiritimati LC_ALL=de_DE.UTF-8 CFLAGS=-O0 \
    DEB_BUILD_OPTIONS=nocheck sh -euc 'umask 077; mkdir deep; cd deep; ../configure -q
      exec make -s -j2 deb'
  for file in deep/deb/*.deb deep/deb/*.dsc deep/deb/*.tar.xz; do
    cmp "$file" "$BUILD/deb/${file##*/}"
  done
}

teardown() {
  [ ! -f "$BATS_TEST_TMPDIR/home" ] || rm -rf "$(cat "$BATS_TEST_TMPDIR/home")"
}

@test "make deb says in one line what is missing" {
  tarball=$(echo "$BUILD"/deb/crng_*.orig.tar.xz)
  version=${tarball##*crng_}
  version=${version%.orig.tar.xz}
  cp "$tarball" "$BATS_TEST_TMPDIR/crng-$version.tar.xz"
  mkdir "$BATS_TEST_TMPDIR/bin"
  for tool in sh dirname readlink sed; do
    ln -s "$(command -v "$tool")" "$BATS_TEST_TMPDIR/bin"
  done
  refused 'dpkg-buildpackage is missing. .*: apt-get install dpkg-dev debhelper$' PATH="$BATS_TEST_TMPDIR/bin"
  # In an empty database, no package is installed.
  ln -s "$(command -v true)" "$BATS_TEST_TMPDIR/bin/dpkg-buildpackage"
  printf '#!/bin/sh\nmkdir -p "%s" && touch "%s/status"\nexec "%s" --admindir="%s" "$@"\n' \
    "$BATS_TEST_TMPDIR/dpkg"{,} "$(command -v dpkg-checkbuilddeps)" "$BATS_TEST_TMPDIR/dpkg" \
    >"$BATS_TEST_TMPDIR/bin/dpkg-checkbuilddeps"
  chmod 755 "$BATS_TEST_TMPDIR/bin/dpkg-checkbuilddeps"
  refused ': apt-get install .*\<debhelper libjansson-dev libpopt-dev .* systemd-dev ' \
    PATH="$BATS_TEST_TMPDIR/bin:$PATH"
  mv "$BATS_TEST_TMPDIR/crng-$version.tar.xz" "$BATS_TEST_TMPDIR/crng-9.tar.xz"
  version=9
  refused 'changelog is about .*, and not about crng-9.tar.xz$' LC_ALL=C
}

# refused TEXT ENVIRONMENT: scripts/deb says TEXT and makes nothing.
refused() {
  run -1 --separate-stderr env "$2" "$TOP/scripts/deb" "$BATS_TEST_TMPDIR/crng-$version.tar.xz"
  [ -z "$output" ]
  [ "${#stderr_lines[@]}" -eq 1 ]
  grep -q "^make deb: .*$1" <<<"$stderr"
  [ ! -e "$BATS_TEST_TMPDIR/deb" ]
}
