# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# For the suites in tests/packages: bare trees of Debian, and the packages of crng.

# The directory of everything that is made once for all suites.
KEPT=${BUILD:-}/package-test

need_trees() {
  [ -f "${BUILD:-}/Makefile" ] || skip "BUILD is not a build directory"
  [ -w "$BUILD" ] || skip "the build directory is not writable"
  [ "$(id -u)" -eq 0 ] || skip "making a tree of Debian needs root"
  need mmdebstrap unshare flock apt-get
  mkdir -p "$KEPT"
}

# can FUNCTION ARG…: FUNCTION does not skip. bats would take a skip in setup_file for a
# failure, so setup_file returns where it cannot go on, and setup skips.
can() {
  [ "$("$@" >&2 && echo yes)" = yes ]
}

# mirrors SUITE: prints the lines of sources.list, with the mirrors of this machine.
mirrors() {
  local main security
  main=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/*$' | head -n 1)
  security=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 -- -security) || true
  main=${main:-http://deb.debian.org/debian}
  echo "deb $main $1 main"
  echo "deb ${security:-${main%/}-security} $1-security main"
}

# again CMD…: runs CMD up to three times. A mirror can fail to answer for a moment.
again() {
  "$@" || { sleep 5 && "$@"; } || { sleep 30 && "$@"; }
}

# download_base SUITE TARBALL: closes descriptors, as mmdebstrap hands some on to dash, which
# knows none above 9.
download_base() {
  mirrors "$1" | mmdebstrap --quiet --mode=root --variant=minbase --format=tar \
    --aptopt='APT::Sandbox::User "root"' --aptopt='Acquire::Retries "5"' "$1" "$2" - 3>&- 4>&- 9>&-
}

# base SUITE: makes the tarball of a bare tree once, and prints its name.
base() {
  local tarball=$KEPT/$1.tar
  (
    flock 9
    [ ! -e "$tarball" ] || exit 0
    again download_base "$1" "$tarball.new" && mv "$tarball.new" "$tarball"
  ) 9>"$KEPT/$1.lock" >&2 || return
  echo "$tarball"
}

# make_tree SUITE DIRECTORY PACKAGE…: makes a bare tree of Debian, and installs the packages
# in it. What apt downloads is kept for the next tree.
make_tree() {
  local tarball tree=$2
  tarball=$(base "$1") || return
  mkdir -p "$tree" "$KEPT/archives-$1/partial"
  tar -C "$tree" -xf "$tarball"
  printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
  chmod 755 "$tree/usr/sbin/policy-rc.d"
  shift 2
  [ $# -eq 0 ] || install_in "$tree" "$@"
}

# install_in TREE PACKAGE…: installs packages, or files *.deb, which are copied.
install_in() {
  local tree=$1 suite package names=()
  shift
  suite=$(sed -n 's/^VERSION_CODENAME=//p' "$tree/etc/os-release")
  for package; do
    [ ! -f "$package" ] || { cp "$package" "$tree/tmp" && package=/tmp/${package##*/}; }
    names+=("$package")
  done
  mkdir -p "$tree/var/cache/apt/archives"
  BOUND="$KEPT/archives-$suite:/var/cache/apt/archives" in_tree "$tree" sh -ec '
    exec 9>/var/cache/apt/archives/one-at-a-time
    flock 9
    export DEBIAN_FRONTEND=noninteractive
    install="apt-get -q -y --no-install-recommends -o Dpkg::Options::=--force-confold \
      -o Dpkg::Options::=--force-unsafe-io -o Acquire::Retries=5 \
      -o APT::Keep-Downloaded-Packages=true -o APT::Sandbox::User=root install"
    [ -n "$(ls /var/lib/apt/lists/*_Packages 2>/dev/null)" ] || apt-get -q update
    $install -d "$@" 9>&- || { sleep 10 && apt-get -q update && $install -d "$@" 9>&-; }
    $install "$@" 9>&-
    rm -f /tmp/*.deb' sh "${names[@]}"
}

# The mounts of a tree: $1 is the tree, $2 a directory and its place in it, or nothing.
# shellcheck disable=SC2016 # for sh
MOUNTS='tree=$1 bound=$2
  shift 2
  mount --bind "$tree" "$tree"
  cd "$tree"
  mount -t proc proc proc
  mount -t sysfs -o ro sysfs sys 2>/dev/null || mount --rbind /sys sys
  mount -t tmpfs -o mode=755 tmpfs dev
  for device in null zero full random urandom tty; do
    : >dev/$device
    mount --bind /dev/$device dev/$device
  done
  mkdir dev/pts dev/shm
  mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
  mount -t tmpfs -o mode=1777 tmpfs dev/shm
  mount -t tmpfs -o mode=755 tmpfs run
  mkdir run/lock
  [ -z "$bound" ] || mount --bind "${bound%%:*}" "./${bound#*:}"
  cp -L /etc/resolv.conf etc/resolv.conf
  exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    LC_ALL=C.UTF-8 TERM=dumb chroot . "$@"'

# in_tree TREE CMD…: runs CMD in the tree, in namespaces of its own. $BOUND, "HERE:THERE",
# binds a directory of this machine.
in_tree() {
  local tree=$1
  shift
  unshare -m -p -u -i -f --kill-child --propagation private \
    sh -euc "$MOUNTS" sh "$tree" "${BOUND:-}" "$@" 9>&-
}

# deb_is_new: succeeds if the packages are there, and newer than their sources.
deb_is_new() {
  local sources
  sources=$(echo "$BUILD"/deb/crng_*.orig.tar.xz)
  [ -f "$sources" ] && [ -n "$(ls "$BUILD"/deb/crng_*.changes)" ] &&
    [ -z "$(cd "$TOP" && find configure.ac Makefile.am ./*.md NEWS src man docs scripts share \
      completions integration packaging -name '*.[ao]' -o -name '*.Po' -o \
      -type f -newer "$sources" -print -quit)" ]
}

# shellcheck disable=SC2034 # for the suites
# need_deb: builds the packages unless they are newer than all sources, and sets $DEB and
# $DEB_STATIC to their names.
need_deb() {
  need_trees
  need dpkg-buildpackage dh
  (
    flock 9
    deb_is_new || env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$BUILD" deb 9>&-
  ) 9>"$KEPT/deb.lock" >"$KEPT/deb.log" 2>&1 ||
    { tail -n 50 "$KEPT/deb.log" && return 1; }
  # shellcheck disable=SC2034 # for the suites
  DEB=$(echo "$BUILD"/deb/crng_*.deb) DEB_STATIC=$(echo "$BUILD"/deb/crng-static_*.deb)
}

# need_tarball DIRECTORY: makes the tarball of "make dist" there; $TARBALL is its name.
need_tarball() {
  TARBALL=$1/crng-$("$CRNG" --version | cut -d ' ' -f 2).tar.xz
  (
    flock 9
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$BUILD" dist 9>&- >&2 &&
      cp "$BUILD/${TARBALL##*/}" "$TARBALL"
  ) 9>"$KEPT/deb.lock"
}

# files_of TREE: lists everything in the tree, except directories that are used only at
# run time, the file that in_tree writes, and /home/build.
files_of() {
  (cd "$1" && find . \( -path './dev/*' -o -path './proc/*' -o -path './sys/*' -o -path './run/*' \
    -o -path './tmp/*' -o -path ./etc/resolv.conf -o -path './home/build/*' \) -prune -o \
    \( -type d -printf '%M %u:%g %p\n' -o -printf '%M %u:%g %s %T@ %p %l\n' \) | LC_ALL=C sort -k 3)
}
