#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The services of OpenRC, in the OpenRC of Debian.
# shellcheck disable=SC2030,SC2031,SC2154

load ../helper
load ../packages
load ../init

setup_file() {
  init_tree openrc
  can need_trees || return 0
  cp -r "$TOP"/integration/openrc/* "$TREE/etc"
  # The services of the test say whether the RNG is ready when they start.
  for service in 'early:keyword -timeout' 'keys:after entropy' 'secret:need entropy'; do
    put 755 "/etc/init.d/${service%%:*}" <<END
#!/sbin/openrc-run
depend() { ${service#*:}; }
start() { if crng check; then printf "\\n%s ready\\n" "\$RC_SVCNAME"; else printf "\\n%s unready\\n" "\$RC_SVCNAME"; fi; }
END
  done
  printf '#!/sbin/openrc-run\nstart() { :; }\n' | put 755 /etc/init.d/localmount
  put 755 /boot.sh <<'END'
#!/bin/sh
# The log of each runlevel would hide what crng says later.
sed -i 's/^#*rc_logger=.*/rc_logger="NO"/' /etc/rc.conf
ln -sf /proc/1/fd/1 /dev/console
for level in sysinit boot default; do
  find /etc/runlevels/$level -type l -delete
done
for service in $SERVICES; do
  rc-update -q add "${service#*:}" "${service%%:*}" >&2
done
for level in sysinit boot default; do
  openrc $level 2>&1
  echo "$level is over"
done
eval "$AFTER"
END
}

setup() {
  need_init
  rm -f "$TREE/etc/conf.d/crng"
}

ALL="sysinit:crng-gather boot:crng default:early default:keys"

# openrc OPTION… -- [AFTER]: boots with $SERVICES, "RUNLEVEL:NAME …", under fakeboot with
# these options, by the command $BOOTED, and then runs AFTER.
BOOTED=(booted)
openrc() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  "${BOOTED[@]}" "${options[@]}" -- env SERVICES="$SERVICES" AFTER="${2:-}" timeout 300 /boot.sh
}

@test "OpenRC accepts the services, and starts them before those that depend on them" {
  SERVICES="$ALL boot:crng-seed boot:localmount" run -0 openrc --ready-after 0 -- \
    'rc-update show; rc-status sysinit boot; rc-service crng describe; grep crng /run/openrc/deptree'
  [[ $output != *"has syntax errors"* ]]
  for line in 'crng-gather \|.* sysinit' 'crng \| boot' 'crng +\[ +started +\]' 'crng-gather +\[ +started +\]' \
    'Waits until the kernel RNG is ready' "_providedby_0='crng'" "_providedby_0='crng-seed'"; do
    has -E "$line"
  done
}

@test "the boot goes on while crng waits, and a service that is after entropy starts after that" {
  BOOTED=(booted_until "early unready" "boot is over")
  SERVICES=$ALL run -0 openrc --
  in_order "sysinit is over" "boot is over" "early unready" "keys ready" "default is over"
}

@test "without crng-gather, the boot waits for crng" {
  SERVICES="boot:crng default:early default:keys" run -0 openrc --ready-on block+1s --
  in_order "sysinit is over" "boot is over" "early ready" "keys ready"
}

@test "without a ready RNG crng fails and shows the status, and only services that need it do not start" {
  echo 'crng_limit=3s' | put 644 /etc/conf.d/crng
  SERVICES="$ALL default:secret" run -0 openrc -- 'rc-status default; rc-service crng status; echo "crng: $?"'
  in_order "sysinit is over" "boot is over" "early unready" "keys unready" "default is over"
  for text in 'crng wait: timed out before the RNG was ready' 'The kernel RNG is not ready' \
    'Not ready' 'Boot timeline' 'ERROR: crng failed to start' \
    'ERROR: cannot start secret as crng would not start' 'crng: 3'; do
    has -F "$text"
  done
  [[ $output != *"secret ready"* && $output != *"secret unready"* ]]
  has -E 'secret +\[ +stopped +\]'
}

