/* SPDX-License-Identifier: MIT */
/*
 * System call numbers. Those of the ABI that this program is built for come from libc's
 * headers, those of the other ABIs of the same kernel from the tables of Linux 6.18
 * (arch/.../syscall.tbl, scripts/syscall.tbl). All are cases of one switch, so that the
 * compiler refuses a number that is there twice.
 */
#include "status/waiters/abi.h"

#include <sys/syscall.h>

/* clang-format off */
#define CASE(number, call) case (number): return ABI_##call;
#define OWN(name, call) CASE(SYS_##name, call)

/* Calls added since Linux 5.1 have the same number in each ABI, on top of its base. */
#define NEW_CALLS(base) \
	CASE((base) + 413, SELECT) /* pselect6_time64 */ \
	CASE((base) + 414, POLL)   /* ppoll_time64 */ \
	CASE((base) + 426, URING)  /* io_uring_enter */ \
	CASE((base) + 441, EPOLL)  /* epoll_pwait2 */

#define OTHER_ABI(base, getrandom, read, readv, ppoll, pselect6, epoll_pwait, \
		  pread64, preadv, preadv2, splice, sendfile) \
	CASE((base) + (getrandom), GETRANDOM) \
	CASE((base) + (read), READ) \
	CASE((base) + (readv), READV) \
	CASE((base) + (ppoll), POLL) \
	CASE((base) + (pselect6), SELECT) \
	CASE((base) + (epoll_pwait), EPOLL) \
	CASE((base) + (pread64), READ_AT) \
	CASE((base) + (preadv), READ_AT) \
	CASE((base) + (preadv2), READ_AT) \
	CASE((base) + (splice), READ_AT) \
	CASE((base) + (sendfile), SENDFILE)

/* What the ABIs that are older than arm64 have besides. */
#define OLD_CALLS(base, poll, select, epoll_wait) \
	CASE((base) + (poll), POLL) \
	CASE((base) + (select), SELECT) \
	CASE((base) + (epoll_wait), EPOLL)

/* The ABIs that some kernels run next to their own. */
#define X32_BIT 0x40000000
#define X86_64 \
	OTHER_ABI(0, 318, 0, 19, 271, 270, 281, 17, 295, 327, 275, 40) \
	OLD_CALLS(0, 7, 23, 232)
#define X32 \
	OTHER_ABI(X32_BIT, 318, 0, 515, 271, 270, 281, 17, 534, 546, 275, 40) \
	OLD_CALLS(X32_BIT, 7, 23, 232)
#define I386 \
	OTHER_ABI(0, 355, 3, 145, 309, 308, 319, 180, 333, 378, 313, 187) \
	OLD_CALLS(0, 168, 142, 256) CASE(239, SENDFILE)
#define ARM64 \
	OTHER_ABI(0, 278, 63, 65, 73, 72, 22, 67, 69, 286, 76, 71)
#define ARM \
	OTHER_ABI(0, 384, 3, 145, 336, 335, 346, 180, 361, 392, 340, 187) \
	OLD_CALLS(0, 168, 142, 252) CASE(239, SENDFILE)
#define O32 \
	OTHER_ABI(4000, 353, 3, 145, 302, 301, 313, 200, 330, 361, 304, 207) \
	OLD_CALLS(4000, 188, 142, 250) CASE(4237, SENDFILE)
#define N64 \
	OTHER_ABI(5000, 313, 0, 18, 261, 260, 272, 16, 289, 321, 263, 39) \
	OLD_CALLS(5000, 7, 22, 209)
#define N32 \
	OTHER_ABI(6000, 317, 0, 18, 265, 264, 276, 16, 293, 325, 267, 39) \
	OLD_CALLS(6000, 7, 22, 209) CASE(6219, SENDFILE)
#define X86_NEW NEW_CALLS(0) NEW_CALLS(X32_BIT)
#define MIPS_NEW NEW_CALLS(4000) NEW_CALLS(5000) NEW_CALLS(6000)

/* All that the kernel of this machine knows besides the own numbers. */
#if defined(__i386__)
#define OTHER_CALLS X86_64 X32 X86_NEW
#elif defined(__x86_64__) && defined(__ILP32__)
#define OTHER_CALLS X86_64 I386 X86_NEW
#elif defined(__x86_64__)
#define OTHER_CALLS X32 I386 X86_NEW
#elif defined(__arm__)
#define OTHER_CALLS ARM64 NEW_CALLS(0)
#elif defined(__aarch64__)
#define OTHER_CALLS ARM NEW_CALLS(0)
#elif defined(__mips__) && SYS_read < 5000
#define OTHER_CALLS N64 N32 MIPS_NEW
#elif defined(__mips__) && SYS_read < 6000
#define OTHER_CALLS O32 N32 MIPS_NEW
#elif defined(__mips__)
#define OTHER_CALLS O32 N64 MIPS_NEW
#elif defined(__s390x__) /* s390 has the same numbers, and sendfile64 */
#define OTHER_CALLS CASE(223, SENDFILE) NEW_CALLS(0)
#elif defined(__powerpc64__) /* so has powerpc */
#define OTHER_CALLS CASE(226, SENDFILE) NEW_CALLS(0)
#elif defined(__riscv) && __riscv_xlen == 32 /* riscv64 */
#define OTHER_ABIS CASE(73, POLL) CASE(72, SELECT) NEW_CALLS(0)
#elif defined(__alpha__)
#define OTHER_CALLS NEW_CALLS(110)
#else
#define OTHER_CALLS NEW_CALLS(0)
#endif

enum abi_call abi_find(long number)
{
	switch (number) {
	OWN(getrandom, GETRANDOM)
	OWN(read, READ)
	OWN(readv, READV)
#ifdef SYS_poll
	OWN(poll, POLL)
#endif
#ifdef SYS_ppoll
	OWN(ppoll, POLL)
#endif
	/* Where both are there, select is the old one, whose arguments are in memory. */
#ifdef SYS__newselect
	OWN(_newselect, SELECT)
#elif defined(SYS_select)
	OWN(select, SELECT)
#endif
#ifdef SYS_pselect6
	OWN(pselect6, SELECT)
#endif
#ifdef SYS_epoll_wait
	OWN(epoll_wait, EPOLL)
#endif
	OWN(epoll_pwait, EPOLL)
	OWN(pread64, READ_AT)
	OWN(preadv, READ_AT)
	OWN(preadv2, READ_AT)
	OWN(splice, READ_AT)
#ifdef SYS_sendfile
	OWN(sendfile, SENDFILE)
#endif
#ifdef SYS_sendfile64
	OWN(sendfile64, SENDFILE)
#endif
	OTHER_CALLS
	default:
		return ABI_OTHER;
	}
}
/* clang-format on */
