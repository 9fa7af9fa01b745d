# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154
# What a scenario's expect() is made of. $log is the directory with the guests' results
# (*.results) and consoles (*.console). What fails prints one line, and the rest goes on.
failed=0
notes=

fail() {
	echo "expected $*"
	failed=1
}

# value NAME.KEY: all lines of what the guest reported; fails where it reported nothing.
value() {
	sed -n "s/^@$1=//p" "$log"/*.results | grep ''
}

# is NAME.KEY TEXT: exactly this one line was reported.
is() {
	got=$(value "$1") || got='no report'
	[ "$got" = "$2" ] || fail "$1 to be '$2', got '$got'"
}

# like NAME.KEY REGEX: one of the lines matches.
like() {
	value "$1" | grep -Eiq -e "$2" || fail "$1 to match '$2', got '$(value "$1")'"
}

# holds EXPRESSION: arithmetic with fractions, in awk's terms.
holds() {
	awk "BEGIN { exit !($1) }" </dev/null
}

# stamp MOMENT: seconds since boot, of a mark of the guest or, for `ready`, of the line
# that the kernel writes just after it wakes the waiters (_credit_init_bits() in
# drivers/char/random.c, 6.1 and 6.12). Status 1 if the moment never came.
stamp() {
	text="@$1"
	[ "$1" != ready ] || text='random: crng init done'
	sed -n "s/^\[ *\([0-9.]*\)\] $text\$/\1/p" "$log"/*.console | head -n 1 | grep ''
}

# between FROM TO: seconds from one moment to another, negative if they came in reverse.
between() {
	from=$(stamp "$1") && to=$(stamp "$2") || return 1
	awk "BEGIN { printf \"%.4f\", $to - $from }" </dev/null
}

# took FROM TO MIN MAX: seconds
took() {
	seconds=$(between "$1" "$2") || {
		fail "both moments, $1 and $2, to come"
		return 0
	}
	holds "$3 <= $seconds && $seconds <= $4" ||
		fail "$1 to $2 to take $3 to $4 s, got $seconds s"
}

# never MOMENT
never() {
	! stamp "$1" >/dev/null || fail "$1 never to come"
}

# note TEXT: a figure for the last column of the table.
note() {
	notes="$notes${notes:+; }$*"
}
