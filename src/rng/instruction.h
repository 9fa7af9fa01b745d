/* SPDX-License-Identifier: MIT */
#ifndef CRNG_INSTRUCTION_H
#define CRNG_INSTRUCTION_H

/*
 * Which RNG instructions the CPU has and the kernel uses, below root (root.h). It mixes
 * what they give into each reseed of the CRNG (extract_entropy() in drivers/char/random.c
 * since Linux 5.18; before, crng_reseed() of 4.8 to 5.17), whether or not it credits
 * that. Sets *names to a static string, the names separated by blanks, or "none", and
 * returns NULL; or returns why they cannot be known, a static string as well.
 */
const char *instruction_names(int root, const char **names);

#endif
