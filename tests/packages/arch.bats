#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# packaging/arch/PKGBUILD: Debian's makepkg and pacman build, install and remove the package in
# a tree.
# shellcheck disable=SC2154

load ../helper
load ../packages

# $BATS_FILE_TMPDIR/tree has the build in /home/build; ../before lists its files before
# that.
setup_file() {
  can need_trees || return 0
  tree=$BATS_FILE_TMPDIR/tree
  make_tree trixie "$tree" makepkg pacman-package-manager libarchive-tools gcc make xz-utils \
    pkgconf libc6-dev libpopt-dev libsodium-dev libjansson-dev bats procps strace
  need_tarball "$BATS_FILE_TMPDIR"
  mkdir -p "$tree/home/build"
  cp "$TARBALL" "$TOP/packaging/arch/PKGBUILD" "$tree/home/build"
  (cd "$tree/home/build" &&
    echo "sha256sums=('$(sha256sum crng-*.tar.xz | cut -d ' ' -f 1)')" >>PKGBUILD)
  chown -R nobody:nogroup "$tree/home/build"
  files_of "$tree" >"$BATS_FILE_TMPDIR/before"
}

setup() {
  need_trees
  tree=$BATS_FILE_TMPDIR/tree
}

# as_builder SCRIPT: runs it in the tree, in /home/build, as an ordinary user.
as_builder() {
  in_tree "$tree" setpriv --reuid=nobody --regid=nogroup --clear-groups \
    env HOME=/home/build bash -ec "cd /home/build; $1"
}

package() {
  echo "$tree"/home/build/crng-*.pkg.tar*
}

@test "makepkg builds the package as an ordinary user, from a tarball with the right checksum" {
  # The packages of Debian that it needs are not in pacman's database.
  run -0 as_builder "makepkg --nodeps"
  has -F "Validating source files with sha256sums"
  has -E '^# PASS: +[1-9]'
  has -E '^# FAIL: +0'
  [ -f "$(package)" ]
}

@test "the build has written nothing outside its directory" {
  diff "$BATS_FILE_TMPDIR/before" <(files_of "$tree")
}

@test "makepkg refuses a tarball that was changed" {
  mkdir "$tree/home/build/changed"
  cp "$tree"/home/build/{PKGBUILD,crng-*.tar.xz} "$tree/home/build/changed"
  echo >>"$(echo "$tree"/home/build/changed/crng-*.tar.xz)"
  chown -R nobody:nogroup "$tree/home/build/changed"
  run -1 as_builder "cd changed; makepkg --nodeps"
  has -F "One or more files did not pass the validity check"
}

@test "the package has the version, the licence and the dependencies of crng" {
  run -0 in_tree "$tree" sh -c 'bsdtar -xOf /home/build/crng-*.pkg.tar* .PKGINFO'
  has -E "^pkgver = $("$CRNG" --version | cut -d ' ' -f 2)-1\$"
  has -E '^license = MIT$'
  [ "$(sed -n 's/^depend = //p' <<<"$output" | sort | xargs)" = "glibc jansson libsodium popt" ]
  # These packages have all libraries that the program needs.
  run -0 readelf -d "$tree/home/build/pkg/crng/usr/bin/crng"
  [ "$(sed -n 's/.*(NEEDED).*\[\(.*\)\.so.*/\1/p' <<<"$output" | sort | xargs)" = "libc libjansson libpopt libsodium" ]
}

@test "the package has the program, manuals, units, completions, examples and the dracut module" {
  run -0 in_tree "$tree" sh -c 'bsdtar -tf /home/build/crng-*.pkg.tar* | grep -v "/$" | sort'
  for path in usr/bin/crng usr/bin/crng-capture usr/share/licenses/crng/LICENSE \
    usr/share/man/man1/crng.1.gz usr/share/man/man8/crng-seed.8.gz \
    usr/lib/systemd/system/crng-ready.target usr/lib/systemd/system/crng-seed.service \
    usr/share/bash-completion/completions/crng usr/share/zsh/site-functions/_crng \
    usr/share/fish/vendor_completions.d/crng.fish usr/share/crng/crng-status.schema.json \
    usr/share/doc/crng/examples/openrc/init.d/crng usr/lib/dracut/modules.d/50crng/module-setup.sh; do
    grep -qx "$path" <<<"$output" || fail "$path is missing"
  done
  run ! grep -vE '^(\.(BUILDINFO|MTREE|PKGINFO)$|usr/(bin/crng|lib/(systemd/system|dracut/modules\.d/50crng)/|share/))' <<<"$output"
}

# contents: lists everything in the tree, except the logs and caches of pacman and
# ldconfig.
contents() {
  files_of "$tree" | grep -vE ' \./(var/log/pacman\.log|var/cache/ldconfig/aux-cache|etc/ld\.so\.cache) '
}

@test "pacman installs the package, crng works, no unit is enabled, and pacman removes it completely" {
  # pacman reads the mounts from mtab, and makes its database when it is first called.
  ln -sf ../proc/self/mounts "$tree/etc/mtab"
  in_tree "$tree" sh -ec 'mkdir -p /var/lib/pacman; pacman -Q || :'
  before=$(contents)
  run -0 in_tree "$tree" sh -ec 'pacman -U --noconfirm -dd /home/build/crng-*.pkg.tar*; pacman -Qkk crng
    crng check -v; crng bytes --hex 16'
  has -F ", 0 altered files"
  has -E '^ready$'
  has -E '^[0-9a-f]{32}$'
  [ -z "$(find "$tree/etc/systemd" -name '*crng*')" ]
  run -0 in_tree "$tree" pacman -R --noconfirm crng
  diff <(echo "$before") <(contents)
}
