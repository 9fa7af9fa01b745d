/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_BYTES_KEYFILE_H
#define CRNG_CMD_BYTES_KEYFILE_H

#include "bytes/keyfile.h"

/* Says what went wrong with the file, if rc is not 0; returns an enum exit_status. */
int bytes_report_keyfile(const struct keyfile *keyfile, int rc, const char *path);

#endif
