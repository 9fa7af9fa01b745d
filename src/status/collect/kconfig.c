/* SPDX-License-Identifier: MIT */
/*
 * The defaults that the kernel was built with, where its configuration is available as
 * text.
 */
#include "status/collect/kconfig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/root.h"
#include "base/text.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"

enum { CONFIG_BYTES_MAX = 1 << 20 };

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

void collect_kconfig(int root, struct facts *facts)
{
	char *config = malloc(CONFIG_BYTES_MAX);
	long len = config ? read_config(root, &facts->kernel_release, config) : -ENOMEM;

	if (len >= 0) {
		set_value(config, "RANDOM_TRUST_CPU", &facts->config_trust_cpu);
		set_value(config, "RANDOM_TRUST_BOOTLOADER",
			  &facts->config_trust_bootloader);
	} else if (len != -ETIMEDOUT && read_exists(root, "/proc/config.gz") == 1) {
		set_unknown(facts, "only /proc/config.gz has it, compressed");
	} else {
		set_unknown(facts, len == -ENOENT ? "no configuration file of this kernel"
						  : text_error((int)-len));
	}
	free(config);
}
