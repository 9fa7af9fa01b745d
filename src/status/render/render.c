/* SPDX-License-Identifier: MIT */
/* The table of formats. */
#include "status/render/render.h"

#include <string.h>

const struct renderer renderers[] = {
	{ "human", render_human }, { "json", render_json },
	{ "shell", render_shell }, { "prometheus", render_prometheus },
	{ "svg", render_svg },	   { NULL, NULL },
};

const struct renderer *renderer_find(const char *name)
{
	const struct renderer *renderer = renderers;

	while (renderer->name && strcmp(renderer->name, name) != 0)
		renderer++;
	return renderer->name ? renderer : NULL;
}
