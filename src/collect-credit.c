/* SPDX-License-Identifier: MIT */
/*
 * Is systemd told to credit its seed file? The unit's environment says so: the unit file
 * and its drop-ins, in the order in which systemd reads them; the last one counts.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collect.h"
#include "io.h"

#define UNIT "systemd-random-seed.service"

enum { DROP_INS_MAX = 64, NAME_BYTES = 256 };

/* The first one that has a file of some name hides those of the others (systemd.unit). */
static const char *const directories[] = {
	"/etc/systemd/system",	   "/run/systemd/system", "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system", "/lib/systemd/system",
};

enum { DIRECTORIES = sizeof(directories) / sizeof(*directories) };

struct drop_in {
	const char *directory;
	char name[NAME_BYTES];
};

struct search {
	const char *directory;
	struct drop_in list[DROP_INS_MAX];
	size_t count;
	bool overflow;
};

/* As parse_boolean() (basic/parse-util.c) takes it, and "force". */
static enum seed_credit credit_of(const char *word)
{
	static const char *const yes[] = { "1", "yes", "y", "true", "t", "on", "force" };
	static const char *const no[] = { "0", "no", "n", "false", "f", "off" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (strcasecmp(word, yes[i]) == 0)
			return SEED_CREDIT_YES;
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (strcasecmp(word, no[i]) == 0)
			return SEED_CREDIT_NO;
	return SEED_CREDIT_UNKNOWN;
}

/* The next word of a list, its quotes taken off; ends it, and moves *list behind it. */
static char *next_word(char **list)
{
	char *word = *list + strspn(*list, " \t"), *to = word, *from = word;
	char quote = '\0';

	for (; *from && (quote || (*from != ' ' && *from != '\t')); from++) {
		if (*from == quote)
			quote = '\0';
		else if (!quote && (*from == '"' || *from == '\''))
			quote = *from;
		else
			*to++ = *from;
	}
	*list = from + (*from != '\0');
	*to = '\0';
	return word;
}

static void take_environment(char *list, enum seed_credit *credit)
{
	static const char name[] = "SYSTEMD_RANDOM_SEED_CREDIT=";

	list += strspn(list, " \t");
	if (*list == '\0')
		*credit = SEED_CREDIT_NO; /* an empty one forgets all before it */
	while (*list) {
		const char *word = next_word(&list);

		if (strncmp(word, name, strlen(name)) == 0)
			*credit = credit_of(word + strlen(name));
	}
}

/* What files of variables say is not looked at, so that they leave it open. */
static void take_line(char *line, enum seed_credit *credit)
{
	line += strspn(line, " \t");

	size_t key = strcspn(line, " \t=");
	char *value = line + key + strspn(line + key, " \t");

	if (*value != '=')
		return;
	if (key == strlen("Environment") && strncmp(line, "Environment", key) == 0)
		take_environment(value + 1, credit);
	else if (key == strlen("EnvironmentFile") &&
		 strncmp(line, "EnvironmentFile", key) == 0)
		*credit = SEED_CREDIT_UNKNOWN;
}

static void take_file(int root, const char *path, enum seed_credit *credit)
{
	char text[8192], *save = NULL;
	long len = io_read_in(root, path, text, sizeof(text));

	if (len < 0 && len != -ENOENT && len != -EINVAL)
		*credit = SEED_CREDIT_UNKNOWN;
	if (len <= 0)
		return;
	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		take_line(line, credit);
}

static void visit(int dir, const char *name, void *data)
{
	struct search *search = data;
	size_t len = strlen(name);

	(void)dir;
	if (len < strlen(".conf") || strcmp(name + len - strlen(".conf"), ".conf") != 0)
		return;
	for (size_t i = 0; i < search->count; i++)
		if (strcmp(search->list[i].name, name) == 0)
			return;
	if (search->count == DROP_INS_MAX || len >= NAME_BYTES) {
		search->overflow = true;
		return;
	}
	search->list[search->count].directory = search->directory;
	memcpy(search->list[search->count++].name, name, len + 1);
}

static int by_name(const void *a, const void *b)
{
	const struct drop_in *one = a, *other = b;

	return strcmp(one->name, other->name);
}

enum seed_credit collect_systemd_credit(int root)
{
	static struct search search;
	enum seed_credit credit = SEED_CREDIT_NO;
	char path[NAME_BYTES + 80];
	bool unit = false;

	search.count = 0;
	search.overflow = false;
	for (size_t i = 0; i < DIRECTORIES; i++) {
		snprintf(path, sizeof(path), "%s/" UNIT, directories[i]);
		if (!unit && collect_exists(root, path) == 1) {
			take_file(root, path, &credit);
			unit = true;
		}
		snprintf(path, sizeof(path), "%s/" UNIT ".d", directories[i]);
		search.directory = directories[i];
		collect_names(root, path, visit, &search);
	}
	qsort(search.list, search.count, sizeof(*search.list), by_name);
	for (size_t i = 0; i < search.count; i++) {
		snprintf(path, sizeof(path), "%s/" UNIT ".d/%s", search.list[i].directory,
			 search.list[i].name);
		take_file(root, path, &credit);
	}
	return search.overflow ? SEED_CREDIT_UNKNOWN : credit;
}
