#!/usr/bin/env bats
# make install, scripts/run and configure; needs the build directory (BUILD).
# shellcheck disable=SC2154

load helper

setup() {
  [ -f "${BUILD:-}/Makefile" ] || skip "BUILD is not a build directory"
  [ -w "$BUILD" ] || skip "the build directory is not writable"
  unset MAKEFLAGS MFLAGS MAKELEVEL
}

# tree DIRECTORY: prints all that is in it, with modes.
tree() {
  (cd "$1" && find . -printf '%M %p\n' | LC_ALL=C sort)
}

@test "make install puts everything below DESTDIR, and uninstall leaves nothing behind" {
  dest=$BATS_TEST_TMPDIR/dest
  # What other programs have there stays, and so do the directories that they share.
  for path in bin share/man/man1 share/man/man7 share/man/man8 share/doc share/bash-completion/completions lib/systemd/system \
    share/zsh/site-functions share/fish/vendor_completions.d; do
    mkdir -p "$dest/usr/$path"
  done
  touch "$dest/usr/bin/other"
  before=$(tree "$dest")
  run -0 make -C "$BUILD" install DESTDIR="$dest" prefix=/usr
  run -0 tree "$dest"
  for path in bin/crng bin/crng-capture share/man/man1/crng.1 share/man/man1/crng-capture.1 \
    share/man/man1/crng-status.1 share/man/man7/crng-advice.7 share/man/man8/crng-reseed.8 \
    share/man/man8/crng-seed.8 share/crng/crng-seed.schema.json share/crng/crng-boots.schema.json \
    share/doc/crng/examples/openrc/init.d/crng share/doc/crng/examples/s6/crng/up \
    share/doc/crng/examples/initramfs-tools/hooks/crng \
    share/doc/crng/examples/clone/host-vsock share/doc/crng/examples/clone/crng-reseed-once.service \
    lib/systemd/system/crng-ready.service lib/systemd/system/crng-ready.target \
    share/doc/crng/README.md share/crng/crng-reseed.schema.json share/crng/crng-status.schema.json \
    share/bash-completion/completions/crng share/zsh/site-functions/_crng \
    share/fish/vendor_completions.d/crng.fish; do
    has -F "./usr/$path"
  done
  # Each unit has a page under its own name.
  for unit in "$dest"/usr/lib/systemd/system/*; do
    grep -q '^\.Sh NAME' "$dest/usr/share/man/man8/${unit##*/}.8"
  done
  # Distributions have their own copies of common licences.
  run ! grep LICENSE <<<"$output"
  [ "$(stat -c %a "$dest/usr/bin/crng" "$dest/usr/bin/crng-capture" | xargs)" = "755 755" ]
  run -0 "$dest/usr/bin/crng" check
  run -0 make -C "$BUILD" uninstall DESTDIR="$dest" prefix=/usr
  diff <(echo "$before") <(tree "$dest")
}

@test "what others have put beside the documentation survives uninstall" {
  dest=$BATS_TEST_TMPDIR/dest
  run -0 make -C "$BUILD" install DESTDIR="$dest" prefix=/usr
  touch "$dest/usr/share/doc/crng/local-notes"
  run -0 make -C "$BUILD" uninstall DESTDIR="$dest" prefix=/usr
  [ -e "$dest/usr/share/doc/crng/local-notes" ]
  [ ! -e "$dest/usr/share/crng" ]
}

