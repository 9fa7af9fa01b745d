/* SPDX-License-Identifier: MIT */
/*
 * When the boot before the last one was: a seed file older than that has not been
 * renewed.
 */
#include "base/text.h"
#include "base/wtmp.h"
#include "status/collect/collectors.h"

enum { BOOTS = 3 };

void collect_wtmp(int root, struct facts *facts)
{
	uint64_t times[BOOTS];
	long count = wtmp_boots(root, times, BOOTS);

	if (count < 0)
		facts->boot_before_last.unknown = text_error((int)-count);
	else if (count < BOOTS)
		facts->boot_before_last.unknown = "fewer than three boots are on record";
	else
		fact_number(&facts->boot_before_last, times[0]);
}
