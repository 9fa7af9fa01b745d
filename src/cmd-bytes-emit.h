/* SPDX-License-Identifier: MIT */
#ifndef CRNG_CMD_BYTES_EMIT_H
#define CRNG_CMD_BYTES_EMIT_H

#include "cmd-bytes-options.h"

/*
 * Opens the stream and writes what was asked for. Reports on standard error what goes
 * wrong; returns an enum exit_status. An output file is there in full or not at all, and
 * takes the place of another one only with --force.
 */
int bytes_emit(struct bytes_options *o);

#endif
