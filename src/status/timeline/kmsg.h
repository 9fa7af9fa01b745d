/* SPDX-License-Identifier: MIT */
#ifndef CRNG_KMSG_H
#define CRNG_KMSG_H

#include <stddef.h>
#include <stdint.h>

/* The number of a record from a form of the log that does not show it. */
#define KMSG_SEQ_UNKNOWN UINT64_MAX

/* Microseconds, 68 years: a line that claims to be later is not a record. */
#define KMSG_USEC_MAX (INT64_C(1000000) * INT32_MAX)

/* One record of the kernel log. */
struct kmsg_record {
	unsigned int facility; /* syslog(3); 0: the kernel wrote it, else a process did */
	unsigned int level;
	uint64_t seq; /* consecutive, from 0 at boot */
	int64_t usec; /* since boot, at most KMSG_USEC_MAX */
	size_t len;
	char text[512]; /* not escaped, may hold any byte, truncated to this size */
};

/*
 * Parses what one read(2) of /dev/kmsg gives, or its first line:
 * "prio,seq,usec,flags[,...];text\n" and lines " KEY=value\n". Resolves \xNN in the text.
 * Returns 0 or -EINVAL. Format: Documentation/ABI/testing/dev-kmsg, Linux 3.5 to 6.19.
 */
int kmsg_parse_record(const char *record, size_t len, struct kmsg_record *out);

/*
 * Parses one line of dmesg(1): "[ seconds.micros] text". A "<5>" before the time, as from
 * dmesg --raw, and the caller after it, as in "[ T1]", are allowed. facility is 0 and
 * proves nothing, seq is unknown. Returns 0 or -EINVAL.
 */
int kmsg_parse_dmesg(const char *line, size_t len, struct kmsg_record *out);

/*
 * Parses one line of journalctl(1) -o json. An entry is a record only if journald took it
 * from the kernel log (_TRANSPORT=kernel) and it has the kernel's own time; seq is
 * unknown. Returns 0 or -EINVAL. Fields: systemd.journal-fields(7).
 */
int kmsg_parse_journal(const char *line, size_t len, struct kmsg_record *out);

#endif
