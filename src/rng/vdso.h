/* SPDX-License-Identifier: MIT */
#ifndef CRNG_VDSO_H
#define CRNG_VDSO_H

#include <stdbool.h>

/*
 * Does the kernel map getrandom() into this process (vDSO; Linux 6.11 on x86_64, 6.12 on
 * arm64, loongarch, powerpc and s390, 6.18 on riscv64)? False also where the vDSO cannot
 * be understood.
 */
bool vdso_has_getrandom(void);

/* Its address in this process, or NULL; vgetrandom.h knows how to call it. */
const void *vdso_getrandom(void);

#endif
