#!/usr/bin/env bats
# The hooks in integration/clone, against real counterparts where they can be had. A crng that
# only takes notes shows what reaches it; the real one shows that the kernel is reseeded.
# shellcheck disable=SC2030,SC2031,SC2154

load helper
load systemd
load guest

HOOKS=$TOP/integration/clone

setup() {
  enter_work
  mkdir bin notes
  PATH=$PWD/bin:$PATH:/usr/sbin
  cat >bin/notes-crng <<NOTES
#!/bin/sh
cd '$PWD/notes' || exit
echo "\$@" >>arguments
[ "\${2#--input}" = "\$2" ] || cat >"input.\$(ls | wc -l)"
if [ -e ../fails ]; then
  echo 'crng reseed: no privilege: a reseed takes CAP_SYS_ADMIN' >&2
  exit 3
fi
printf '{\n  "reseeded": true\n}\n'
NOTES
  chmod +x bin/notes-crng
  BACKGROUND=()
}

teardown() {
  [ "${#BACKGROUND[@]}" -eq 0 ] || kill "${BACKGROUND[@]}" 2>/dev/null || true
  [ -z "${BOOT:-}" ] || kill -9 "$BOOT" || true
}

# background CMD…: runs CMD until the end of the test.
background() {
  "$@" >background.log 2>&1 3>&- &
  BACKGROUND+=($!)
}

# need_reseed: skips where crng reseed cannot work.
need_reseed() {
  "$CRNG" reseed -q --any 2>why || skip "$(head -n 1 why)"
}

# inputs N: crng was given N inputs of 32 bytes, all different.
inputs() {
  [ "$(cat notes/input.* | wc -c)" -eq $(($1 * 32)) ]
  [ "$(sha256sum notes/input.* | cut -d ' ' -f 1 | sort -u | wc -l)" -eq "$1" ]
}

# exec_start UNIT: the command of the unit, with another crng.
exec_start() {
  sed -nE "s%^ExecStart=%%; T; s%/usr/bin/crng%$2%; s/[$][$]/\$/g; p" "$HOOKS/$1"
}

# vsock CRNG: a guest in which that crng answers, behind host.sock.
vsock() {
  need socat python3 systemd-socket-activate
  local start
  start=$(exec_start crng-reseed-vsock@.service "$1")
  background systemd-socket-activate -a --inetd -l "$PWD/guest.sock" sh -c "exec $start 2>&1"
  background python3 "$TOP/tests/tools/hybrid-vsock" "$PWD/host.sock" "$PWD/guest.sock"
  eventually test -S host.sock
  eventually test -S guest.sock
}

