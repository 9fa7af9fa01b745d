/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_STATUS_BOOTS_H
#define CRNG_CMD_STATUS_BOOTS_H

#include "cmd-status-options.h"

/*
 * Prints the list of the last boots, or the report on one of them. tree is that of
 * history.h. Returns an enum exit_status.
 */
int status_boots(const struct renderer *renderer, const struct render_style *style,
		 const char *tree, size_t max);
int status_boot(const struct renderer *renderer, const struct render_style *style,
		const char *tree, const struct status_options *o);

#endif
