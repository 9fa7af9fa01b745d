# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154
# Saves the guest of a scenario at its `snapshot`, and restores it as each of $clones, in
# turn. QEMU saves it as for a migration, which needs no disk.

# control NAME [ARGUMENT...]: starts a machine that takes QMP commands from descriptor 3,
# and whose second serial port gets what is written to descriptor 4.
control() {
	qmp=$log/$1.qmp input=$log/$1.input
	mkfifo "$qmp.in" "$input" || return 1
	: >"$qmp.out"
	exec 3<>"$qmp.in" 4<>"$input"
	(start_machine "$@" -qmp "pipe:$qmp" <"$input") &
	pid=$!
	cat >&3 <<-EOF
		{"execute": "qmp_capabilities"}
		{"execute": "migrate-set-capabilities", "arguments":
			{"capabilities": [{"capability": "events", "state": true}]}}
	EOF
}

# await REGEX FILE: waits until the file has such a line; fails if the machine ends first.
await() {
	until grep -qs -e "$1" "$2"; do
		kill -0 "$pid" 2>/dev/null || return 1
		sleep 0.1
	done
}

# migrate QMP_COMMAND SHELL_COMMAND: moves the state of the stopped machine out or in.
migrate() {
	printf '{"execute": "%s", "arguments": {"uri": "exec:%s"}}\n' "$1" "$2" >&3
	await '"status": "completed"' "$qmp.out"
}

# The guest's clock stops with its machine, so that its time is the same in all clones.
save_guest() {
	control "$1" || return 1
	await "^@$1.snapshot=" "$log/$1.serial" &&
		echo '{"execute": "stop"}' >&3 &&
		migrate migrate "cat >'$log/state'" &&
		echo '{"execute": "quit"}' >&3
	wait "$pid"
}

# The clone reads its name once it runs.
restore_clone() {
	control "$1" -incoming defer || return 1
	migrate migrate-incoming "cat '$log/state'" &&
		echo "$1" >&4 &&
		echo '{"execute": "cont"}' >&3
	wait "$pid"
}

run_clones() {
	save_guest "$guests" || {
		fail "$guests to be saved within $limit s"
		return 1
	}
	for clone in $clones; do
		restore_clone "$clone" || fail "$clone to end within $limit s"
	done
}
