/* SPDX-License-Identifier: MIT */
#ifndef CRNG_ABI_H
#define CRNG_ABI_H

/* The system calls in which a task can wait for the RNG. */
enum abi_call {
	ABI_OTHER,
	ABI_GETRANDOM, /* (buf, len, flags) */
	ABI_READ,      /* (fd, buf, len) */
	ABI_READV,     /* (fd, ...) */
	ABI_POLL,      /* poll, ppoll (fds, nfds, ...) */
	ABI_SELECT,    /* select, pselect6 (nfds, readfds, ...) */
	ABI_EPOLL,     /* epoll_wait, epoll_pwait (epfd, ...) */
	ABI_READ_AT,   /* pread64, preadv, preadv2, splice (fd, ...) */
	ABI_SENDFILE,  /* sendfile, sendfile64 (out, in, ...) */
	ABI_URING,     /* io_uring_enter (fd, ...) */
};

/* Machines whose programs one kernel runs: the native ones and the compat ones. */
enum abi_family {
	ABI_X86 = 1,
	ABI_ARM,
	ABI_RISCV,
	ABI_LOONGARCH,
	ABI_CSKY,
	ABI_MIPS,
	ABI_PPC,
	ABI_S390,
	ABI_PARISC,
	ABI_SPARC,
	ABI_ALPHA,
	ABI_M68K,
	ABI_SH,
	ABI_XTENSA,
	ABI_MICROBLAZE,
};

/* Of the machine that this program was built for; 0: none of them. */
enum abi_family abi_own_family(void);

/*
 * Which of those calls is the number of a sleeping task? A kernel reports it in the
 * task's own ABI. Within a family no number means two of these calls, and what it means
 * in the family's other ABIs does not sleep, so the task's executable need not be opened
 * to tell.
 */
enum abi_call abi_find(enum abi_family family, long number);

#endif
