#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# packaging/rpm/crng.spec: Debian's rpmbuild builds the packages, and Debian's rpm installs and
# removes them in a tree with systemd.
# shellcheck disable=SC2153,SC2154

load ../helper
load ../packages

need_tools() {
  need_trees
  need rpmbuild rpm2cpio cpio
}

setup_file() {
  can need_tools || return 0
  tree=$BATS_FILE_TMPDIR/tree
  flock "$KEPT/deb.lock" env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
    make -s -C "$BUILD" rpm RPMBUILD_FLAGS='--with static' >"$BATS_FILE_TMPDIR/log" 2>&1 ||
    { tail -n 50 "$BATS_FILE_TMPDIR/log" && return 1; }
  mkdir "$BATS_FILE_TMPDIR/rpm"
  cp "$BUILD"/rpm/*.rpm "$BATS_FILE_TMPDIR/rpm"
  make_tree bookworm "$tree" rpm systemd libpopt0 libsodium23 libjansson4
  # In Fedora other packages have these directories.
  mkdir -p "$tree"/usr/lib/dracut/modules.d "$tree"/usr/share/{fish/vendor_completions.d,licenses,zsh/site-functions}
}

# contents: lists everything in the tree, except rpm's database.
contents() {
  files_of "$tree" | grep -vE ' \./(root/\.rpmdb|var/lib/rpm)(/|$| )'
}

setup() {
  need_tools
  tree=$BATS_FILE_TMPDIR/tree
  cd "$BATS_FILE_TMPDIR/rpm" || return
  crng=$(echo crng-[0-9]*."$(rpm --eval %_arch)".rpm) static=$(echo crng-static-*.rpm) dracut=$(echo crng-dracut-*.rpm)
}

version() {
  "$CRNG" --version | cut -d ' ' -f 2
}

# unpacked PACKAGE: unpacks it in the current directory.
unpacked() {
  rpm2cpio "$BATS_FILE_TMPDIR/rpm/$1" | cpio -id --quiet
}

# enabled: prints the units that are enabled in the tree.
enabled() {
  for unit in crng-ready.target crng-reseed.service crng-seed.service crng-seed-save.timer; do
    [ "$(in_tree "$tree" systemctl is-enabled "$unit")" != enabled ] || echo "$unit"
  done
}

@test "make rpm leaves the packages and the sources in rpm/, and has run the suites" {
  arch=$(rpm --eval '%_arch')
  [ "$(echo *)" = "$(echo crng-"$(version)-1".{src,"$arch"}.rpm crng-dracut-"$(version)-1".noarch.rpm \
    crng-static-"$(version)-1.$arch".rpm)" ]
  [ ! -e "$BUILD/rpm/work" ]
  output=$(cat "$BATS_FILE_TMPDIR/log")
  has -E '^# PASS: +[1-9]'
  has -E '^# FAIL: +0'
}

@test "packages built in another directory, with another umask and time zone, are identical" {
  mkdir "$BATS_TEST_TMPDIR/another"
  (cd "$BATS_TEST_TMPDIR/another" && unpacked "crng-$(version)-1.src.rpm")
  umask 077
  TZ=Asia/Tokyo LANG=C.UTF-8 run -0 "$TOP/scripts/rpm" "$BATS_TEST_TMPDIR/another/crng-$(version).tar.xz" --with static --nocheck
  for package in *; do
    cmp "$package" "$BATS_TEST_TMPDIR/another/rpm/$package"
  done
}

@test "rpmlint reports only what rpmlint.toml explains" {
  need rpmlint
  run -0 rpmlint -c "$TOP/tests/packages/rpmlint.toml" ./*.rpm
  has -E ' 0 errors, 0 warnings'
}

@test "the packages have what they need, and need nothing else" {
  [ "$(rpm -qp --qf '%{LICENSE}' ./*.rpm)" = MITMITMITMIT ]
  [ "$(rpm -qp --requires "$crng" | grep -vE '^rpmlib|^rtld|^libc\.so' | sed 's/\.so.*//' | sort -u | xargs)" = \
    "/bin/sh libjansson libpopt libsodium" ]
  [ "$(rpm -qp --requires "$dracut" | grep -v '^rpmlib' | xargs)" = "/bin/bash /bin/sh crng = $(version)-1 dracut" ]
  run -0 rpm -qp --requires "$static"
  run ! grep -vE '^rpmlib|^rtld' <<<"$output"
}

@test "crng has the program, manuals, units, completions and examples, and nothing in /etc" {
  run -0 rpm -qp --qf '[%{FILEMODES:perms} %{FILEUSERNAME} %{FILENAMES}\n]' "$crng"
  for path in bin/crng bin/crng-capture; do
    has -F -- "-rwxr-xr-x root /usr/$path"
  done
  for path in lib/systemd/system/crng-ready.service lib/systemd/system/crng-ready.target \
    lib/systemd/system/crng-reseed.service lib/systemd/system/crng-seed.service \
    lib/systemd/system/crng-seed-save.service lib/systemd/system/crng-seed-save.timer \
    share/man/man1/crng.1 share/man/man8/crng-seed.8 share/crng/crng-status.schema.json \
    share/bash-completion/completions/crng share/zsh/site-functions/_crng \
    share/fish/vendor_completions.d/crng.fish share/doc/crng/README.md \
    share/licenses/crng-"$(version)"/LICENSE; do
    grep -qE -- "^-rw-r--r-- root /usr/$path(\.gz)?$" <<<"$output" || fail "no $path"
  done
  run ! grep -vE '^[-d]rwxr-xr-x root /usr/|^-rw-r--r-- root /usr/|^lrwxrwxrwx root /usr/(lib/\.build-id|share/man/man8)/' <<<"$output"
  run ! grep -E 'preset|/etc' <<<"$output"
}

