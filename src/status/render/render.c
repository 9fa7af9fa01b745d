/* SPDX-License-Identifier: MIT */
/* The table of formats. */
#include "status/render/render.h"

#include <string.h>

const struct renderer renderers[] = {
	{ "human", render_human, human_boots },
	{ "json", render_json, json_boots },
	{ "shell", render_shell, shell_boots },
	{ "prometheus", render_prometheus, NULL },
	{ "svg", render_svg, NULL },
	{ NULL, NULL, NULL },
};

const struct renderer *renderer_find(const char *name)
{
	const struct renderer *renderer = renderers;

	while (renderer->name && strcmp(renderer->name, name) != 0)
		renderer++;
	return renderer->name ? renderer : NULL;
}
