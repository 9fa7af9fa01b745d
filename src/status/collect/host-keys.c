/* SPDX-License-Identifier: MIT */
/*
 * SSH host keys are made at the first boot, when the RNG may not have been ready. Their
 * times of change are compared with the moment it was; nothing is read of them.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"

#define DIRECTORY "/etc/ssh"

struct keys {
	int64_t from, until; /* made in between: too early */
	char early[FACT_TEXT_MAX];
};

static void judge(struct keys *keys, const char *path, int64_t modified)
{
	if (modified >= keys->from && modified < keys->until && !keys->early[0])
		snprintf(keys->early, sizeof(keys->early), "%s", path);
}

static bool is_key(const char *name)
{
	static const char before[] = "ssh_host_", after[] = "_key";
	size_t len = strlen(name);

	return len > strlen(before) + strlen(after) &&
	       strncmp(name, before, strlen(before)) == 0 &&
	       strcmp(name + len - strlen(after), after) == 0;
}

static void visit(int dir, const char *name, void *data)
{
	char path[FACT_TEXT_MAX];
	struct stat st;

	if (!is_key(name) || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	snprintf(path, sizeof(path), DIRECTORY "/%s", name);
	judge(data, path, st.st_mtim.tv_sec);
}

static int read_captured(int root, struct keys *keys)
{
	char text[8192], path[FACT_TEXT_MAX], *save = NULL;
	long len = io_read_in(root, "/crng-capture/seeds", text, sizeof(text));
	long long modified;

	if (len < 0)
		return (int)len;
	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (sscanf(line, "%255s %*s %*s %*s %18lld", path, &modified) == 2 &&
		    strncmp(path, DIRECTORY "/", strlen(DIRECTORY "/")) == 0 &&
		    is_key(path + strlen(DIRECTORY "/")))
			judge(keys, path, modified);
	return 0;
}

void collect_host_keys(int root, struct facts *facts)
{
	struct fact_text *fact = &facts->early_host_key;
	struct keys keys = { .until = INT64_MAX };

	if (facts->boot_time.unknown) {
		fact->unknown = facts->boot_time.unknown;
		return;
	}
	keys.from = (int64_t)facts->boot_time.number;
	if (!facts->ready_ms.unknown) {
		keys.until = keys.from + (int64_t)facts->ready_ms.number / 1000;
	} else if (!facts_not_ready(facts)) {
		fact->unknown = facts->ready_ms.unknown;
		return;
	}

	int rc = root == IO_LIVE_ROOT ? read_names(root, DIRECTORY, visit, &keys)
				      : read_captured(root, &keys);

	if (rc < 0)
		fact->unknown = text_error(-rc);
	else
		fact_text(fact, keys.early[0] ? keys.early : "none");
}
