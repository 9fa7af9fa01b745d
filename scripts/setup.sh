# scripts/run and scripts/test source this, with their name in $script. It installs
# missing packages and builds the program.
# shellcheck shell=sh

# shellcheck disable=SC2154 # set by the script that sources this
top=$(CDPATH='' cd -- "$(dirname -- "$script")/.." && pwd)
# shellcheck disable=SC2034 # for the scripts that source this
build=${CRNG_BUILD:-$top/build}

fail() {
  echo "${script##*/}: $*" >&2
  exit 3
}

# manager: prints the first package manager that is installed.
manager() {
  for name in apt-get dnf apk pacman zypper; do
    if command -v "$name" >/dev/null; then
      echo "$name"
      return
    fi
  done
  fail "no package manager known here (apt, dnf, apk, pacman, zypper); see README.md for what to install"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# install_with MANAGER PACKAGE…: says nothing unless it fails.
install_with() {
  install_manager=$1
  shift
  [ "$(id -u)" -eq 0 ] || have sudo || fail "needs root or sudo to install: $*"
  echo "installing: $*" >&2
  install_log=$(mktemp)
  {
    case $install_manager in
    apt-get)
      as_root apt-get -q update &&
        as_root env DEBIAN_FRONTEND=noninteractive \
          apt-get -q -y --no-install-recommends install "$@"
      ;;
    dnf) as_root dnf -q -y install "$@" ;;
    apk) as_root apk add -q "$@" ;;
    pacman) as_root pacman -Sy --noconfirm --needed "$@" ;;
    zypper) as_root zypper -n -q install "$@" ;;
    esac
  } </dev/null >"$install_log" 2>&1 || {
    cat "$install_log" >&2
    rm -f "$install_log"
    fail "could not install: $*"
  }
  rm -f "$install_log"
}

have() {
  for tool; do
    command -v "$tool" >/dev/null || return 1
  done
}

need_to_build() {
  have cc make autoreconf automake pkg-config xz &&
    pkg-config --exists 'popt >= 1.16' 'libsodium >= 1.0.12' 'jansson >= 2.9' &&
    return
  name=$(manager) || exit 3
  case $name in
  apt-get) set -- gcc libc6-dev make autoconf automake pkg-config xz-utils \
    libpopt-dev libsodium-dev libjansson-dev ;;
  dnf) set -- gcc make autoconf automake pkgconf-pkg-config xz \
    popt-devel libsodium-devel jansson-devel ;;
  apk) set -- build-base linux-headers autoconf automake pkgconf xz popt-dev \
    libsodium-dev jansson-dev ;;
  pacman) set -- gcc make autoconf automake pkgconf xz popt libsodium jansson ;;
  zypper) set -- gcc make autoconf automake pkg-config xz \
    popt-devel libsodium-devel libjansson-devel ;;
  esac
  install_with "$name" "$@"
}

# is_configured SOURCE: the Makefile here builds that tree, and not one that it was copied
# from.
is_configured() {
  source_directory=$(sed -n 's/^abs_top_srcdir = //p' Makefile 2>/dev/null)
  [ "$(CDPATH='' cd -- "${source_directory:-/}" 2>/dev/null && pwd -P)" = "$1" ]
}

# configure_here SOURCE CONFIGURE-OPTION…: removes the objects of another tree, then
# configures. The path is relative if possible, since configure takes no blank in an
# absolute one.
configure_here() {
  configure=$1/configure
  shift
  find . \( -name '*.o' -o -name '*.Po' \) -exec rm -f {} + || return
  case $configure in
  "$PWD/source/configure") configure=source/configure ;;
  "${PWD%/*}/configure") configure=../configure ;;
  esac
  "$configure" "$@"
}

# copy_source: a tree that is configured itself cannot be the source of another build, so
# its own makefile copies what a tarball has to "source" here, with all times.
copy_source() {
  make -s -C "$top" distdir distdir="$PWD/source" top_distdir="$PWD/source"
}

# build_here CONFIGURE-OPTION…
build_here() {
  source=$top
  if [ -e "$top/config.status" ] && [ "$PWD" != "$top" ]; then
    source=$PWD/source
    [ ! -w . ] || copy_source || return
  fi
  is_configured "$source" || configure_here "$source" "$@" || return
  make -s -j2
}

# build_in DIRECTORY CONFIGURE-OPTION…: prints nothing if there is nothing to build; then
# the directory may belong to another user.
build_in() {
  build_directory=$1 build_log=$1/build.log
  shift
  mkdir -p "$build_directory" || fail "cannot build in $build_directory"
  [ -w "$build_directory" ] || build_log=/dev/null
  {
    { [ -x "$top/configure" ] || (cd "$top" && autoreconf -fi); } &&
      cd -P "$build_directory" && build_here "$@"
  } </dev/null >"$build_log" 2>&1 || {
    cat "$build_log" >&2
    [ -w "$build_directory" ] || fail "may not build in $build_directory"
    fail "could not build in $build_directory"
  }
}
