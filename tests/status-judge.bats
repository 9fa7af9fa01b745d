#!/usr/bin/env bats
# What crng status concludes from the facts: a table, facts before "--", conclusions after it.
# Facts that a row does not name are unknown (tests/tools/judge.c).

load helper

# What many rows begin with; 11 is EAGAIN.
ready=probe=0 waiting=probe=11
rewrite=pool.poolsize_bits=256 old=pool.poolsize_bits=4096

setup() {
  [ -x "${JUDGE:-}" ] || skip "the table's program is not built"
}

row() {
  "$JUDGE" "$@" || {
    echo "in the row: $*"
    return 1
  }
}

@test "the probe alone decides about the verdict, and the pool whether it is called early" {
  row $ready -- verdict=ready verdict_errno=0 'verdict_source=getrandom(NULL, 0, GRND_NONBLOCK)'
  row $waiting -- verdict=not_ready verdict_errno=0
  row probe=38 -- 'verdict=?getrandom: Function not implemented' verdict_errno=38
  row probe=1 -- 'verdict=?getrandom: Operation not permitted' verdict_errno=1
  row 'probe=?it is a tree' -- 'verdict=?it is a tree' 'verdict_source=?it is a tree' \
    'verdict_errno=?it is a tree'
  row $waiting $rewrite pool.entropy_avail_bits=128 -- verdict=early
  row $waiting $rewrite pool.entropy_avail_bits=127 -- verdict=not_ready
  row $waiting $rewrite pool.entropy_avail_bits=256 -- verdict=not_ready
  row $waiting $old pool.entropy_avail_bits=200 -- verdict=not_ready
  row $ready $rewrite pool.entropy_avail_bits=0 -- verdict=ready
}

@test "the era is told by the pool's size and the thresholds, never by the release" {
  row $rewrite kernel.release=4.4.0 -- 'kernel.rng=256-bit pool (since 5.18; in stable since 2022)'
  row $old read_wakeup=yes write_wakeup=yes -- 'kernel.rng=blocking pool (before 5.6)'
  row $old read_wakeup=no write_wakeup=yes -- 'kernel.rng=4096-bit pool (5.6 to 5.17)'
  row $old read_wakeup=no write_wakeup=no -- \
    'kernel.rng=?/proc/sys/kernel/random is incomplete'
  row $old 'read_wakeup=?hidden' write_wakeup=yes -- \
    'kernel.rng=?/proc/sys/kernel/random is incomplete'
  row 'pool.poolsize_bits=?no such file' read_wakeup=yes -- 'kernel.rng=?no such file'
}

@test "features follow from what the kernel answers, or else from its era" {
  row kernel.grnd_insecure=yes -- kernel.unified_random=yes kernel.jitter_seeding=yes \
    kernel.reseed_ioctl=yes
  row kernel.grnd_insecure=no -- kernel.unified_random=no \
    'kernel.jitter_seeding=?Linux 5.4 and 5.5 have it, older kernels do not, and nothing tells them apart'
  row $rewrite -- kernel.grnd_insecure=yes kernel.unified_random=yes kernel.jitter_seeding=yes
  row $old read_wakeup=yes -- kernel.grnd_insecure=no kernel.unified_random=no
  row kernel.grnd_insecure=no kernel.reseed_ioctl=no -- kernel.jitter_seeding=no
  row kernel.grnd_insecure=yes kernel.reseed_ioctl=no -- kernel.reseed_ioctl=yes \
    kernel.jitter_seeding=yes
  row 'kernel.grnd_insecure=?forbidden' 'pool.poolsize_bits=?no /proc' -- \
    'kernel.grnd_insecure=?no /proc' 'kernel.jitter_seeding=?no /proc'
}

@test "entropy_avail is progress only where this kernel counts in that pool" {
  row $rewrite -- pool.counts_readiness=yes pool.needed_bits=256 pool.drained_by_readers=no
  row $old kernel.grnd_insecure=yes -- pool.counts_readiness=yes pool.needed_bits=128 \
    pool.drained_by_readers=no
  row $old kernel.grnd_insecure=no kernel.reseed_ioctl=yes -- pool.counts_readiness=yes \
    pool.needed_bits=128 pool.drained_by_readers=yes
  row $old kernel.grnd_insecure=no kernel.reseed_ioctl=no -- pool.counts_readiness=no \
    'pool.needed_bits=?readiness does not depend on the bits in this pool' pool.drained_by_readers=yes
  row $old kernel.grnd_insecure=no 'kernel.reseed_ioctl=?silent' -- \
    'pool.counts_readiness=?nothing shows whether this is Linux 4.17 or later'
  row pool.poolsize_bits=512 -- \
    'pool.counts_readiness=?no known kernel has a pool of that size'
  row 'pool.poolsize_bits=?no such file' -- 'pool.counts_readiness=?no such file' \
    'pool.needed_bits=?no such file' 'pool.drained_by_readers=?no such file'
}

