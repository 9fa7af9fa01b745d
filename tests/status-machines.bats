#!/usr/bin/env bats
# crng status on all kinds of machines: whether they are virtual, and which RNG
# instructions their CPUs have.
# shellcheck disable=SC2154,SC2030,SC2031,SC2034

load helper
load tree

setup() {
  need jq
}

TEXT=%b # a NUL is written as \0

# virtual KIND PATH TEXT…: status reports KIND for the machine with these files.
virtual() {
  local kind=$1 human=$1
  shift
  tree /proc/sys/kernel/osrelease 6.1.0 "$@"
  run -0 --separate-stderr "$CRNG" status --sysroot "$TREE" --json
  [ "$(jq -r .environment.virtualization <<<"$output")" = "$kind" ] ||
    { echo "not $kind: $(jq -r .environment.virtualization <<<"$output") for $*" && return 1; }
  [ "$kind" != none ] || human='not virtual'
  [ "$kind" != null ] || human="not known to be virtual ($(jq -r .reasons.environment.virtualization <<<"$output"))"
  run -0 --separate-stderr "$CRNG" status -v --sysroot "$TREE"
  grep -qxF "  machine        $human" <<<"$output" || { echo "$output" && return 1; }
}

dmi=/sys/class/dmi/id
of=/sys/firmware/devicetree/base
x86='processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu vme'
guest="$x86 hypervisor"
arm='processor\t: 0\nBogoMIPS\t: 108.00\nFeatures\t: fp asimd'
power='processor\t: 0\ncpu\t\t: POWER9, altivec supported\n\ntimebase\t: 512000000\nplatform\t: '
s390='vendor_id       : IBM/S390\n# processors    : 1\nfeatures\t: esan3 zarch stfle msa'

@test "on x86 the CPU tells that a machine is virtual, and the firmware its kind" {
  virtual none /proc/cpuinfo "$x86"
  virtual none /proc/cpuinfo "$x86" $dmi/sys_vendor 'Dell Inc.'
  virtual 'unknown hypervisor' /proc/cpuinfo "$guest"
  virtual qemu /proc/cpuinfo "$guest" $dmi/sys_vendor QEMU
  virtual qemu /proc/cpuinfo "$x86" $dmi/sys_vendor QEMU
  virtual kvm /proc/cpuinfo "$guest" $dmi/product_name KVM $dmi/sys_vendor 'Red Hat'
  virtual vmware /proc/cpuinfo "$guest" $dmi/product_name 'VMware7,1'
  virtual hyper-v /proc/cpuinfo "$guest" $dmi/product_name 'Virtual Machine'
  virtual virtualbox /proc/cpuinfo "$guest" $dmi/product_name VirtualBox
  virtual bhyve /proc/cpuinfo "$guest" $dmi/product_name BHYVE
  virtual bochs /proc/cpuinfo "$guest" $dmi/bios_vendor Bochs
  virtual wsl /proc/cpuinfo "$guest" /proc/sys/kernel/osrelease 5.15.90.1-microsoft-standard-WSL2
  virtual uml /proc/cpuinfo 'processor\t: 0\nvendor_id\t: User Mode Linux'
  # The word is there, but not among the flags.
  virtual none /proc/cpuinfo 'processor\t: 0\nmodel name\t: a hypervisor\nflags\t\t: fpu\nbugs\t\t: hypervisor'
}

@test "the name of a cloud does not prove a virtual machine" {
  virtual amazon /proc/cpuinfo "$guest" $dmi/sys_vendor 'Amazon EC2' $dmi/product_name m5.large
  virtual none /proc/cpuinfo "$x86" $dmi/sys_vendor 'Amazon EC2' $dmi/product_name m5.metal
  virtual amazon /proc/cpuinfo "$arm" $dmi/sys_vendor 'Amazon EC2' $dmi/product_name m6g.large
  virtual none /proc/cpuinfo "$arm" $dmi/sys_vendor 'Amazon EC2' $dmi/product_name m6g.metal
  virtual google /proc/cpuinfo "$guest" $dmi/product_name 'Google Compute Engine'
  virtual none /proc/cpuinfo "$x86" $dmi/product_name 'Google Compute Engine'
}

@test "Xen's first domain has the hardware, and the others do not" {
  xen=/sys/hypervisor
  virtual xen /proc/cpuinfo "$guest" $xen/type xen $xen/properties/features 00002705
  virtual none /proc/cpuinfo "$guest" $xen/type xen $xen/properties/features 00002f05
  virtual none /proc/cpuinfo "$guest" $xen/type xen /proc/xen/capabilities control_d
  virtual xen /proc/cpuinfo "$guest" $xen/type xen /proc/xen/capabilities ''
  virtual xen /proc/cpuinfo "$arm" $of/hypervisor/compatible 'xen,xen-4.17\0xen,xen'
}

