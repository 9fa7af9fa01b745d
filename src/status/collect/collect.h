/* SPDX-License-Identifier: MIT */
#ifndef CRNG_COLLECT_H
#define CRNG_COLLECT_H

#include <stddef.h>

#include "status/facts.h"

enum collect_depth {
	COLLECT_LIGHT, /* what a wait that ran out is explained with: some small files */
	COLLECT_FULL,  /* all; where the RNG is not ready it takes WAITERS_SAMPLE_NS */
};

/*
 * Fills the facts; what is beyond depth stays unknown. tree is NULL for the running
 * system, else the path of a directory that holds a captured tree (proc, sys, ...): then
 * everything that asks the running kernel is left out and unknown, because a mixture
 * would be worse than a gap. What cannot be learnt is unknown, with its reason; so is,
 * after 1.2 s at the most, what lies on a file system that does not answer. Needs no
 * privilege. Returns 0, or -errno where the tree cannot be opened.
 */
int collect_facts(const char *tree, enum collect_depth depth, struct facts *facts);

/*
 * Its parts; the table of steps in collect-facts.c has their order, in which each may
 * read what those before it have found. root is IO_LIVE_ROOT or the
 * descriptor of the tree.
 */
void collect_kernel(int root, struct facts *facts);
void collect_pool(int root, struct facts *facts);
void collect_verdict(int root, struct facts *facts);
void collect_cmdline(int root, struct facts *facts);
void collect_config(int root, struct facts *facts);
void collect_cpu(int root, struct facts *facts);
void collect_instruction(int root, struct facts *facts);
void collect_hwrng(int root, struct facts *facts);
void collect_firmware(int root, struct facts *facts);
void collect_environment(int root, struct facts *facts);
void collect_container(int root, struct facts *facts);
void collect_virtualization(int root, struct facts *facts);
void collect_strength(int root, struct facts *facts); /* after the kernel log */
void collect_boots(int root, struct facts *facts);
void collect_seeds(int root, struct facts *facts);
void collect_processes(int root, struct facts *facts); /* after the kernel log */
void collect_host_keys(int root, struct facts *facts);

/*
 * Asks systemctl(1), for at most a second, what systemd does with its seed; of a captured
 * tree what it answered there. Never fails: what is not told is unknown, with its reason.
 */
void collect_systemd(int root, struct seed_service *service);

/*
 * Does the kernel whose /dev/random is open as fd know RNDRESEEDCRNG? Never reseeds: the
 * calling thread lays CAP_SYS_ADMIN down meanwhile. Returns 1, 0 or -errno.
 */
int collect_knows_reseed(int fd);

/* Why live facts are unknown in a captured tree. */
extern const char collect_captured[];

/* Why a number of errno.h stands in the way, in words that live for ever. */
const char *collect_why(int error);

/*
 * Reads the file at path below root into the fact: one line of text without its
 * newline and blanks before that, or a number of decimal digits. Anything else there
 * makes it unknown.
 */
void collect_text(int root, const char *path, struct fact *fact);
void collect_number(int root, const char *path, struct fact *fact);

/* Is there something at path below root? 1 yes, 0 no, or -errno. */
int collect_exists(int root, const char *path);

/* The same as a yes or no; no only where the hierarchy that it would be in is there. */
void collect_presence(int root, const char *hierarchy, const char *path,
		      struct fact *fact);

/*
 * Why nothing follows from the absence of something below hierarchy ("/proc/sys",
 * "/sys/class", "/sys/bus": there wherever proc or sysfs is mounted). Words that live for
 * ever, or NULL: it is there, so that what is missing in it is not there.
 */
const char *collect_gap(int root, const char *hierarchy);

/*
 * Calls visit with each name of the directory at path below root, but not "." and "..".
 * Returns 0 or -errno.
 */
int collect_names(int root, const char *path,
		  void (*visit)(int dir, const char *name, void *data), void *data);

/* Parses decimal digits and nothing else; returns NULL, or why it is no number. */
const char *parse_digits(const char *text, uint64_t *number);

/*
 * Copies the value of the first "key : value" of cpuinfo, without the blanks before it,
 * to value, size bytes with the NUL. Returns false where there is none.
 */
bool cpuinfo_value(const char *cpuinfo, const char *key, char *value, size_t size);

/* Is word one of the words, separated by blanks, in list? */
bool has_word(const char *list, const char *word);

/*
 * The value of the last NAME=value of a kernel command line, copied to value (its size
 * bytes; "" for NAME alone), quotes as in the kernel's next_arg(), '-' and '_' alike.
 * What follows "--" is init's. Returns false where it is not there.
 */
bool cmdline_value(const char *cmdline, const char *name, char *value, size_t size);

/* The value of CONFIG_NAME in a kernel configuration: 'y', 'n', 'm'; 0: not mentioned. */
char config_value(const char *config, const char *name);

#endif
