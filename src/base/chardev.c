/* SPDX-License-Identifier: MIT */
/* In a chroot or a container any file may have the name of a device. */
#include "base/chardev.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

enum { MEMORY_MAJOR = 1 };

bool chardev_is(mode_t mode, dev_t number, enum chardev device)
{
	return S_ISCHR(mode) && number == makedev(MEMORY_MAJOR, (unsigned int)device);
}
