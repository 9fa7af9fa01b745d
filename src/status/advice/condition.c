/* SPDX-License-Identifier: MIT */
/* What the conditions of several rules ask. */
#include "status/advice/condition.h"

#include <stdio.h>
#include <string.h>

#include "status/advice/advice.h"

void condition_about(char *about, const char *text)
{
	snprintf(about, ADVICE_ABOUT_MAX, "%s", text);
}

bool condition_contained(const struct facts *facts)
{
	return !facts->container.unknown && !fact_is(&facts->container, "none");
}

bool condition_any_seed(const struct facts *facts, char *about,
			bool (*matches)(const struct seed_file *file,
					const struct facts *facts))
{
	if (facts->seeds.unknown || condition_contained(facts))
		return false;
	for (size_t i = 0; i < facts->seeds.count; i++) {
		const struct seed_file *file = &facts->seeds.list[i];

		if (file->unknown || file->orphan || !matches(file, facts))
			continue;
		condition_about(about, file->path);
		return true;
	}
	return false;
}

const struct seed_file *condition_seed(const struct facts *facts, const char *path)
{
	const struct seed_file *file = facts->seeds.list;

	while (strcmp(file->path, path) != 0)
		file++;
	return file;
}
