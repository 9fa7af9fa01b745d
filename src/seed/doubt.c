/* SPDX-License-Identifier: MIT */
/*
 * Invariant: a seed that others may know earns no credit. There are no system calls: the
 * file has been read, and the machine looked at, before.
 */
#include "seed/doubt.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define OTHERS ((mode_t)(S_IRWXG | S_IRWXO))

/* Some file systems leave zeros in a file that was not synced before the power failed. */
static bool is_constant(const struct stored_seed *file)
{
	return memcmp(file->bytes, file->bytes + 1, file->len - 1) == 0;
}

static const char *doubt_file(const struct stored_seed *file)
{
	if (!file->there)
		return "it is marked as not creditable";
	if (file->len < SEED_BYTES)
		return "it holds less than 256 bits";
	if (is_constant(file))
		return "all of its bytes are equal";
	if (!files_is_ours(file->owner))
		return "it belongs to another user";
	return file->links > 1 ? "it has another name as well" : NULL;
}

bool doubt_about(const struct stored_seed *file, const struct machine *machine,
		 bool any_machine, char *why, size_t size)
{
	const char *doubt = doubt_file(file);

	if (doubt)
		snprintf(why, size, "%s", doubt);
	else if (file->mode & OTHERS)
		snprintf(why, size, "others can read it (mode %04o)",
			 (unsigned int)file->mode);
	else if (machine->match == MACHINE_OTHER && !any_machine)
		snprintf(why, size, "it was made on another machine");
	else if (machine->match == MACHINE_UNKNOWN && !any_machine)
		snprintf(why, size, "whether this machine made it is unknown: %s",
			 machine->why);
	else
		return false;
	return true;
}
