# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Void: /etc/runit/core-services/01-crng.sh; Debian: /etc/runit/boot-run/01-crng.sh
# Makes the kernel gather entropy in the background from the first second on. The boot never
# waits for it. A service that needs the RNG waits in its own run script: see sv/run.
crng wait -q -t 5m &
