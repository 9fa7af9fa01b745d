/* SPDX-License-Identifier: MIT */
/* Memory beyond the limit of a control group is not refused: a process is killed. */
#include "bytes/memory.h"

#include "base/number.h"
#include "bytes/cgroup.h"

static uint64_t limit_of(const char *text)
{
	uint64_t bytes;

	return number_size(text, &bytes) == 0 ? bytes : UINT64_MAX;
}

uint64_t memory_usable(void)
{
	return cgroup_least("memory.max", limit_of);
}
