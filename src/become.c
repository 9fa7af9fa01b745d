/* SPDX-License-Identifier: MIT */
#include "become.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "command.h"

char **become_cut(int *argc, char **argv)
{
	for (int i = 1; i < *argc; i++) {
		if (strcmp(argv[i], "--") == 0) {
			*argc = i;
			return argv + i + 1;
		}
	}
	return NULL;
}

int become(char **command)
{
	execvp(command[0], command);

	int error = errno;

	message("%s: %s", command[0], strerror(error));
	return error == ENOENT || error == ENOTDIR ? STATUS_NOT_FOUND
						   : STATUS_NOT_EXECUTABLE;
}
