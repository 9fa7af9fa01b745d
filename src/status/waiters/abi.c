/* SPDX-License-Identifier: MIT */
/*
 * System call numbers of every architecture that has getrandom(2). Source: the tables of
 * Linux 6.18 (arch/.../syscall.tbl, scripts/syscall.tbl).
 */
#include "status/waiters/abi.h"

#include <stddef.h>

enum { NONE = -1 };

struct abi {
	enum abi_family family;
	int base; /* is added to all */
	short getrandom, read, readv, poll, ppoll, select, pselect6, epoll_wait,
		epoll_pwait, pread64, preadv, preadv2, splice, sendfile, sendfile64;
};

#define GENERIC 278, 63, 65, NONE, 73, NONE, 72, NONE, 22, 67, 69, 286, 76, 71, NONE
#define NO_MORE NONE, NONE, NONE, NONE, NONE, NONE
#define ONLY(number) number, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NO_MORE
#define X32 0x40000000

/* clang-format off */
static const struct abi abis[] = {
	{ ABI_X86, 0, 318, 0, 19, 7, 271, 23, 270, 232, 281,
	  17, 295, 327, 275, 40, NONE },
	{ ABI_X86, X32, 318, 0, 515, 7, 271, 23, 270, 232, 281,
	  17, 534, 546, 275, 40, NONE },
	{ ABI_X86, 0, 355, 3, 145, 168, 309, 142, 308, 256, 319, /* i386 */
	  180, 333, 378, 313, 187, 239 },
	{ ABI_ARM, 0, GENERIC }, /* arm64 */
	{ ABI_ARM, 0, 384, 3, 145, 168, 336, 142, 335, 252, 346,
	  180, 361, 392, 340, 187, 239 },
	{ ABI_RISCV, 0, GENERIC },
	{ ABI_LOONGARCH, 0, GENERIC },
	{ ABI_CSKY, 0, GENERIC },
	{ ABI_MIPS, 5000, 313, 0, 18, 7, 261, 22, 260, 209, 272, /* n64 */
	  16, 289, 321, 263, 39, NONE },
	{ ABI_MIPS, 6000, 317, 0, 18, 7, 265, 22, 264, 209, 276, /* n32 */
	  16, 293, 325, 267, 39, 219 },
	{ ABI_MIPS, 4000, 353, 3, 145, 188, 302, 142, 301, 250, 313, /* o32 */
	  200, 330, 361, 304, 207, 237 },
	{ ABI_PPC, 0, 359, 3, 145, 167, 281, 142, 280, 238, 303,
	  179, 320, 380, 283, 186, 226 },
	{ ABI_S390, 0, 349, 3, 145, 168, 302, 142, 301, 251, 312,
	  180, 328, 376, 306, 187, 223 },
	{ ABI_PARISC, 0, 339, 3, 145, 168, 274, 142, 273, 226, 297,
	  108, 315, 347, 291, 122, 209 },
	{ ABI_SPARC, 0, ONLY(347) },
	{ ABI_ALPHA, 0, ONLY(511) },
	{ ABI_M68K, 0, ONLY(352) },
	{ ABI_SH, 0, ONLY(373) },
	{ ABI_XTENSA, 0, ONLY(338) },
	{ ABI_MICROBLAZE, 0, ONLY(385) },
};
/* clang-format on */

/* Calls added since 5.1 have one number everywhere, on top of the base. */
enum {
	PSELECT6_TIME64 = 413,
	PPOLL_TIME64 = 414,
	IO_URING_ENTER = 426,
	EPOLL_PWAIT2 = 441,
};

static enum abi_call find_in(const struct abi *abi, long number)
{
	number -= abi->base;
	if (number < 0)
		return ABI_OTHER;
	if (number == abi->getrandom)
		return ABI_GETRANDOM;
	if (number == abi->read)
		return ABI_READ;
	if (number == abi->readv)
		return ABI_READV;
	if (number == abi->poll || number == abi->ppoll || number == PPOLL_TIME64)
		return ABI_POLL;
	if (number == abi->select || number == abi->pselect6 || number == PSELECT6_TIME64)
		return ABI_SELECT;
	if (number == abi->epoll_wait || number == abi->epoll_pwait ||
	    number == EPOLL_PWAIT2)
		return ABI_EPOLL;
	if (number == abi->pread64 || number == abi->preadv || number == abi->preadv2 ||
	    number == abi->splice)
		return ABI_READ_AT;
	if (number == abi->sendfile || number == abi->sendfile64)
		return ABI_SENDFILE;
	return number == IO_URING_ENTER ? ABI_URING : ABI_OTHER;
}

enum abi_call abi_find(enum abi_family family, long number)
{
	enum abi_call call = ABI_OTHER;

	for (size_t i = 0; call == ABI_OTHER && i < sizeof(abis) / sizeof(abis[0]); i++) {
		if (abis[i].family == family)
			call = find_in(&abis[i], number);
	}
	return call;
}

enum abi_family abi_own_family(void)
{
#if defined(__x86_64__) || defined(__i386__)
	return ABI_X86;
#elif defined(__aarch64__) || defined(__arm__)
	return ABI_ARM;
#elif defined(__riscv)
	return ABI_RISCV;
#elif defined(__loongarch__)
	return ABI_LOONGARCH;
#elif defined(__csky__)
	return ABI_CSKY;
#elif defined(__mips__)
	return ABI_MIPS;
#elif defined(__powerpc__)
	return ABI_PPC;
#elif defined(__s390__)
	return ABI_S390;
#elif defined(__hppa__)
	return ABI_PARISC;
#elif defined(__sparc__)
	return ABI_SPARC;
#elif defined(__alpha__)
	return ABI_ALPHA;
#elif defined(__m68k__)
	return ABI_M68K;
#elif defined(__sh__)
	return ABI_SH;
#elif defined(__xtensa__)
	return ABI_XTENSA;
#elif defined(__MICROBLAZE__)
	return ABI_MICROBLAZE;
#else
	return 0;
#endif
}