@test "the CPU is trusted by switch, build or age, in this order" {
  cpu='sources.cpu=rdrand rdseed'
  row "$cpu" kernel.trust_cpu=on kernel.config_trust_cpu=n -- sources.cpu_trusted=yes \
    'sources.cpu_trusted_because=command line: random.trust_cpu=on'
  row "$cpu" kernel.trust_cpu=off kernel.config_trust_cpu=y -- sources.cpu_trusted=no
  row "$cpu" kernel.config_trust_cpu=y -- sources.cpu_trusted=yes \
    'sources.cpu_trusted_because=built with RANDOM_TRUST_CPU'
  row "$cpu" kernel.config_trust_cpu=n -- sources.cpu_trusted=no
  row "$cpu" kernel.config_trust_cpu=absent $rewrite -- sources.cpu_trusted=yes
  row "$cpu" kernel.config_trust_cpu=absent $old -- sources.cpu_trusted=no \
    'sources.cpu_trusted_because=the kernel is too old to credit it'
  # The switch came with the build option: a kernel that is too old for both ignores it.
  row "$cpu" kernel.trust_cpu=on kernel.config_trust_cpu=absent $old -- sources.cpu_trusted=no
  row "$cpu" -- "sources.cpu_trusted=?the kernel's build default is unknown"
  row sources.cpu=none kernel.nordrand=yes -- sources.cpu_trusted=no \
    'sources.cpu_trusted_because=nordrand on the command line'
  row sources.cpu=none kernel.trust_cpu=on -- sources.cpu_trusted=no
  # The switch is there, and the CPU has the instruction: the kernel does not obey it.
  row "$cpu" kernel.nordrand=yes kernel.config_trust_cpu=y -- sources.cpu_trusted=yes
  row sources.cpu=darn kernel.trust_cpu=on -- \
    "sources.cpu_trusted=?a hypervisor may answer in place of the instruction"
  row 'sources.cpu=?hidden' kernel.trust_cpu=on -- 'sources.cpu_trusted=?hidden' \
    'sources.cpu_trusted_because=?it is unknown whether it is trusted'
}

@test "the log tells when it was ready, or why it does not" {
  row event=fast_init@500000 event=ready@1500999 -- ready_seconds=1500
  row event=pool_ready@2000 -- ready_seconds=2
  row event=ready_trusted@0 event=ready@9000000 -- ready_seconds=0
  row log -- 'ready_seconds=?the kernel has not logged it'
  row log.wrapped log.lost -- 'ready_seconds=?the early part of the log is lost'
  row log.lost -- 'ready_seconds=?records of the log were lost while it was read'
  row -- 'ready_seconds=?not collected'
}

@test "ready by fast init alone is weak, and only a complete log of the kernel shows it" {
  row $ready $old event=fast_init@2500000 -- weak_readiness=yes ready_seconds=2500 \
    kernel.fast_init_enough=yes
  row $ready $old event=fast_init@2500000 event=ready@3000000 -- weak_readiness=no \
    ready_seconds=3000
  row $ready $old event=fast_init@2500000 log.journal -- \
    'weak_readiness=?the log is incomplete'
  row $ready $old event=fast_init@2500000 log.wrapped -- \
    'weak_readiness=?the log is incomplete'
  row $ready $old log -- 'weak_readiness=?the kernel has not logged how it became ready'
  row $ready $rewrite log -- weak_readiness=no kernel.fast_init_enough=no
  row $waiting $old event=fast_init@2500000 waits_after_log=yes -- weak_readiness=no \
    kernel.fast_init_enough=no
  row $waiting $old event=fast_init@2500000 waits_after_log=no -- \
    'kernel.fast_init_enough=?the log does not show it'
  row $old -- 'kernel.fast_init_enough=?not collected'
  row $old kernel.reseed_ioctl=no kernel.grnd_insecure=no event=fast_init@2500000 -- \
    kernel.fast_init_enough=yes
}