# makefile OPTION…: configures in an empty directory; expanded NAME prints a variable of the
# Makefile that results.
makefile() {
  rm -rf "$BATS_TEST_TMPDIR/configure"
  mkdir "$BATS_TEST_TMPDIR/configure"
  # A tree that is configured itself cannot be the source of another build. To track
  # dependencies, configure would write into src.
  (cd "$BATS_TEST_TMPDIR/configure" && cp "$TOP/configure" "$TOP"/*.in . &&
    ln -s "$TOP/src" "$TOP/build-aux" . &&
    ./configure --cache-file="$BATS_FILE_TMPDIR/cache" --disable-dependency-tracking "$@" \
      >log 2>&1)
}

expanded() {
  # Without its rules, Makefile cannot be made anew.
  (cd "$BATS_TEST_TMPDIR/configure" && sed -n '/^[a-z_]* = /p' Makefile |
    make -s -f - -f <(printf 'expanded: ; @echo "$(%s)"\n' "$1") expanded)
}

@test "completions go below the prefix, but that of fish where fish looks for a system's" {
  unset XDG_DATA_DIRS
  makefile --prefix=/opt/crng
  [ "$(expanded bashcompletiondir)" = /opt/crng/share/bash-completion/completions ]
  [ "$(expanded zshcompletiondir)" = /opt/crng/share/zsh/site-functions ]
  [ "$(expanded fishcompletiondir)" = /opt/crng/share/fish/vendor_completions.d ]
  need fish
  # fish prints the directories that it searches.
  searched=$(HOME=$BATS_TEST_TMPDIR fish -c 'printf "%s\n" $fish_complete_path')
  for prefix in /usr/local /usr; do
    makefile --prefix="$prefix"
    [ "$(expanded bashcompletiondir)" = "$prefix/share/bash-completion/completions" ]
    grep -qx "$(expanded fishcompletiondir)" <<<"$searched"
  done
}

@test "--with-SHELL-completion-dir chooses the directory, or none" {
  makefile --with-bash-completion-dir=/a/b --with-zsh-completion-dir='${datadir}/z' \
    --with-fish-completion-dir=no --prefix=/p
  [ "$(expanded bashcompletiondir)" = /a/b ]
  [ "$(expanded zshcompletiondir)" = /p/share/z ]
  [ -z "$(expanded fishcompletiondir)" ]
  run ! makefile --with-fish-completion-dir=here
  grep -q "with-fish-completion-dir=here: not an absolute path, and not 'no'" \
    "$BATS_TEST_TMPDIR/configure/log"
  dest=$BATS_TEST_TMPDIR/dest
  run -0 make -C "$BUILD" install DESTDIR="$dest" bashcompletiondir=/a/b zshcompletiondir= fishcompletiondir=
  [ -f "$dest/a/b/crng" ]
  run tree "$dest"
  run ! grep -E '/_crng|crng\.fish' <<<"$output"
}

@test "fish finds the installed completion without XDG_DATA_DIRS" {
  need fish
  need_mounts
  dest=$BATS_TEST_TMPDIR/dest
  makefile --prefix=/usr/local
  where=$(expanded fishcompletiondir)
  [ -d "$where" ] || skip "there is no $where to mount over"
  run -0 make -C "$BUILD" install DESTDIR="$dest" prefix=/usr/local fishcompletiondir="$where"
  # The rest of /usr/local is not needed.
  run -0 own_mounts env -u XDG_DATA_DIRS HOME="$BATS_TEST_TMPDIR" PATH="$dest/usr/local/bin:$PATH" \
    sh -ec 'mount --bind "$1$2" "$2" && exec fish -c "complete -C \"crng bytes --f\""' \
    sh "$dest" "$where"
  [[ $output == *"--format"*"Form of the output"* ]]
  run ! grep -E 'Ns|Cm' <<<"$output"
}

@test "crng-capture says how it is used, and refuses what it cannot do" {
  capture=$TOP/scripts/crng-capture
  run -0 --separate-stderr "$capture" --help
  [[ $output == "Usage: crng-capture DIR"*"crng status --sysroot=DIR"* ]]
  [ -z "$stderr" ]
  run -0 --separate-stderr "$capture" --version
  [ "$output" = "crng-capture $("$CRNG" --version | cut -d ' ' -f 2)" ]
  usage_error 2 "crng-capture: DIR is missing: name the directory to create" "$capture"
  usage_error 2 "crng-capture: b: unexpected operand" "$capture" a b
  usage_error 2 "crng-capture: --bogus: unknown option" "$capture" --bogus
  usage_error 2 "crng-capture: the name of the directory is empty" "$capture" ""
  mkdir "$BATS_TEST_TMPDIR/there"
  run -3 --separate-stderr "$capture" "$BATS_TEST_TMPDIR/there"
  [ "$stderr" = "crng-capture: $BATS_TEST_TMPDIR/there: already exists; name a new directory" ]
  [ -z "$(ls -A "$BATS_TEST_TMPDIR/there")" ]
  run -3 --separate-stderr "$capture" "$BATS_TEST_TMPDIR/missing/tree"
  [ "$stderr" = "crng-capture: $BATS_TEST_TMPDIR/missing/tree: No such file or directory" ]
  [ -z "$output" ]
}

@test "the manual of crng-capture has its options and is free of faults" {
  need mandoc
  manual=$TOP/man/crng-capture.1
  diff <("$TOP/scripts/crng-capture" --help | sed -nE 's/^ +-([A-Za-z]), -(-[a-z]+) .*/\1 \2/p') \
    <(sed -nE 's/^\.It Fl ([A-Za-z]) , Fl (-[a-z]+)$/\1 \2/p' "$manual")
  run -0 mandoc -T lint -W warning "$manual"
  [ -z "$output" ]
}

@test "scripts/run passes everything on, however it is called" {
  export CRNG_BUILD=$BUILD
  run -0 --separate-stderr "$TOP/scripts/run" bytes --hex 4
  [ "${#output}" -eq 8 ]
  [ -z "$stderr" ]
  run -2 --separate-stderr "$TOP/scripts/run" bytes 1x
  [[ ${stderr_lines[0]} == "crng bytes: COUNT '1x'"* ]]
  [ "$(echo in | "$TOP/scripts/run" wait -- cat)" = in ]
  run -0 env name=a build=b script=c "$TOP/scripts/run" wait -- sh -c 'echo $name $build $script'
  [ "$output" = "a b c" ]
  if [ "$(id -u)" = 0 ] && setpriv --reuid=65534 test -x "$CRNG"; then
    run -0 --separate-stderr setpriv --reuid=65534 "$TOP/scripts/run" check -v
    [ "$output$stderr" = ready ]
  fi
  ln -s "$TOP/scripts/run" "$BATS_TEST_TMPDIR/link"
  run -0 "$BATS_TEST_TMPDIR/link" check -v
  [ "$output" = ready ]
  cd "$TOP" || return
  run -0 env CDPATH=. TMPDIR=/nonexistent scripts/run check -v
  [ "$output" = ready ]
}

@test "scripts/run builds the tree that it is in, even if that is a copy" {
  sanitized && skip "the test does not depend on the program"
  mkdir "$BATS_TEST_TMPDIR/tree"
  cd "$TOP" || return
  cp -a src man docs scripts share completions integration tests bench build-aux configure* aclocal.m4 \
    Makefile.am Makefile.in config.h.in ./*.md NEWS LICENSE "$BATS_TEST_TMPDIR/tree"
  cd "$BATS_TEST_TMPDIR" || return
  chmod -R u+w tree
  find tree \( -name '*.o' -o -name .dirstamp \) -delete
  unset CRNG_BUILD
  export CFLAGS=-O0
  run -0 --separate-stderr tree/scripts/run check -v
  [ "$output$stderr" = ready ]
  cp -a tree "copy of it"
  sed -i 's/"ready/"ready, too/' "copy of it/src/cmd-check.c"
  run -0 --separate-stderr "copy of it/scripts/run" check -v
  [ "$output$stderr" = "ready, too" ]
  run -0 --separate-stderr tree/scripts/run check -v
  [ "$output$stderr" = ready ]
}

@test "scripts/run works in a tree that was configured in place, and leaves it alone" {
  sanitized && skip "the test does not depend on the program"
  copy=$BATS_TEST_TMPDIR/tree
  run -0 make -C "$BUILD" distdir distdir="$copy" top_distdir="$copy"
  [ -z "$(find "$copy" -name .deps -o -name '*.o' -o -name '*.log')" ]
  chmod -R u+w "$copy"
  unset CRNG_BUILD
  cd "$copy" || return
  ./configure --prefix=/opt/mine CFLAGS=-O0 >log 2>&1
  make -s -j2 >log 2>&1
  before=$(sha256sum config.status config.h Makefile crng)
  run -0 --separate-stderr env CFLAGS=-O0 scripts/run check -v
  [ "$output$stderr" = ready ]
  # Neither objects nor sources of the tree are taken for those of the build.
  sed -i 's/"ready/"ready, too/' src/cmd-check.c
  run -0 --separate-stderr scripts/run check -v
  [ "$output$stderr" = "ready, too" ]
  [ "$(sha256sum config.status config.h Makefile crng)" = "$before" ]
  [ "$(./crng check -v)" = ready ]
  # In the tree itself the program is built as the user has configured it.
  run -0 --separate-stderr env CRNG_BUILD="$copy" scripts/run check -v
  [ "$output$stderr" = "ready, too" ]
  grep -q "^prefix = /opt/mine$" Makefile
}

@test "scripts/run without a compiler, root or sudo says what it needs" {
  unshare -U true 2>/dev/null || skip "no user namespace can be made here"
  bin=$BATS_TEST_TMPDIR/bin
  mkdir "$bin"
  for tool in sh readlink dirname id; do
    ln -s "$(type -P "$tool")" "$bin/$tool"
  done
  run -3 --separate-stderr unshare -U env PATH="$bin" "$bin/sh" "$TOP/scripts/run" check
  [[ $stderr == "run: no package manager known here "*README.md* ]]
  ln -s "$(type -P false)" "$bin/apt-get"
  run -3 --separate-stderr unshare -U env PATH="$bin" "$bin/sh" "$TOP/scripts/run" check
  [ -z "$output" ]
  [[ $stderr == "run: needs root or sudo to install: gcc "* ]]
  [ "${#stderr_lines[@]}" -eq 1 ]
}

@test "configure names a missing library with its packages" {
  # A tree that is configured itself cannot be the source of another build.
  mkdir "$BATS_TEST_TMPDIR/configure"
  cd "$BATS_TEST_TMPDIR/configure" || return
  cp "$TOP/configure" . && ln -s "$TOP/src" "$TOP/build-aux" .
  run -1 --separate-stderr env PKG_CONFIG_LIBDIR=/nonexistent PKG_CONFIG_PATH= ./configure
  [[ $stderr == *"popt"*"libpopt-dev"*"popt-devel"*"popt-dev"* ]]
  for option in --disable-static-program --enable-static-program; do
    run -1 --separate-stderr env PKG_CONFIG=/nonexistent ./configure "$option"
    [[ $stderr == *"pkg-config not found"*"apt-get install pkg-config"* ]]
  done
}

# build_in DIRECTORY OPTION…: builds the tree there, as scripts/test does.
build_in() {
  # shellcheck disable=SC2016 # for the shell that runs it
  sh -c 'script=$TOP/scripts/test && . "$TOP/scripts/setup.sh" && build_in "$@"' sh "$@"
}

# needed PROGRAM: prints the libraries of ours that it loads when it starts.
needed() {
  readelf -d "$1" | sed -nE 's/.*\(NEEDED\).*\[lib(popt|sodium|jansson)\..*/\1/p' | sort | xargs
}

@test "the libraries are linked as --version -v says, shared unless configure was told otherwise" {
  need readelf
  wants=$("$BUILD/config.status" --config)
  run -0 "$CRNG" --version -v
  case $wants in
  *--enable-static-program*) has -F 'linking    static program' && [ -z "$(needed "$CRNG")" ] ;;
  *--enable-static-libs*) has -F 'linking    static libraries' && [ -z "$(needed "$CRNG")" ] ;;
  *) has -F 'linking    shared libraries' && [ "$(needed "$CRNG")" = "jansson popt sodium" ] ;;
  esac
}

