/* SPDX-License-Identifier: MIT */
/* What the entries of a boot add up to. */
#include "status/history/boots.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void begin(struct history_boot *boot, const char *id)
{
	memset(boot, 0, sizeof(*boot));
	memcpy(boot->id, id, sizeof(boot->id));
	boot->ready = boot->seeded = boot->last = -1;
	boot->began = boot->began_late = INT64_MIN;
	boot->has_offset = true;
}

static void exchange(struct history_boot *a, struct history_boot *b)
{
	struct history_boot copy = *a;

	*a = *b;
	*b = copy;
}

/* After a step of the clock, an ID may come back: it keeps its place. */
static struct history_boot *boot_of(struct history *history, const char *id)
{
	for (size_t i = history->count; i > 0; i--)
		if (strcmp(history->boot[i - 1].id, id) == 0)
			return &history->boot[i - 1];
	if (history->count > HISTORY_MAX)
		return NULL;
	begin(&history->boot[history->count], id);
	return &history->boot[history->count++];
}

static uint64_t sum(uint64_t a, uint64_t b)
{
	return b > INT64_MAX - a ? INT64_MAX : a + b;
}

static void take_read(struct history_boot *boot, const struct timeline_event *event)
{
	size_t i = 0;

	boot->early_reads = sum(boot->early_reads, event->reads);
	while (i < boot->readers && strcmp(boot->reader[i].who, event->who) != 0)
		i++;
	if (event->who[0] == '\0' || i == HISTORY_READERS) {
		boot->unnamed = sum(boot->unnamed, event->reads);
		return;
	}
	if (i == boot->readers) {
		memcpy(boot->reader[i].who, event->who, sizeof(event->who));
		boot->reader[i].reads = 0;
		boot->readers++;
	}
	boot->reader[i].reads = sum(boot->reader[i].reads, event->reads);
}

static void take_event(struct history_boot *boot, const struct timeline_event *event)
{
	switch (event->kind) {
	case TIMELINE_URANDOM_EARLY:
	case TIMELINE_SUPPRESSED:
		take_read(boot, event);
		break;
	case TIMELINE_RESEED_VM_FORK:
		boot->reseeds = sum(boot->reseeds, 1);
		break;
	case TIMELINE_FAST_INIT:
		boot->fast_init = true;
		break;
	case TIMELINE_READY:
	case TIMELINE_READY_TRUSTED:
	case TIMELINE_POOL_READY:
		if (boot->ready < 0 || event->usec < boot->ready) {
			boot->ready = event->usec;
			boot->ready_kind = event->kind;
		}
		break;
	default:
		break;
	}
}

/* "crng seed: loaded 256 bits, credited": only the unit of crng seed may say so. */
static void take_seed(struct history_boot *boot, const struct timeline_entry *entry)
{
	static const char before[] = "crng seed: ";
	const char *said = entry->text + strlen(before);

	if (strcmp(entry->unit, "crng-seed.service") != 0 ||
	    strncmp(entry->text, before, strlen(before)) != 0 ||
	    strncmp(said, "loaded ", strlen("loaded ")) != 0 ||
	    !text_ends_with(said, strlen(said), " bits, credited"))
		return;
	boot->seeded = entry->arrival;
	text_escape(boot->seeded_said, sizeof(boot->seeded_said), said, strlen(said));
}

/* Is the kernel one that may take fast init for ready? See timeline.h. */
static bool fast_may_be_ready(const char *text)
{
	static const char before[] = "Linux version 4.";
	unsigned long minor;

	if (strncmp(text, before, strlen(before)) != 0)
		return false;
	minor = strtoul(text + strlen(before), NULL, 10);
	return minor >= 8 && minor <= 16;
}

bool boots_take(struct history *history, const struct timeline_entry *entry)
{
	struct history_boot *boot = boot_of(history, entry->boot_id);
	int64_t began = entry->wall - entry->arrival;

	if (!boot)
		return false;
	/* The first entry of a boot comes last; the clock may be set in between. */
	boot->began = began;
	if (boot->began_late == INT64_MIN)
		boot->began_late = began;
	if (entry->arrival > boot->last)
		boot->last = entry->arrival;
	if (entry->missed)
		boot->doubt = "journald missed kernel messages";
	if (!entry->kernel) {
		take_seed(boot, entry);
	} else if (!entry->forged) {
		boot->kernel = true;
		boot->begins |= entry->begins;
		boot->fast_may_be_ready |= fast_may_be_ready(entry->text);
		if (entry->is_event)
			take_event(boot, &entry->event);
	}
	return true;
}

/* Puts the programs in the order in which they read. */
static void reverse_readers(struct history_boot *boot)
{
	for (size_t i = 0; i < boot->readers / 2; i++) {
		struct history_reader *other = &boot->reader[boot->readers - 1 - i];
		struct history_reader copy = *other;

		*other = boot->reader[i];
		boot->reader[i] = copy;
	}
}

void boots_finish(struct history *history)
{
	size_t count = history->count;

	for (size_t i = 0; i < count / 2; i++)
		exchange(&history->boot[i], &history->boot[count - 1 - i]);
	for (size_t i = 0; i < count; i++) {
		reverse_readers(&history->boot[i]);
		history->boot[i].offset = (int)i - (int)count + 1;
	}
}