@test "on s390x /proc/sysinfo names the hypervisor" {
  sysinfo='Manufacturer:         IBM\nType:                 8561\n\nLPAR Number:          12\nLPAR Name:            A\n'
  virtual kvm /proc/cpuinfo "$s390" /proc/sysinfo "$sysinfo"'\nVM00 Name:            guest\nVM00 Control Program: KVM/Linux'
  virtual zvm /proc/cpuinfo "$s390" /proc/sysinfo "$sysinfo"'\nVM00 Name:            GUEST\nVM00 Control Program: z/VM    7.2.0'
  virtual 'unknown hypervisor' /proc/cpuinfo "$s390" /proc/sysinfo "$sysinfo"'\nVM00 Control Program: other'
  virtual none /proc/cpuinfo "$s390" /proc/sysinfo "$sysinfo"
  virtual null /proc/cpuinfo "$s390"
}

@test "on POWER the device tree and cpuinfo name the hypervisor" {
  virtual qemu /proc/cpuinfo "${power}pSeries\nmachine\t\t: CHRP IBM pSeries (emulated by qemu)"
  virtual qemu /proc/cpuinfo "${power}pSeries" $of/compatible 'qemu,pseries\0'
  virtual kvm /proc/cpuinfo "${power}pSeries" $of/compatible 'qemu,pseries\0' \
    $of/hypervisor/compatible 'linux,kvm\0'
  virtual powervm /proc/cpuinfo "${power}pSeries" $of/compatible 'IBM,9009-42A\0' \
    "$of/ibm,partition-name" 'lpar1\0'
  virtual none /proc/cpuinfo "${power}PowerNV" $of/compatible 'ibm,powernv\0ibm,p9-openpower\0'
  virtual qemu /proc/cpuinfo "${power}PowerNV" $of/compatible 'qemu,powernv9\0ibm,powernv\0'
  virtual null /proc/cpuinfo "${power}pSeries"
}

@test "on ARM, RISC-V, LoongArch and MIPS a board is physical only if something proves it" {
  virtual null /proc/cpuinfo "$arm" $of/compatible 'raspberrypi,4-model-b\0brcm,bcm2711\0'
  virtual null /proc/cpuinfo "$arm" $dmi/sys_vendor Ampere
  virtual qemu /proc/cpuinfo "$arm" $dmi/sys_vendor QEMU
  virtual qemu /proc/cpuinfo "$arm" $of/compatible 'linux,dummy-virt\0' $of/fw-cfg@9020000/reg ''
  virtual 'unknown hypervisor' /proc/cpuinfo "$arm" $of/compatible 'linux,dummy-virt\0'
  virtual kvm /proc/cpuinfo "$arm" $of/hypervisor/compatible 'linux,kvm\0'
  virtual qemu /proc/cpuinfo 'processor\t: 0\nhart\t\t: 0\nisa\t\t: rv64imafdc' $of/compatible 'riscv-virtio\0'
  virtual null /proc/cpuinfo 'processor\t: 0\nhart\t\t: 0\nisa\t\t: rv64imafdc' $of/compatible 'thead,th1520\0'
  virtual null /proc/cpuinfo 'system type\t\t: MIPS Malta\nmachine\t\t\t: mti,malta\nprocessor\t\t: 0'
  virtual null /proc/cpuinfo 'system type\t\t: generic-loongson-machine\n\nprocessor\t\t: 0\nFeatures\t\t: cpucfg lam'
}

@test "without any of these files it is unknown whether the machine is virtual" {
  virtual null /proc/version 'Linux version 6.1'
  [[ $output == *"not known to be virtual ("*")"* ]]
}

# cpu INSTRUCTION PATH TEXT…: status reports INSTRUCTION for the CPU of these files; if
# that is null, for unknown, the reason is in $why.
cpu() {
  local instruction=$1
  shift
  tree /proc/sys/kernel/osrelease 6.1.0 "$@"
  run -0 --separate-stderr "$CRNG" status --sysroot "$TREE" --json
  [ "$(jq -r '.sources.cpu | if . == [] then "none" else . // ["null"] | join(" ") end' <<<"$output")" = "$instruction" ] ||
    { echo "not $instruction: $(jq .sources.cpu,.reasons.sources.cpu <<<"$output") for $*" && return 1; }
  [ "$instruction" = null ] || return 0
  why=$(jq -r .reasons.sources.cpu <<<"$output")
  [ "$(jq -r .reasons.sources.cpu_trusted <<<"$output")" = "$why" ]
}

