#!/usr/bin/env bats
# The quick parts of scripts/release-check.
# shellcheck disable=SC2154

load helper

setup() {
  enter_work
}

# A tree in which each place has one version. The forms are those of the real files.
tree() {
  mkdir -p scripts packaging/{debian,rpm,alpine,arch}
  cp "$TOP/scripts/release-check" scripts
  echo 'AC_INIT([crng], [3.4.5])' >configure.ac
  printf '%s\n' 'crng 3.4.5 (2031-02-03)' '' 'crng 3.4.4 (2030-01-01)' >NEWS
  echo '-V | --version) echo "crng-capture 3.4.5" && exit ;;' >scripts/crng-capture
  cat >packaging/debian/changelog <<'END'
crng (3.4.5-1) unstable; urgency=medium

  * New release.

 -- crng maintainers <maintainers@crng.invalid>  Mon, 03 Feb 2031 23:30:00 -0800

crng (3.4.4-1) unstable; urgency=medium
END
  printf '%s\n' 'Name:           crng' 'Version:        3.4.5' >packaging/rpm/crng.spec
  printf '%s\n' pkgname=crng pkgver=3.4.5 pkgrel=0 | tee packaging/alpine/APKBUILD >packaging/arch/PKGBUILD
}

# differs FILE TEXT: succeeds if release-check reports TEXT about FILE, and nothing else.
differs() {
  run -1 --separate-stderr scripts/release-check versions
  [[ ${lines[0]} == "FAILED  versions ("* ]]
  [ "${lines[1]}" = "$1: $2" ]
  [ "${#lines[@]}" -eq 2 ]
  [[ $stderr == "release-check: crng 3.4.5 is not ready to be released: versions failed; the whole log is "* ]]
}

@test "a version that differs from that of configure.ac is reported with its file" {
  tree
  run -0 --separate-stderr scripts/release-check versions
  [[ $output == "ok      versions ("*" s)" ]]
  [ -z "$stderr" ]
  for file in NEWS scripts/crng-capture packaging/debian/changelog packaging/rpm/crng.spec \
    packaging/alpine/APKBUILD packaging/arch/PKGBUILD; do
    sed -i.right 's/3\.4\.5/3.4.50/' "$file"
    differs "$file" "the version is 3.4.50, and should be 3.4.5"
    rm "$file"
    run -1 scripts/release-check versions
    has -F "$file: the version is missing, and should be 3.4.5"
    mv "$file.right" "$file"
  done
  run -0 scripts/release-check versions
}

@test "a release has a date, which is the same in NEWS and in Debian's changelog" {
  tree
  sed -i.right 's/03 Feb/04 Feb/' packaging/debian/changelog
  differs packaging/debian/changelog "the date of the release is 2031-02-04, and should be 2031-02-03"
  mv packaging/debian/changelog.right packaging/debian/changelog
  for date in unreleased 2031-02-30 '3 Feb 2031'; do
    sed -i "1s/(.*)/($date)/" NEWS
    run -1 scripts/release-check versions
    has -F "NEWS: the date of the release is $date, and should be "
  done
}

@test "the tree itself has one version; only the date of the release may be missing" {
  run "$TOP/scripts/release-check" versions
  run grep -vE '^(ok|FAILED)  |: the date of the release is |^release-check: ' <<<"$output"
  [ -z "$output" ]
}

@test "release-check names uncommitted files, and refuses a tree that is not in git" {
  need git
  export GIT_CEILING_DIRECTORIES=$BATS_TEST_TMPDIR
  tree
  run -1 scripts/release-check tree
  has -F 'FAILED  tree'
  has -E "not a git repository"
  git init -q
  git add .
  git -c user.name=x -c user.email=x@y commit -qm x
  # The log is in the current directory.
  mkdir ../elsewhere
  cd ../elsewhere
  run -0 ../work/scripts/release-check tree
  touch ../work/leftover
  run -1 ../work/scripts/release-check tree
  has -Fx '?? leftover'
}

@test "release-check names an unknown step and a missing tool" {
  tree
  run -2 --separate-stderr scripts/release-check versions nonsense
  [ -z "$output" ]
  [[ $stderr == "release-check: nonsense: no such step; there are versions "* ]]
  mkdir bin
  for tool in sh readlink dirname sed head; do
    ln -s "$(type -P "$tool")" bin
  done
  run -1 --separate-stderr env PATH="$PWD/bin" "$PWD/bin/sh" scripts/release-check versions deb rpm
  [ -z "$output" ]
  [ "$stderr" = "release-check: tools are missing. Install them first: apt-get install dpkg-dev debhelper lintian rpm" ]
}
