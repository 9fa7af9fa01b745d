/* SPDX-License-Identifier: MIT */
#include "cmd-seed-sysroot.h"

#include <errno.h>
#include <fcntl.h>

#include "base/message.h"
#include "base/text.h"
#include "cli.h"

int sysroot_open(const char *sysroot)
{
	int root = open(sysroot, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		message("%s: %s", cli_word(sysroot), text_error(errno));
	return root;
}
