# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154
# The functions for expect() of a scenario. $log is the directory with the guests' results
# (*.results) and consoles (*.console). A check that fails prints one line, and the others
# still run.
failed=0
notes=

fail() {
	echo "expected $*"
	failed=1
}

# value NAME.KEY: prints all lines that the guest reported; fails where it reported none.
value() {
	sed -n "s/^@$1=//p" "$log"/*.results | grep ''
}

# is NAME.KEY TEXT: the guest reported exactly this one line.
is() {
	got=$(value "$1") || got='no report'
	[ "$got" = "$2" ] || fail "$1 to be '$2', got '$got'"
}

# like NAME.KEY REGEX: one of the lines matches.
like() {
	value "$1" | grep -Eiq -e "$2" || fail "$1 to match '$2', got '$(value "$1")'"
}

# differ NAME.KEY OTHER.KEY: the guests reported two different texts.
differ() {
	if ! got=$(value "$1") || ! other=$(value "$2") || [ "$got" = "$other" ]; then
		fail "$1 and $2 to differ, got '$got'"
	fi
}

# alike KEY: prints how many of the clones reported the same text as CLONE.KEY, at most.
alike() {
	for clone in $clones; do
		value "$clone.$1"
	done | sort | uniq -c | sort -n | awk 'END { print $1 + 0 }'
}

# at_most LINES NAME.KEY: the guest reported no more lines.
at_most() {
	lines=$(value "$2" | wc -l)
	[ "$lines" -le "$1" ] || fail "$2 to have at most $1 lines, got $lines"
}

# holds EXPRESSION: arithmetic with fractions, in awk's terms.
holds() {
	awk "BEGIN { exit !($1) }" </dev/null
}

# stamp MOMENT: prints the seconds since boot of a mark of the guest or, for `ready`, of
# the line that the kernel logs just after it wakes the waiting tasks (_credit_init_bits()
# in drivers/char/random.c, 6.1 and 6.12). With several guests, ready@GUEST is that of one
# of them. The status is 1 if the moment never came.
stamp() {
	text="@$1" of=
	case $1 in
	ready) text='random: crng init done' ;;
	ready@*) text='random: crng init done' of=${1#ready@} ;;
	esac
	# shellcheck disable=SC2086 # a pattern
	sed -n "s/^\[ *\([0-9.]*\)\] $text\$/\1/p" "$log"/${of:-*}.console | head -n 1 |
		grep ''
}

# between FROM TO: prints the seconds from one moment to another, negative in reverse
# order.
between() {
	from=$(stamp "$1") && to=$(stamp "$2") || return 1
	awk "BEGIN { printf \"%.4f\", $to - $from }" </dev/null
}

# took FROM TO MIN MAX: the time between two moments is in this range, in seconds.
took() {
	seconds=$(between "$1" "$2") || {
		fail "both moments, $1 and $2, to come"
		return 0
	}
	holds "$3 <= $seconds && $seconds <= $4" ||
		fail "$1 to $2 to take $3 to $4 s, got $seconds s"
}

# never MOMENT: the moment never came.
never() {
	! stamp "$1" >/dev/null || fail "$1 never to come"
}

# note TEXT: adds a figure to the last column of the table.
note() {
	notes="$notes${notes:+; }$*"
}
