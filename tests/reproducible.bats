#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The same sources make the same program and the same tarball in every directory, at any
# time and for every user.
# shellcheck disable=SC2154

load helper

setup() {
  sanitized && skip "the test does not depend on the program"
  unset MAKEFLAGS MFLAGS MAKELEVEL XZ_OPT SOURCE_DATE_EPOCH
}

# copied DIRECTORY: makes a copy of the sources, with other times and modes.
copied() {
  mkdir -p "$1"
  (cd "$TOP" && make_list) | tar -C "$TOP" -T - -cf - | tar -C "$1" --touch -xf -
  chmod -R u+w "$1"
}

make_list() {
  ls -d .clang-format .editorconfig .shellcheckrc src man docs scripts share completions integration packaging tests \
    bench build-aux configure configure.ac aclocal.m4 Makefile.am Makefile.in config.h.in \
    ./*.md NEWS LICENSE
  ls -d .ci 2>/dev/null || true
}

# configured DIRECTORY PATH-TO-CONFIGURE: configures there.
configured() {
  mkdir -p "$1"
  cd "$1" || return
  "$2" CFLAGS='-g -O0' >configure.log 2>&1 || { tail -n 20 configure.log && return 1; }
}

@test "two tarballs of one tree are equal, and have the time in SOURCE_DATE_EPOCH" {
  umask 022
  copied "$BATS_TEST_TMPDIR/one"
  configured "$BATS_TEST_TMPDIR/one/build" ../configure
  SOURCE_DATE_EPOCH=1700000000 make -s dist
  umask 077
  copied "$BATS_TEST_TMPDIR/another one"
  chmod -R go= "$BATS_TEST_TMPDIR/another one"
  configured "$BATS_TEST_TMPDIR/another one/deep/build" ../../configure
  SOURCE_DATE_EPOCH=1700000000 XZ_OPT=-T4 make -s dist
  cmp crng-*.tar.xz "$BATS_TEST_TMPDIR"/one/build/crng-*.tar.xz
  run -0 env TZ=UTC0 tar -tvf crng-*.tar.xz
  run ! grep -v ' 0/0 .* 2023-11-14 22:13 ' <<<"$output"
  # Without SOURCE_DATE_EPOCH the time is that of the sources.
  touch -d @1600000000 ../../configure.ac
  make -s dist
  run -0 env TZ=UTC0 tar -tvf crng-*.tar.xz
  run ! grep -v ' 2020-09-13 12:26 ' <<<"$output"
}

@test "programs built in two directories are equal, debugging information included" {
  copied "$BATS_TEST_TMPDIR/one"
  configured "$BATS_TEST_TMPDIR/one/build" ../configure
  make -s -j2 crng
  copied "$BATS_TEST_TMPDIR/another one"
  configured "$BATS_TEST_TMPDIR/another one" ./configure
  make -s -j2 crng
  cmp crng ../one/build/crng
  run ! grep -c "$BATS_TEST_TMPDIR" crng
}
