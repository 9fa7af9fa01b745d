#ifndef CRNG_KCONFIG_H
#define CRNG_KCONFIG_H

/*
 * The value of CONFIG_NAME in the text of a kernel configuration: 'y', 'n', 'm'; 0 where
 * it is not mentioned. Pure.
 */
char kconfig_value(const char *config, const char *name);

#endif
