/* SPDX-License-Identifier: MIT */
#ifndef CRNG_KMSG_H
#define CRNG_KMSG_H

#include <stddef.h>
#include <stdint.h>

/* Where a form of the log does not give the number of a record. */
#define KMSG_SEQ_UNKNOWN UINT64_MAX

/* Microseconds, 68 years: what claims to be later is no record. */
#define KMSG_USEC_MAX (INT64_C(1000000) * INT32_MAX)

/* One record of the kernel log. */
struct kmsg_record {
	unsigned int
		facility; /* syslog(3); 0: the kernel itself, else a process wrote it */
	unsigned int level;
	uint64_t seq; /* consecutive, from 0 at boot */
	int64_t usec; /* since boot, at most KMSG_USEC_MAX */
	size_t len;
	char text[512]; /* not escaped, may hold any byte, cut off at its size */
};

/*
 * Parses what one read(2) of /dev/kmsg gives, or its first line:
 * "prio,seq,usec,flags[,...];text\n" and lines " KEY=value\n". \xNN in text is resolved.
 * Returns 0 or -EINVAL. Format: Documentation/ABI/testing/dev-kmsg, Linux 3.5 to 6.19.
 */
int kmsg_parse_record(const char *record, size_t len, struct kmsg_record *out);

/*
 * Parses one line of dmesg(1): "[ seconds.micros] text"; "<5>" in front, as of dmesg
 * --raw, and "[ T1]" behind, the caller, are allowed. facility is 0 and proves nothing,
 * seq is unknown. Returns 0 or -EINVAL.
 */
int kmsg_parse_dmesg(const char *line, size_t len, struct kmsg_record *out);

/*
 * Parses one line of journalctl(1) -o json. Only entries that journald took from the
 * kernel log (_TRANSPORT=kernel) and that carry the kernel's own time are records; seq is
 * unknown. Returns 0 or -EINVAL. Fields: systemd.journal-fields(7).
 */
int kmsg_parse_journal(const char *line, size_t len, struct kmsg_record *out);

#endif