@test "crng waits at most 5 minutes if conf.d/crng does not set another limit" {
  [ ! -e "$TREE/etc/conf.d/crng" ]
  cp "$TOP/integration/openrc/conf.d/crng" "$TREE/etc/conf.d"
  SERVICES=boot:crng run -0 openrc --ready-on block+1s -- 'rc-service --debug crng restart 2>&1'
  has -F 'crng wait -t 5m'
}

# Puts the files of the tree in the place of this machine's files, but keeps its root and
# its processes, because crng keeps no seed in a container.
# shellcheck disable=SC2016 # for sh
KEEPS='cd "$1"
  for dir in usr etc; do mount --bind $dir /$dir; done
  mount --bind var/lib /var/lib
  mount -t tmpfs tmpfs /run
  mount -t tmpfs tmpfs /sys/fs/cgroup
  mkdir -p /run/openrc
  cd /
  export PATH=/usr/sbin:/usr/bin:/sbin:/bin
  rc-update -qq -u
  echo boot >/run/openrc/softlevel
  eval "$2"'

# keeps OPTION… -- CMD: runs the shell command CMD with KEEPS, under fakeboot with these
# options.
keeps() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  fakeboot --admin "${options[@]}" -- unshare -m --propagation private sh -uc "$KEEPS" sh "$TREE" "$2" 2>&1
}

need_keeps() {
  need_fakeboot --admin
  [ -L /bin ] || skip "this machine has a /bin of its own, beside /usr/bin"
  [ "$("$CRNG" status --json | jq -r .environment.container)" = none ] || skip "the RNG of a container is that of its host"
  case $(stat -f -c %T "$TREE") in
  tmpfs | ramfs | overlayfs) skip "a seed in memory is never credited" ;;
  esac
  rm -rf "$TREE/var/lib/seedrng"
}

@test "crng-seed loads a seed and saves one when it is started, and saves one when it is stopped" {
  need_keeps
  run -0 keeps --ready-after 0 -- 'rc-service crng-seed start && rc-service crng-seed status &&
    sha256sum /var/lib/seedrng/seed.credit && rc-service crng-seed stop && sha256sum /var/lib/seedrng/seed.credit'
  has -F "Loading the seed of the kernel RNG"
  has -F "Saving a seed of the kernel RNG"
  has -F "status: started"
  [ "$(grep -oE '^[0-9a-f]{64}' <<<"$output" | sort -u | wc -l)" -eq 2 ]
  [ "$(stat -c %s:%a "$TREE/var/lib/seedrng/seed.credit")" = 32:400 ]
  # The next boot is ready once it has been loaded.
  run -0 keeps --ready-on credit -- 'crng check || echo unready; rc-service crng-seed start; crng check && echo ready'
  in_order unready ready
}

@test "the first boot of crng-seed succeeds, although its seed has no credit yet" {
  need_keeps
  run -0 keeps -- 'rc-service crng-seed start && rc-service crng-seed stop && ls /var/lib/seedrng'
  has -F seed.no-credit
  [[ $output != *ERROR* && $output != *'!!'* ]]
}

@test "crng-seed does not start beside SeedRNG, and says how to replace it" {
  need_keeps
  printf '#!/sbin/openrc-run\nstart() { :; }\n' | put 755 /etc/init.d/seedrng
  mkdir -p "$TREE/etc/runlevels/boot"
  ln -s /etc/init.d/seedrng "$TREE/etc/runlevels/boot/seedrng"
  run -1 keeps --ready-after 0 -- 'rc-service crng-seed start'
  has -F "run 'rc-update del seedrng boot' to use crng-seed"
  [ ! -e "$TREE/var/lib/seedrng" ]
  run -0 keeps --ready-after 0 -- 'rc-update del seedrng boot && rc-service crng-seed start'
}
