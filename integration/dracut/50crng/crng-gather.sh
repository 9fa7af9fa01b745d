#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the kernel gather entropy from the first second of the boot on. Nothing waits for
# this, and nothing is printed. dracut sources this file.
if getargbool 1 rd.crng.gather; then
	(cd / && @crng wait -q -t 60 </dev/null >/dev/null 2>&1 &)
fi
