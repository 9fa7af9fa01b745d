# shellcheck shell=bash disable=SC2034
# What the suites of crng bytes have in common.

BLOCK=122880 # src/bytes/records.h

setup() {
  enter_work
}

# tool NAME ARG…: runs a program of tests/tools, which `make check` builds.
tool() {
  "${BUILD:?set BUILD to the build directory}/tests/tools/$1" "${@:2}"
}

# count OPTION…: how many bytes crng bytes writes.
count() {
  "$CRNG" bytes "$@" | wc -c
}
