#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# packaging/alpine/APKBUILD: its steps, as abuild runs them (tests/packages/abuild), in a tree
# of Debian, with glibc. "make check-musl" builds crng with musl.
# shellcheck disable=SC2154

load ../helper
load ../packages

setup_file() {
  can need_trees || return 0
  tree=$BATS_FILE_TMPDIR/tree
  make_tree trixie "$tree" busybox fakeroot gcc make xz-utils pkgconf libc6-dev libpopt-dev \
    libsodium-dev libjansson-dev bats procps strace
  need_tarball "$BATS_FILE_TMPDIR"
  mkdir -p "$tree/home/build"
  cp "$TARBALL" "$TOP/packaging/alpine/APKBUILD" "$TOP/tests/packages/abuild" "$tree/home/build"
  (cd "$tree/home/build" && printf 'sha512sums="\n%s\n"\n' "$(sha512sum crng-*.tar.xz)" >>APKBUILD)
  chown -R nobody:nogroup "$tree/home/build"
  files_of "$tree" >"$BATS_FILE_TMPDIR/before"
}

setup() {
  need_trees
  tree=$BATS_FILE_TMPDIR/tree
  pkg=$tree/home/build/pkg
}

# as_builder SCRIPT: runs it in the tree, in /home/build, as an ordinary user.
as_builder() {
  in_tree "$tree" setpriv --reuid=nobody --regid=nogroup --clear-groups \
    env HOME=/home/build sh -ec "cd /home/build; $1"
}

# has_files PACKAGE PATH…: succeeds if the package has exactly these files.
has_files() {
  diff <(printf '%s\n' "${@:2}" | LC_ALL=C sort) \
    <(cd "$pkg/$1" && find . ! -type d -printf '%P\n' | LC_ALL=C sort)
}

@test "the steps of APKBUILD succeed as an ordinary user, from a tarball with the right checksum" {
  run -0 as_builder "busybox sh ./abuild validate verify unpack prepare build check"
  has -E '^# PASS: +[1-9]'
  has -E '^# FAIL: +0'
  run -0 as_builder "fakeroot busybox sh ./abuild package split"
  [ "$(cd "$pkg" && echo *)" = "crng crng-bash-completion crng-doc crng-fish-completion crng-openrc crng-static crng-zsh-completion" ]
}

@test "the steps of APKBUILD have written nothing outside their directory" {
  diff "$BATS_FILE_TMPDIR/before" <(files_of "$tree")
}

@test "a tarball that was changed is refused" {
  mkdir "$tree/home/build/changed"
  cp "$tree"/home/build/{abuild,APKBUILD,crng-*.tar.xz} "$tree/home/build/changed"
  echo >>"$(echo "$tree"/home/build/changed/crng-*.tar.xz)"
  chown -R nobody:nogroup "$tree/home/build/changed"
  run -1 as_builder "cd changed; busybox sh ./abuild verify"
  has -F "FAILED"
}

@test "APKBUILD has the version and the licence of crng, and a short description" {
  run -0 as_builder '. ./APKBUILD; echo "$pkgver $license"; echo "$pkgdesc" | wc -c'
  [ "${lines[0]}" = "$("$CRNG" --version | cut -d ' ' -f 2) MIT" ]
  [ "${lines[1]}" -le 128 ]
}

@test "the main package has the program and what it reads, and works" {
  has_files crng usr/bin/crng usr/bin/crng-capture "$(cd "$TOP/share" && printf 'usr/share/crng/%s\n' *)"
  run -0 as_builder "pkg/crng/usr/bin/crng check -v; pkg/crng/usr/bin/crng --version -v"
  has -E '^ready$'
  has -F "shared libraries"
}

@test "each subpackage has its files" {
  has_files crng-static usr/bin/crng-static
  has_files crng-bash-completion usr/share/bash-completion/completions/crng
  has_files crng-zsh-completion usr/share/zsh/site-functions/_crng
  has_files crng-fish-completion usr/share/fish/vendor_completions.d/crng.fish
  has_files crng-openrc "$(cd "$TOP/integration/openrc" && printf 'etc/%s\n' init.d/* conf.d/*)"
  [ "$(stat -c %a "$pkg"/crng-openrc/etc/*.d/* | sort | uniq -c | xargs)" = \
    "$(cd "$TOP/integration/openrc" && echo "$(ls conf.d | wc -l) 644 $(ls init.d | wc -l) 755")" ]
  for path in man/man1/crng.1 man/man8/crng-seed.8 doc/crng/README.md \
    doc/crng/examples/openrc/init.d/crng licenses/crng/LICENSE; do
    [ -f "$pkg/crng-doc/usr/share/$path" ] || fail "no $path"
  done
  run -0 find "$pkg/crng-doc" -mindepth 3 -maxdepth 3 -printf '%P\n'
  run ! grep -vxE 'usr/share/(doc|man|licenses)' <<<"$output"
}

@test "the static program needs no other file" {
  run -0 readelf -lW "$pkg/crng-static/usr/bin/crng-static"
  run ! grep -q INTERP <<<"$output"
  mkdir -p "$BATS_TEST_TMPDIR/empty"
  cp "$pkg/crng-static/usr/bin/crng-static" "$BATS_TEST_TMPDIR/empty"
  run -0 chroot "$BATS_TEST_TMPDIR/empty" /crng-static check -v
  [ "$output" = ready ]
}

@test "everything belongs to root" {
  run -0 as_builder 'fakeroot busybox sh -ec "busybox sh ./abuild package split >/dev/null 2>&1; find pkg ! -user 0 -o ! -group 0"'
  [ -z "$output" ]
}
