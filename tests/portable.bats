#!/usr/bin/env bats
# The sources compile without a warning for other machines and with older headers. Only
# the headers of the other machine are needed, since the objects are discarded. CC and the
# flags are those of the build (BUILD).
# shellcheck disable=SC2154

load helper

setup() {
  [ -f "${BUILD:-}/Makefile" ] || skip "BUILD is not a build directory"
  cd "$TOP" || return
  include=$BATS_TEST_TMPDIR/include
  mkdir -p "$include"
  cc=$(made_with CC) warn=$(made_with WARN_CFLAGS)
}

# made_with VARIABLE: prints its value in the Makefile of the build.
made_with() {
  sed -n "s/^$1 = //p" "$BUILD/Makefile"
}

# compiles CMD OPTION…: CMD compiles all sources of the program without a warning.
compiles() {
  local bad=0 file
  while read -r file; do
    # shellcheck disable=SC2086 # flags
    "$@" -include "$BUILD/config.h" -I"$include" $warn -Werror -O1 -D_FILE_OFFSET_BITS=64 \
      -Isrc -c -o /dev/null "$file" || bad=1
  done < <(find src -name '*.c')
  return "$bad"
}

# elsewhere: puts into $include the headers of the libraries, which are the same on all
# machines, and nothing else of /usr/include.
elsewhere() {
  local library file
  for library in popt libsodium jansson; do
    for file in "$(pkg-config --variable=includedir "$library")"/{popt.h,sodium*,jansson*.h}; do
      [ ! -e "$file" ] || ln -sf "$file" "$include"
    done
  done
  ls "$include/popt.h" "$include/sodium.h" "$include/jansson.h" >/dev/null || skip "the headers of the libraries are not found"
}

@test "every file compiles for a 32-bit x86 without SSE" {
  [[ $cc == gcc* || $cc == clang* ]] || skip "the compiler is $cc"
  [ "$(uname -m)" = x86_64 ] || skip "the compiler is not for x86"
  # The only file that the headers of a 64-bit libc lack.
  mkdir "$include/gnu"
  : >"$include/gnu/stubs-32.h"
  small="$cc -m32 -mno-sse -idirafter /usr/include/$(uname -m)-linux-gnu"
  # shellcheck disable=SC2086 # a command with its options
  echo '#include <stdio.h>' | $small -I"$include" -x c -c -o /dev/null - ||
    skip "the compiler makes no 32-bit programs"
  # shellcheck disable=SC2086
  compiles $small
}

@test "every file compiles with each installed cross compiler" {
  elsewhere
  compilers=$(compgen -c | grep -E '^[a-z0-9_]+-linux-gnu[a-z0-9]*-gcc$' | sort -u)
  count=0
  for compiler in $compilers; do
    [ "$compiler" != "$(uname -m)-linux-gnu-gcc" ] || continue
    echo '#include <stdio.h>' | "$compiler" -x c -c -o /dev/null - || continue
    echo "with $compiler"
    compiles "$compiler"
    count=$((count + 1))
  done
  [ "$count" -gt 0 ] || skip "no cross compiler is installed"
}

@test "headers newer than Linux 4.18 and glibc 2.28 are included conditionally" {
  run -0 find src tests bench -name '*.[ch]' -exec awk '
    /^#[ ]*if/ { depth++ }
    /^#[ ]*endif/ { depth-- }
    depth <= (FILENAME ~ /h$/) &&
      /<(linux\/(close_range|io_uring|landlock|mount|openat2|pidfd|time_types|vmclock-abi)|sys\/(pidfd|rseq|single_threaded|platform\/.*)).h>/ {
      print FILENAME ": " $0
    }' {} +
  [ -z "$output" ]
}

# The highest number of a system call in Linux 4.18 on these architectures.
newest=(aarch64:293 x86_64:334)

@test "nothing newer than glibc 2.28 and Linux 4.18 is taken for granted" {
  for entry in "${newest[@]}"; do
    [ "${entry%:*}" != "$(uname -m)" ] || last=${entry#*:}
  done
  [ -n "${last:-}" ] || skip "it is not known which system calls are new on $(uname -m)"
  # The newer calls that the system's headers have are those beyond the last number.
  # shellcheck disable=SC2086
  echo '#include <sys/syscall.h>' | $cc -E -dM - | grep -oE '__NR_[a-z0-9_]+ [0-9]+' |
    while read -r name number; do
      [ "$number" -le "$last" ] || printf '#undef %s\n' "$name" "SYS_${name#__NR_}"
    done >"$BATS_TEST_TMPDIR/numbers"
  { cat tests/old-headers.h && echo '#include <sys/syscall.h>' && cat "$BATS_TEST_TMPDIR/numbers"; } \
    >"$BATS_TEST_TMPDIR/old.h"
  # This proves something only if the compiler refuses newer names.
  for newer in SYS_openat2 __NR_clone3 GRND_INSECURE 'gettid()'; do
    # shellcheck disable=SC2086
    ! echo "long x(void) { return $newer; }" | $cc -D_GNU_SOURCE -include "$BATS_TEST_TMPDIR/old.h" \
      -x c -c -o /dev/null - || { echo "accepted: $newer" && return 1; }
  done
  # shellcheck disable=SC2086
  compiles $cc -D_GNU_SOURCE -include "$BATS_TEST_TMPDIR/old.h"
}