@test "--enable-static-libs links archives, and names one that is missing" {
  need readelf
  sanitized && skip "the test does not depend on the program"
  for library in popt libsodium jansson; do
    [ -e "$(pkg-config --variable=libdir "$library")/lib${library#lib}.a" ] ||
      skip "there is no archive of $library"
  done
  build=$BATS_TEST_TMPDIR/static
  run -0 build_in "$build" --enable-static-libs CFLAGS=-O0
  [ -z "$(needed "$build/crng")" ]
  run -0 "$build/crng" --version -v
  has -F 'linking    static libraries'
  run -0 "$build/crng" check
  export POPT_LIBS=-lnonesuch
  run -3 --separate-stderr build_in "$BATS_TEST_TMPDIR/missing" --enable-static-libs
  [[ $stderr == *"--enable-static-libs: no archive of popt. "*popt-static* ]]
}

@test "the benchmarks say which build their figures belong to" {
  linking=$("$CRNG" --version -v | sed -n 's/^  linking *//p')
  [ -n "$linking" ]
  # To run these takes too long.
  for bench in wake crowd history throughput; do
    [ "$(grep -cF -- "--version -v | sed -n '1p; s/^  linking *//p' | paste -sd ' '" "$TOP/bench/$bench")" -eq 1 ]
  done
  need hyperfine jq openssl /usr/bin/python3
  run -0 env RUNS=25 "$TOP/bench/startup" "$CRNG"
  has -F "| \`crng check\`, $linking |"
  has -F "| \`crng bytes --hex 32\`, $linking |"
}

@test "the program is hardened" {
  need readelf
  sanitized && skip "sanitizers exclude some of it"
  run -0 readelf -W -h -l -d "$CRNG"
  [[ $output == *"Type:"*"DYN"* ]]
  [[ $output == *GNU_RELRO* ]]
  [[ $output == *BIND_NOW* || $output == *"Flags: NOW"* || $output == *static* || $output != *NEEDED* ]]
  run ! grep -E 'GNU_STACK.*RWE' <<<"$output"
}

@test "git ignores the files that a build in the tree makes" {
  need git
  git -C "$TOP" ls-files --error-unmatch .gitignore >/dev/null 2>&1 || skip "this is not a git tree"
  run -0 make -s -C "$BUILD" -f Makefile -f - built \
    <<<'built: ; @echo $(bin_PROGRAMS) $(check_PROGRAMS) $(TEST_LOGS) config.h Makefile'
  for file in $output; do
    git -C "$TOP" check-ignore -q --no-index "$file" || echo "not ignored: $file"
    git -C "$TOP" check-ignore -q --no-index "$file"
  done
}
