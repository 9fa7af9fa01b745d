/* SPDX-License-Identifier: MIT */
/* Which arguments of a sleeping call are the descriptors that it waits for. */
#include "status/waiters/device-wait.h"

#include <errno.h>

#include "status/waiters/look.h"
#include "status/waiters/task-memory.h"

int device_wait_examine(const struct task *task, enum abi_call call,
			const struct proc_syscall *syscall)
{
	const uint64_t *args = syscall->args;
	struct look look = { .task = task };
	bool waits = false;

	switch (call) {
	case ABI_POLL:
		waits = task_memory_poll(&look, args[0], args[1]);
		break;
	case ABI_SELECT:
		waits = task_memory_select(&look, args[1], args[0],
					   syscall->stack <= UINT32_MAX);
		break;
	case ABI_SENDFILE:
		waits = look_at(&look, args[1]);
		break;
	default:
		waits = look_at(&look, args[0]);
	}
	return waits ? 1 : look.hidden ? -EACCES : 0;
}