@test "on x86 and ARM the RNG instruction is among the flags" {
  cpu 'rdrand rdseed' /proc/cpuinfo "$x86 rdseed rdrand"
  cpu rdrand /proc/cpuinfo "$x86 rdrand"
  cpu none /proc/cpuinfo "$x86 rdrandom"
  cpu none /proc/cpuinfo "$x86\nbugs\t\t: rdrand"
  cpu rng /proc/cpuinfo "$arm rng"
  cpu none /proc/cpuinfo "$arm"
  cpu none /proc/cpuinfo 'processor\t: 0\nFeatures\t: half thumb fastmult vfp\nCPU architecture: 7'
  cpu none /proc/cpuinfo 'system type\t\t: generic\n\nprocessor\t\t: 0\nFeatures\t\t: cpucfg lam'
  # A program under linux32 sees this of a 64-bit CPU.
  cpu null /proc/cpuinfo 'processor\t: 0\nFeatures\t: half thumb fastmult vfp\nCPU architecture: 8'
  [ "$why" = "/proc/cpuinfo shows a 64-bit CPU to a 32-bit program" ]
}

@test "on s390x PRNO may have a generator, and only its driver proves it" {
  older='vendor_id       : IBM/S390\nfeatures\t: esan3 zarch stfle'
  cpu none /proc/cpuinfo "$older ldisp"
  cpu none /proc/cpuinfo "$s390\nfacilities      : 0 1 2 17 76 77 157"
  cpu null /proc/cpuinfo "$s390\nfacilities      : 0 1 2 17 57 76 77"
  [ "$why" = "/proc/cpuinfo does not list the functions of PRNO" ]
  cpu null /proc/cpuinfo "$s390"
  cpu trng /proc/cpuinfo "$s390\nfacilities      : 0 1 2 17 57 76 77" /sys/class/misc/trng/dev 10:57
  cpu none /proc/cpuinfo "$s390\nfacilities      : 0 1 2 17 76 77" /sys/class/misc/trng/dev 10:57
}

@test "on RISC-V zkr is one of the extensions of every hart" {
  hart='processor\t: 0\nhart\t\t: 0\nisa\t\t: rv64imafdc'
  cpu zkr /proc/cpuinfo "${hart}_zicsr_zkr_zks\nmmu\t\t: sv57"
  cpu zkr /proc/cpuinfo "${hart}_zkr\nhart isa\t: rv64imafdc_zkr\n\n${hart}_zkr"
  cpu none /proc/cpuinfo "${hart}_zicsr_zkrx_xzkr\nmmu\t\t: sv57"
  cpu none /proc/cpuinfo "$hart"
}

@test "on other CPUs the instruction is none, or unknown with the reason" {
  cpu null /proc/cpuinfo "${power}pSeries"
  [ "$why" = "only AT_HWCAP2 shows it, and only to a program on that machine" ]
  cpu none /proc/cpuinfo 'system type\t\t: MIPS Malta\nprocessor\t\t: 0\nisa\t\t\t: mips1 mips32r2\nASEs implemented\t: vz'
  cpu none /proc/cpuinfo 'cpu\t\t: SPARC-T5\ncpucaps\t\t: flush,stbar,crypto'
  cpu null /proc/cpuinfo 'CPU:\t\t68040\nMMU:\t\t68040'
  [ "$why" = "/proc/cpuinfo does not show RNG instructions" ]
}

@test "the first of 4096 CPUs in cpuinfo is enough" {
  cpus=$(for ((i = 0; i < 4096; i++)); do echo "processor $i: version = FF,  identification = 0133E8,  machine = 2964"; done)
  cpu null /proc/cpuinfo "$s390\nfacilities      : 0 57\n$cpus"
  tree /proc/sys/kernel/osrelease 6.1.0 /proc/sys/kernel/random/poolsize 256
  for ((i = 0; i < 512; i++)); do
    printf 'processor\t: %d\nvendor_id\t: AuthenticAMD\nflags\t\t: fpu vme rdrand rdseed hypervisor\n\n' "$i"
  done >"$TREE/proc/cpuinfo"
  run -0 --separate-stderr "$CRNG" status --sysroot "$TREE" --json
  [ "$(jq -c .sources.cpu <<<"$output")" = '["rdrand","rdseed"]' ]
  [ "$(jq -r .environment.virtualization <<<"$output")" = "unknown hypervisor" ]
}