@test "a daemon is of use where the kernel does not seed itself, and rngd by its device" {
  row sources.daemons=haveged daemon_units=haveged.service kernel.grnd_insecure=yes -- \
    sources.daemons_useful=no daemons_useless=haveged.service
  row sources.daemons=haveged daemon_units=haveged.service kernel.grnd_insecure=no -- \
    sources.daemons_useful=yes daemons_useless=none
  row sources.daemons=haveged daemon_units=haveged.service kernel.grnd_insecure=yes \
    event=no_cycle_counter@0 -- sources.daemons_useful=yes daemons_useless=none
  row sources.daemons=rngd daemon_units=rngd.service kernel.grnd_insecure=yes \
    sources.hwrng_quality=0 -- sources.daemons_useful=yes
  row sources.daemons=rngd daemon_units=rngd.service kernel.grnd_insecure=yes \
    sources.hwrng_quality=1024 -- sources.daemons_useful=no daemons_useless=rngd.service
  row sources.daemons=rngd daemon_units=- kernel.grnd_insecure=yes sources.hwrng_current=none -- \
    sources.daemons_useful=no daemons_useless=none
  row 'sources.daemons=haveged rngd' 'daemon_units=haveged.service rng-tools.service' \
    kernel.grnd_insecure=yes sources.hwrng_quality=0 -- sources.daemons_useful=yes \
    daemons_useless=haveged.service
  row 'sources.daemons=haveged urngd egd' 'daemon_units=haveged.service - -' \
    kernel.grnd_insecure=yes -- daemons_useless=haveged.service
  row sources.daemons=none daemon_units=none kernel.grnd_insecure=yes -- \
    'sources.daemons_useful=?no daemon runs' daemons_useless=none
  row 'sources.daemons=?no /proc' -- 'sources.daemons_useful=?no /proc'
}

@test "the boot time is in whole seconds" {
  row boot_usec=1760000000999999 -- environment.boot_time_seconds=1760000000
  row 'boot_usec=?no clock' -- 'environment.boot_time_seconds=?no clock'
}

@test "a host key is early from the second of the boot up to that of readiness" {
  boot=boot_usec=1000999999 key=/etc/ssh/ssh_host_rsa_key
  row $boot event=ready@5900000 key=$key@1000 -- environment.early_host_key=$key
  row $boot event=ready@5900000 key=$key@1004 -- environment.early_host_key=$key
  row $boot event=ready@5900000 key=$key@1005 -- environment.early_host_key=none
  row $boot event=ready@5900000 key=$key@999 -- environment.early_host_key=none
  row $boot event=ready@5900000 key=/a@999 key=/b@1001 key=/c@1002 -- environment.early_host_key=/b
  row $boot $waiting log key=$key@999999 -- environment.early_host_key=$key
  row $boot $ready log key=$key@1001 -- \
    'environment.early_host_key=?the kernel has not logged it'
  row 'boot_usec=?no clock' event=ready@1 key=$key@1 -- \
    'environment.early_host_key=?no clock'
  row $boot event=ready@5900000 keys -- environment.early_host_key=none
  row $boot event=ready@5900000 key=$key@1001 key=/b@1009 keys.more -- environment.early_host_key=$key
  row $boot event=ready@5900000 key=/b@1009 keys.more -- \
    'environment.early_host_key=?there are too many SSH host keys to examine'
  row $boot event=ready@5900000 -- 'environment.early_host_key=?not collected'
}

@test "readiness needs help where it has not come, came late, or was never logged" {
  row $waiting -- needs_help=yes
  row $ready -- needs_help=no
  row $ready event=ready@3000999 -- needs_help=no
  row $ready event=ready@3001000 -- needs_help=yes
  row $waiting event=ready@100 -- needs_help=yes
  row event=ready@3001000 -- needs_help=yes
  row event=fast_init@1000 -- needs_help=yes
  row event=fast_init@1000 log.wrapped -- needs_help=no
  row event=fast_init@1000 log.lost -- needs_help=no
  # Linux 7.0 says nothing of the RNG before it is ready.
  row log $rewrite -- needs_help=yes
  row log.wrapped $rewrite -- needs_help=no
  row log.lost $rewrite -- needs_help=no
  row log $old -- needs_help=no
  row log -- needs_help=no
  row -- needs_help=no
}

