/* SPDX-License-Identifier: MIT */
#include "refusal.h"

#include <errno.h>
#include <stddef.h>

#include "base/message.h"

#define OUTSIDE_HINT "Run it outside the sandbox, on the machine itself.\n"

static const struct {
	int error;
	const char *what, *hint;
} refusals[] = {
	{ EPROTO, "something other than the kernel answers for the device",
	  OUTSIDE_HINT },
	{ ENOTTY, "entropy cannot be added here: the device does not know RNDADDENTROPY",
	  OUTSIDE_HINT },
	{ ENOSYS, "entropy cannot be added here: ioctl is not allowed", OUTSIDE_HINT },
};

bool refusal_report(int rc, const char *act)
{
	if (rc == -EPERM) {
		message("no privilege: %s takes CAP_SYS_ADMIN in the initial user "
			"namespace",
			act);
		message_hint("Run it as root on the machine itself, not in a "
			     "container.\n");
		return true;
	}
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		if (refusals[i].error != -rc)
			continue;
		message("%s", refusals[i].what);
		message_hint("%s", refusals[i].hint);
		return true;
	}
	return false;
}
