/* SPDX-License-Identifier: MIT */
#ifndef CRNG_ADVICE_H
#define CRNG_ADVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "status/facts.h"

enum advice_severity { ADVICE_INFO, ADVICE_WARNING, ADVICE_CRITICAL };

enum { ADVICE_MAX = 40, ADVICE_ABOUT_MAX = FACT_TEXT_MAX, ADVICE_ACTION_MAX = 1024 };

enum advice_action_kind {
	ADVICE_SHELL,		/* a complete command line for sh(1), safe to paste */
	ADVICE_KERNEL_ARGUMENT, /* for the kernel's command line */
	ADVICE_QEMU,		/* options of QEMU, on the host */
	ADVICE_LIBVIRT,		/* an element of the domain, on the host */
	ADVICE_CONFIG,		/* a setting, and the file that it belongs into */
	ADVICE_TEXT,		/* a sentence */
};

/* What to do. text is ASCII, except where kind is ADVICE_TEXT. */
struct advice_action {
	enum advice_action_kind kind;
	char text[ADVICE_ACTION_MAX];
};

/*
 * An action without its values: "@" in text stands for what the advice is about, quoted
 * for a shell if need be, and "@..." for a list of plain words.
 */
struct advice_template {
	enum advice_action_kind kind;
	const char *text;
	bool root; /* only root may run it */
};

/*
 * A piece of advice and when it applies. Ids never change their meaning. condition only
 * reads the facts; it may write what exactly it found (escaped text, at most
 * ADVICE_ABOUT_MAX bytes) to about, which is empty at first.
 */
struct advice_rule {
	const char *id;
	enum advice_severity severity;
	bool (*condition)(const struct facts *facts, char *about);
	const char *sentence;
	const char *explanation;	    /* paragraphs, lines of at most 80 columns */
	const struct advice_template *ways; /* actions; the last one has no text */
	const char *example;		    /* for "@", where the rule does not apply */

	/* The index of the way that fits this machine; NULL: there is only one. */
	size_t (*choose)(const struct facts *facts, const char *about);
};

/* A rule that applies. */
struct advice {
	const struct advice_rule *rule;
	char about[ADVICE_ABOUT_MAX];
	struct advice_action action;
};

/*
 * Writes the advice that applies to list (ADVICE_MAX elements), the most severe first,
 * otherwise in the order of the tables. Returns its number.
 */
size_t advice_find(const struct facts *facts, struct advice *list);

/*
 * Fills in one of the ways of a rule with the values of an example. Returns false where
 * there is no such way.
 */
bool advice_example(const struct advice_rule *rule, size_t way,
		    struct advice_action *action);

/* The rule of that id, or NULL. */
const struct advice_rule *advice_rule(const char *id);

/* Calls visit with every rule. */
void advice_each(void (*visit)(const struct advice_rule *rule, void *data), void *data);

/* "info", "warning", "critical". */
const char *advice_severity_name(enum advice_severity severity);

/* "shell", "kernel-argument", "qemu", "libvirt", "config", "text". */
const char *advice_action_kind_name(enum advice_action_kind kind);

#endif
