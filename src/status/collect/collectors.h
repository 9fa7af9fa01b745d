#ifndef CRNG_COLLECTORS_H
#define CRNG_COLLECTORS_H

#include "status/facts.h"

/*
 * The steps of collect_facts(). They only read; judge.h draws the conclusions that depend
 * on several of them. root is ROOT_LIVE or the descriptor of a captured tree. None of
 * them fails: a fact that cannot be read is unknown, with its reason. Five of them need
 * others before them: collect_pool() and collect_kconfig() need collect_kernel(),
 * collect_clones() needs it and collect_probe(), collect_pool_rate() needs
 * collect_pool() and collect_probe(), and collect_seed_files() needs
 * collect_environment().
 */
void collect_kernel(int root, struct facts *facts);
void collect_pool(int root, struct facts *facts);
void collect_pool_rate(int root, struct facts *facts);
void collect_probe(int root, struct facts *facts);
void collect_hwrng(int root, struct facts *facts);
void collect_cpu(int root, struct facts *facts);
void collect_cmdline(int root, struct facts *facts);
void collect_kconfig(int root, struct facts *facts);
void collect_firmware(int root, struct facts *facts);
void collect_clones(int root, struct facts *facts);
void collect_environment(int root, struct facts *facts);
void collect_container(int root, struct facts *facts);
void collect_virtualization(int root, struct facts *facts);
void collect_wtmp(int root, struct facts *facts);
void collect_seed_files(int root, struct facts *facts);
void collect_daemons(int root, struct facts *facts);
void collect_host_keys(int root, struct facts *facts);
void collect_admin(int root, struct facts *facts);

/* The time of the look, which collect_environment() collects as well. */
void collect_time(struct facts *facts);

#endif