@test "systemd accepts the units, without a remark" {
  need systemd-analyze
  for unit in "$HOOKS"/*.service "$HOOKS"/*.socket; do
    sed "s%/usr/bin/crng%$CRNG%; s%/usr/libexec%$HOOKS%; s%/usr/bin/systemctl%$(type -P true)%" \
      "$unit" >"${unit##*/}"
  done
  printf '[Service]\nExecStart=%s\n' "$(type -P true)" >trivial.service
  systemd-analyze verify --man=no ./trivial.service >/dev/null 2>&1 ||
    skip "systemd-analyze cannot verify a unit here"
  run -0 systemd-analyze verify --man=no ./*.service ./*.socket
  [ -z "$output" ]
}

@test "what README shows of a unit is in the unit" {
  count=0
  while read -r unit; do
    [ -e "$HOOKS/$unit" ] || continue
    count=$((count + 1))
    awk -v "first=# /etc/systemd/system/$unit" '/^```/ { show = 0 } show; $0 == first { show = 1 }' \
      "$TOP/README.md" | grep . >shown
    [ "$(wc -l <shown)" -gt 3 ]
    while IFS= read -r line; do
      grep -qF -- "$line" "$HOOKS/$unit" || { echo "$unit: $line" && return 1; }
    done <shown
  done < <(sed -n 's%^# /etc/systemd/system/%%p' "$TOP/README.md")
  [ "$count" -eq 2 ]
}

@test "through vsock a clone gets 32 bytes of its own, and its host the proof" {
  vsock "$PWD/bin/notes-crng"
  for _ in 1 2; do
    run -0 --separate-stderr "$HOOKS/host-vsock" host.sock
    [ "$(tr -d ' \n' <<<"$output")" = '{"reseeded":true}' ]
    [ -z "$stderr" ]
  done
  inputs 2
  [ "$(sort -u notes/arguments)" = "reseed --input=- --json" ]
}

@test "through vsock the host sees a failure in the guest, and why" {
  vsock "$PWD/bin/notes-crng"
  touch fails
  run -3 --separate-stderr "$HOOKS/host-vsock" host.sock
  [ -z "$output" ]
  [ "$stderr" = "crng reseed: no privilege: a reseed takes CAP_SYS_ADMIN" ]
}

@test "host-vsock fails where nothing listens" {
  vsock "$PWD/bin/notes-crng"
  run -3 --separate-stderr "$HOOKS/host-vsock" host.sock 10008
  [ -z "$output" ]
  [[ $stderr == *"host.sock: nothing in the guest listens on port 10008" ]]
  run -3 --separate-stderr "$HOOKS/host-vsock" nowhere.sock
  [ -z "$output" ]
  [[ $stderr == *"nowhere.sock"* ]]
  run -2 --separate-stderr "$HOOKS/host-vsock"
  [ -z "$output" ]
}

@test "through vsock a real kernel is reseeded" {
  need jq
  need_reseed
  vsock "$CRNG"
  run -0 --separate-stderr "$HOOKS/host-vsock" host.sock
  run -0 jq -c '[.reseeded, .sources[0]]' <<<"$output"
  [ "$output" = '[true,{"name":"input","bytes":32,"fresh":true,"unfit_because":null}]' ]
}

# mmds: Firecracker's metadata service, with its API on api.sock.
mmds() {
  need curl python3 base64
  background python3 "$TOP/tests/tools/mmds" api.sock port
  eventually test -s port
  MMDS_ADDRESS=127.0.0.1:$(cat port)
  export MMDS_ADDRESS
}

@test "a guest that was waiting in the snapshot takes its entropy from MMDS" {
  mmds
  CRNG=$PWD/bin/notes-crng "$HOOKS/crng-reseed-mmds" -v -- thaw >out 3>&- &
  guest=$!
  BACKGROUND+=("$guest")
  # It has been told once that there is nothing yet.
  eventually pgrep -P "$guest" sleep
  run -0 "$HOOKS/host-mmds" api.sock
  [ -z "$output" ]
  wait "$guest"
  inputs 1
  [ "$(cat notes/arguments)" = "reseed --input=- -v -- thaw" ]
  # The next clone begins with an empty MMDS, and gets something else.
  run -0 "$HOOKS/host-mmds" api.sock
  CRNG=$PWD/bin/notes-crng run -0 "$HOOKS/crng-reseed-mmds"
  inputs 2
}

@test "a reseed from MMDS that fails is seen" {
  mmds
  touch fails
  run -0 "$HOOKS/host-mmds" api.sock
  CRNG=$PWD/bin/notes-crng run -3 "$HOOKS/crng-reseed-mmds"
  run -7 --separate-stderr "$HOOKS/host-mmds" nowhere.sock
  [ -z "$output" ]
}

@test "through MMDS a real kernel is reseeded" {
  need_reseed
  mmds
  run -0 "$HOOKS/host-mmds" api.sock
  run -0 "$HOOKS/crng-reseed-mmds" -v --no-hwrng
  [[ $output == "reseeded ("*"): 32 bytes of input"* ]]
}

# agent CRNG: a real guest agent, of a guest that has that crng.
agent() {
  need qemu-ga
  background qemu-ga -m unix-listen -p "$PWD/qga.sock" -t "$PWD" -f "$PWD/qga.pid"
  eventually test -S qga.sock
  virsh_to_agent "$1"
}

# virsh_to_agent CRNG: a virsh in front of the agent, which echoes its input like the real one.
virsh_to_agent() {
  need jq socat base64 python3
  GUEST_CRNG=$1
  export GUEST_CRNG
  background python3 "$TOP/tests/tools/line-socket" qga.sock line.sock
  eventually test -S line.sock
  cat >bin/virsh <<VIRSH
#!/bin/sh
echo "\$@" >>'$PWD/virsh-arguments'
read -r line
echo "virsh # \$line"
json=\${line#"qemu-agent-command 'clone-7' '"}
echo "\${json%"'"}" | socat -t 60 - UNIX-CONNECT:'$PWD/line.sock'
echo
echo 'virsh # '
VIRSH
  chmod +x bin/virsh
}

# spied FILE CMD…: runs CMD, and writes what it and its children execute, with the environment,
# and what they write, to FILE.
spied() {
  ASAN_OPTIONS=detect_leaks=0 strace -f -qq -v -s 4096 -e trace=execve,write -o "$@"
}

@test "no hook has the entropy on a command line or in the environment" {
  need strace xxd
  mmds
  agent "$PWD/bin/notes-crng"
  vsock "$PWD/bin/notes-crng"
  export CRNG=$PWD/bin/notes-crng
  run -0 spied trace.vsock "$HOOKS/host-vsock" host.sock
  run -0 spied trace.put "$HOOKS/host-mmds" api.sock
  run -0 spied trace.mmds "$HOOKS/crng-reseed-mmds"
  run -0 spied trace.qga "$HOOKS/host-qga" clone-7
  inputs 3
  grep -h 'execve(' trace.* >executed
  for input in notes/input.*; do
    for form in "$(base64 "$input")" "$(xxd -p -c 64 "$input")"; do
      run ! grep -F "$form" executed
      grep -lF "$form" trace.* >>seen || true
    done
  done
  # The traces do have what went through pipes and sockets as text.
  [ "$(sort -u seen | xargs)" = "trace.mmds trace.put trace.qga" ]
}

@test "through the guest agent of QEMU a clone gets 32 bytes, and its host the proof" {
  agent "$PWD/bin/notes-crng"
  run -0 --separate-stderr "$HOOKS/host-qga" clone-7
  [ "$(tr -d ' \n' <<<"$output")" = '{"reseeded":true}' ]
  [ -z "$stderr" ]
  inputs 1
  [ "$(cat notes/arguments)" = "reseed --input=- --json" ]
  [ "$(sort -u virsh-arguments)" = -q ]
  touch fails
  run -3 --separate-stderr "$HOOKS/host-qga" clone-7
  [ -z "$output" ]
  [ "$stderr" = "crng reseed: no privilege: a reseed takes CAP_SYS_ADMIN" ]
  inputs 2
}

@test "through the guest agent a real kernel is reseeded" {
  need_reseed
  agent "$CRNG"
  run -0 --separate-stderr "$HOOKS/host-qga" clone-7
  run -0 jq -c '[.reseeded, .sources[0].name, .sources[0].bytes]' <<<"$output"
  [ "$output" = '[true,"input",32]' ]
}

@test "host-qga says that there is no crng in the guest" {
  agent /nonexistent/crng
  run -3 --separate-stderr "$HOOKS/host-qga" clone-7
  [ -z "$output" ]
  [[ $stderr == *"host-qga: clone-7: the guest agent does not run crng" ]]
}

@test "the real virsh reads the command that host-qga writes" {
  need virsh jq
  virsh -c test:///default uri >/dev/null 2>&1 || skip "libvirt has no test driver here"
  export VIRSH_DEFAULT_CONNECT_URI=test:///default
  # Its domain has no agent, and the command is refused for that reason alone.
  run -3 --separate-stderr "$HOOKS/host-qga" test
  [ -z "$output" ]
  [[ $stderr == *"not supported by the connection driver: virDomainQemuAgentCommand"* ]]
}

@test "Kata's agent can run the hook of the guest, and sees it fail" {
  # It takes only regular files that can be executed, and gives them the name of the hook.
  [ -x "$HOOKS/kata-prestart" ]
  [ ! -L "$HOOKS/kata-prestart" ]
  run -0 env -i CRNG="$PWD/bin/notes-crng" "$HOOKS/kata-prestart" prestart
  [ "$(cat notes/arguments)" = reseed ]
  touch fails
  run -3 env -i CRNG="$PWD/bin/notes-crng" "$HOOKS/kata-prestart" prestart
}

@test "the action of CRIU reseeds once, when the processes do not run yet" {
  for action in pre-restore setup-namespaces post-setup-namespaces post-restore pre-resume post-resume; do
    CRTOOLS_SCRIPT_ACTION=$action CRNG=$PWD/bin/notes-crng run -0 "$HOOKS/criu-action"
  done
  [ "$(cat notes/arguments)" = "reseed --any" ]
  touch fails
  CRTOOLS_SCRIPT_ACTION=post-restore CRNG=$PWD/bin/notes-crng run -3 "$HOOKS/criu-action"
}

# ended PID: the process no longer runs, though its parent may not know yet.
ended() {
  ! grep -qs '^State:.[^XZ] ' "/proc/$1/status"
}

# restore: CRIU makes the process run again from its image.
restore() {
  criu restore -d -D image -o restore.log --action-script "$HOOKS/criu-action"
}

@test "CRIU restores a process only after a reseed" {
  need criu python3 setsid
  criu check >/dev/null 2>&1 || skip "criu cannot work here"
  need_reseed
  cat >process.py <<'PYTHON'
import time
n = 0
while True:
    n += 1
    with open("count", "w") as file:
        file.write(str(n))
    time.sleep(0.05)
PYTHON
  setsid python3 process.py </dev/null >/dev/null 2>&1 3>&- &
  process=$!
  eventually test -s count
  mkdir image
  run criu dump -t "$process" -D image -o dump.log
  [ "$status" -eq 0 ] || skip "criu cannot dump a process here"
  wait "$process" || true
  touch fails
  CRNG=$PWD/bin/notes-crng run -1 restore
  eventually ended "$process"
  # Its number has to be free again.
  for _ in {1..100}; do
    [ -e "/proc/$process" ] || break
    sleep 0.1
  done
  [ ! -e "/proc/$process" ] || skip "nothing reaps orphans here"
  rm fails count
  run -0 restore
  BACKGROUND+=("$process")
  eventually test -s count
}

# guest: a systemd in which the units are installed, with a UNIX socket in the place of vsock.
guest() {
  need_systemd
  systemd '
    cp crng-under-test usr/bin/crng
    cp "'"$HOOKS"'"/*.service "'"$HOOKS"'"/*.socket "'"$BUILD"'"/integration/systemd/*.service etc/systemd/system
    sed -i "s%vsock::10007%/run/vsock-10007%; /^ConditionVirtualization/d" etc/systemd/system/crng-reseed*'
}

@test "systemd runs crng-reseed-once.service with its sandbox" {
  need_reseed
  guest
  run -0 there systemctl start crng-reseed-once.service
  [ "$(there systemctl show -p Result,ExecMainStatus crng-reseed-once.service | xargs)" = \
    "Result=success ExecMainStatus=0" ]
  there sh -c 'echo "#!/bin/sh
exit 3" >/usr/bin/crng'
  run ! there systemctl start crng-reseed-once.service
}

@test "systemd does not start the watch without VMClock" {
  [ ! -e /dev/vmclock0 ] || skip "this machine has VMClock"
  guest
  run -0 there systemctl start crng-reseed.service
  [ "$(there systemctl show -p ConditionResult --value crng-reseed.service)" = no ]
}

@test "systemd skips the watch, which is no failure, where nothing signals clones" {
  [ ! -e /dev/vmclock0 ] || skip "this machine has VMClock"
  guest
  # shellcheck disable=SC2016 # for the script
  there sh -c 'echo "#!/bin/sh
echo \$* >>/run/crng/calls
exec /usr/bin/crng \"\$@\"" >/usr/bin/crng-noted
chmod 755 /usr/bin/crng-noted
sed -i "/^ConditionPathExists=/d; s%=.*/crng %=/usr/bin/crng-noted %" /etc/systemd/system/crng-reseed.service
systemctl daemon-reload'
  run -0 there systemctl start crng-reseed.service
  run -3 there systemctl is-active crng-reseed.service
  [ "$output" = inactive ]
  [ "$(there cat /run/crng/calls)" = "reseed --watch --dry-run" ]
}

