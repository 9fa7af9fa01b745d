/* SPDX-License-Identifier: MIT */
/*
 * The defaults that the kernel was built with, where its configuration is available: as
 * text, or compressed by the kernel itself, for which gzip(1) is asked.
 */
#include "status/collect/kconfig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ask.h"
#include "base/child.h"
#include "base/deadline.h"
#include "base/root.h"
#include "base/text.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"

enum { CONFIG_BYTES_MAX = 1 << 20 };

#define COMPRESSED "/proc/config.gz"
#define GZIP_NS NS_PER_S

char kconfig_value(const char *config, const char *name)
{
	char set[80], not_set[96];

	snprintf(set, sizeof(set), "CONFIG_%s=", name);
	snprintf(not_set, sizeof(not_set), "# CONFIG_%s is not set", name);
	while (config) {
		config += *config == '\n';
		if (strncmp(config, set, strlen(set)) == 0)
			return config[strlen(set)] ? config[strlen(set)] : 'n';
		if (strncmp(config, not_set, strlen(not_set)) == 0)
			return 'n';
		config = strchr(config, '\n');
	}
	return '\0';
}

static void set_value(const char *config, const char *name, struct fact_text *fact)
{
	char value = kconfig_value(config, name);

	fact_text(fact, value == 'y' ? "y" : value ? "n" : "absent");
}

static void set_unknown(struct facts *facts, const char *why)
{
	facts->config_trust_cpu.unknown = why;
	facts->config_trust_bootloader.unknown = why;
}

/* A release that is more than one file name is an attempt to read another file. */
static long read_config(int root, const struct fact_text *release, char *config)
{
	static const struct {
		const char *before, *after;
	} places[] = { { "/boot/config-", "" }, { "/lib/modules/", "/config" } };
	char path[FACT_TEXT_MAX + 32];
	long len = -ENOENT;

	if (release->unknown || strchr(release->text, '/'))
		return -EINVAL;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(path, sizeof(path), "%s%s%s", places[i].before, release->text,
			 places[i].after);
		len = root_read(root, path, config, CONFIG_BYTES_MAX);
		if (len >= 0 || len == -ETIMEDOUT)
			break;
	}
	return len;
}

/* Returns the length or -errno; 0 stands for a captured tree, which has no copy of it. */
static long decompress(int root, char *config)
{
	static const char *const gzip[] = { "gzip", "-dc", COMPRESSED, NULL };

	if (root != ROOT_LIVE)
		return 0;
	if (!ask_begin("gzip"))
		return -ETIMEDOUT;

	long len = child_output(gzip, deadline_after(GZIP_NS), config, CONFIG_BYTES_MAX);

	ask_end();
	return len;
}

static const char *why_compressed(long len)
{
	return len == 0 ? "only " COMPRESSED " has it, and the captured tree has no copy"
	       : len == -ENOENT ? "only " COMPRESSED " has it, and gzip is not installed"
	       : len == -ETIMEDOUT ? "gzip did not answer in time"
				   : "gzip cannot decompress " COMPRESSED;
}

static void take(const char *config, struct facts *facts)
{
	set_value(config, "RANDOM_TRUST_CPU", &facts->config_trust_cpu);
	set_value(config, "RANDOM_TRUST_BOOTLOADER", &facts->config_trust_bootloader);
}

void collect_kconfig(int root, struct facts *facts)
{
	char *config = malloc(CONFIG_BYTES_MAX);
	long len = config ? read_config(root, &facts->kernel_release, config) : -ENOMEM;

	if (len >= 0) {
		take(config, facts);
	} else if (config && len != -ETIMEDOUT && root_exists(root, COMPRESSED) == 1) {
		len = decompress(root, config);
		if (len > 0)
			take(config, facts);
		else
			set_unknown(facts, why_compressed(len));
	} else {
		set_unknown(facts,
			    len == -ENOENT
				    ? "there is no configuration file for this kernel"
				    : text_error((int)-len));
	}
	free(config);
}