@test "the program is stripped, hardened, and has shared libraries; crng-static has none" {
  enter_work
  unpacked "$crng"
  unpacked "$static"
  run -0 readelf -SdlW usr/bin/crng
  has -F "BIND_NOW"
  has -F "GNU_RELRO"
  run ! grep -F .debug_info <<<"$output"
  run -0 usr/bin/crng --version -v
  has -F "shared libraries"
  mkdir empty
  cp usr/bin/crng-static empty
  run -0 chroot empty /crng-static check -v
  [ "$output" = ready ]
}

@test "the spec uses the macros of Fedora where they exist" {
  run -0 rpmspec -P --define '_unitdir /fedora/units' --define 'systemd_post() POST %*' \
    --define 'systemd_preun() PREUN %*' --define 'systemd_postun_with_restart() POSTUN %*' \
    "$TOP/packaging/rpm/crng.spec"
  has -E '^POST crng-ready.target crng-reseed.service prometheus-node-exporter-crng.timer$'
  has -E '^PREUN .*crng-seed.service'
  has -E '^POSTUN crng-reseed.service$'
  has -F /fedora/units/crng-
  run ! grep 'systemctl ' < <(grep -v 'run "systemctl enable' <<<"$output")
}

@test "once installed, crng works, and units that no preset disables are enabled, except for seeds" {
  contents >"$BATS_FILE_TMPDIR/before"
  cp ./*.rpm "$tree/root"
  # The Debian packages in the tree are not in rpm's database.
  run -0 in_tree "$tree" sh -c "rpm -i --nodeps /root/$crng /root/$static /root/$dracut"
  run ! grep -i -e error -e warning <<<"$output"
  [ "$(enabled)" = "crng-ready.target
crng-reseed.service" ]
  run -0 in_tree "$tree" sh -c 'rpm -V --nodeps crng crng-static crng-dracut && crng check -v &&
    crng bytes --hex 16 && crng-static check -v && systemd-analyze --man=no verify crng-ready.target crng-seed.service'
  [ "$(grep -cx ready <<<"$output")" -eq 2 ]
  has -E '^[0-9a-f]{32}$'
}

@test "an upgrade leaves the choice of the administrator alone" {
  run -0 in_tree "$tree" systemctl disable crng-ready.target
  run -0 in_tree "$tree" systemctl enable crng-seed.service
  run -0 in_tree "$tree" rpm -U --nodeps --replacepkgs "/root/$crng"
  [ "$(enabled)" = "crng-reseed.service
crng-seed.service
crng-seed-save.timer" ]
}

@test "a preset of the administrator decides at the first installation" {
  run -0 in_tree "$tree" rpm -e crng crng-static crng-dracut
  mkdir -p "$tree/etc/systemd/system-preset"
  echo 'disable *' >"$tree/etc/systemd/system-preset/00-none.preset"
  run -0 in_tree "$tree" rpm -i --nodeps "/root/$crng"
  [ -z "$(enabled)" ]
}

@test "removing the packages leaves nothing but the seeds" {
  mkdir -p "$tree/var/lib/seedrng"
  echo seed >"$tree/var/lib/seedrng/seed.credit"
  run -0 in_tree "$tree" rpm -e crng
  [ -f "$tree/var/lib/seedrng/seed.credit" ]
  rm -r "$tree/var/lib/seedrng" "$tree/etc/systemd/system-preset" "$tree"/root/*.rpm
  diff "$BATS_FILE_TMPDIR/before" <(contents)
}

@test "make rpm says what is missing, and for which version the spec is" {
  mkdir "$BATS_TEST_TMPDIR/bin"
  for tool in sh dirname readlink sed; do
    ln -s "$(command -v "$tool")" "$BATS_TEST_TMPDIR/bin"
  done
  touch "$BATS_TEST_TMPDIR/crng-$(version).tar.xz" "$BATS_TEST_TMPDIR/crng-0.0.tar.xz"
  run -1 --separate-stderr env PATH="$BATS_TEST_TMPDIR/bin" "$TOP/scripts/rpm" "$BATS_TEST_TMPDIR/crng-$(version).tar.xz"
  [[ $stderr == "make rpm: rpmbuild is missing. Install it: "* ]]
  run -1 --separate-stderr "$TOP/scripts/rpm" "$BATS_TEST_TMPDIR/crng-0.0.tar.xz"
  [ "$stderr" = "make rpm: packaging/rpm/crng.spec is for crng-$(version).tar.xz, and not for crng-0.0.tar.xz" ]
}