@test "systemd answers the host through the socket unit" {
  need socat python3 jq
  need_reseed
  guest
  run -0 there systemctl start crng-reseed-vsock.socket
  background python3 "$TOP/tests/tools/hybrid-vsock" host.sock "/proc/$PID1/root/run/vsock-10007"
  eventually test -S host.sock
  run -0 --separate-stderr "$HOOKS/host-vsock" host.sock
  [ "$(jq -c '[.reseeded, .sources[0].bytes]' <<<"$output")" = '[true,32]' ]
}

@test "in a guest, vsock reseeds its kernel" {
  need socat systemd-socket-activate
  need_guest
  guest_begins
  put "$(type -P socat)" "$(type -P systemd-socket-activate)"
  put_module vsock vmw_vsock_virtio_transport_common vsock_loopback
  exec_start crng-reseed-vsock@.service "$CRNG" >guest/start
  boot '
    crng=$(sed "s/.*| //; s/ reseed.*//" /start)
    "$crng" wait
    systemd-socket-activate -a --inetd -l vsock::10007 sh -c "exec $(cat /start) 2>&1" &
    until head -c 32 /dev/urandom | socat -t 60 - VSOCK-CONNECT:1:10007,shut-none; do sleep 1; done
    echo ended'
  guest_reaches ended
  guest_says '  "proof": "'
  guest_says '      "bytes": 32,'
  guest_says 'status 0'
}

@test "in a guest, its agent reseeds its kernel" {
  need qemu-ga jq
  need_guest
  guest_begins
  put "$(type -P qemu-ga)"
  put_module virtio_console
  boot "'$CRNG' wait
    echo began
    qemu-ga -m virtio-serial -p /dev/vport*p1 -t /run -f /run/qga.pid" \
    -device virtio-serial-pci -chardev socket,path=qga.sock,server=on,wait=off,id=agent \
    -device virtserialport,chardev=agent,name=org.qemu.guest_agent.0
  guest_reaches began
  virsh_to_agent "$CRNG"
  run -0 --separate-stderr "$HOOKS/host-qga" clone-7
  run -0 jq -c '[.reseeded, .sources[0].bytes]' <<<"$output"
  [ "$output" = '[true,32]' ]
}