# What the rows about clones conclude.
stale=environment.cloned_not_reseeded because=environment.cloned_because
counts='VMClock has counted a clone since crng recorded its counter'
reseeded='the kernel reseeded the RNG when the machine was last cloned'

@test "a clone was not reseeded if VMClock has counted it and the kernel logs no reseed" {
  clone=(sources.vm_generation=6 vm_recorded=5)
  row "${clone[@]}" sources.vmgenid=no -- $stale=yes "$because=$counts"
  row "${clone[@]}" sources.vmgenid=no log.wrapped -- $stale=yes
  row "${clone[@]}" log -- $stale=yes
  row "${clone[@]}" sources.vmgenid=yes log -- $stale=yes
  row "${clone[@]}" sources.vmgenid=yes environment.virtualization=none log -- $stale=yes
  for gap in log.wrapped log.lost log.journal; do
    row "${clone[@]}" sources.vmgenid=yes $gap -- \
      "$stale=?VMClock has counted a clone, but the log that would show a reseed by the kernel is incomplete"
  done
  row "${clone[@]}" sources.vmgenid=yes -- \
    "$because=?VMClock has counted a clone, but the log that would show a reseed by the kernel is incomplete"
  row sources.vm_generation=5 vm_recorded=6 sources.vmgenid=no -- $stale=yes
}

@test "the kernel's reseed of a clone counts if it came after crng recorded VMClock's counter" {
  clone=(sources.vm_generation=6 vm_recorded=5 boot_usec=1000000000 sources.vmgenid=yes)
  fork=event=reseed_vm_fork
  row "${clone[@]}" vm_recorded_at=1050 $fork@51000000 -- $stale=no "$because=$reseeded"
  row "${clone[@]}" vm_recorded_at=1050 $fork@51000000 log.wrapped -- $stale=no
  row "${clone[@]}" vm_recorded_at=1050 $fork@50999999 -- $stale=yes
  row "${clone[@]}" vm_recorded_at=1050 $fork@50999999 log.wrapped -- \
    "$stale=?VMClock has counted a clone, but the log that would show a reseed by the kernel is incomplete"
  row "${clone[@]}" vm_recorded_at=1050 $fork@7 $fork@51000000 -- $stale=no
  row "${clone[@]}" vm_recorded_at=1050 $fork@51000000 log.dmesg -- $stale=yes
  row "${clone[@]}" sources.vmgenid=no vm_recorded_at=1050 $fork@51000000 -- $stale=yes
  row "${clone[@]}" 'vm_recorded_at=?gone' $fork@51000000 -- \
    "$stale=?it is unknown whether the kernel reseeded the RNG before or after crng recorded VMClock's counter"
  row "${clone[@]}" 'boot_usec=?no clock' vm_recorded_at=1050 $fork@51000000 -- \
    "$stale=?it is unknown whether the kernel reseeded the RNG before or after crng recorded VMClock's counter"
}

@test "there is no clone to reseed if VMClock counts none, the kernel reseeded, or nobody clones" {
  row sources.vm_generation=5 vm_recorded=5 -- $stale=no \
    "$because=VMClock has counted no clone since crng recorded its counter"
  row event=reseed_vm_fork@1000 -- $stale=no "$because=$reseeded"
  row event=reseed_vm_fork@1000 sources.vm_generation=5 log.wrapped -- $stale=no
  row environment.virtualization=none -- $stale=no "$because=this is not a virtual machine"
}

@test "silence about clones proves nothing without a witness, or if the log is incomplete" {
  nothing='nothing here would show it: no vmgenid, and no counter of VMClock that crng recorded'
  row log environment.virtualization=qemu -- "$stale=?$nothing" "$because=?$nothing"
  row log sources.vmgenid=no sources.vm_generation=5 -- "$stale=?$nothing"
  row log sources.vmgenid=no vm_recorded=5 -- "$stale=?$nothing"
  row event=reseed_vm_fork@1000 log.dmesg -- "$stale=?$nothing"
  row environment.virtualization=none sources.vm_generation=5 -- "$stale=?$nothing"
  row sources.vmgenid=yes log -- \
    "$stale=?vmgenid has reported no clone, but a hypervisor that keeps its ID would not show one"
  for gap in log.wrapped log.lost log.journal; do
    row sources.vmgenid=yes $gap -- "$stale=?the log is incomplete"
  done
  row sources.vmgenid=yes -- "$stale=?not collected"
}
