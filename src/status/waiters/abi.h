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

/*
 * Which of those calls is the number of a sleeping task? A kernel reports it in the
 * task's own ABI, which may be any that the kernel runs next to that of this program. The
 * task's executable need not be opened to tell which: no number means two of these calls.
 * In another ABI it may mean a call that is none of them. At getrandom's numbers no such
 * call sleeps. At the others few do (such as waitpid of i386 at poll of x86_64), and a
 * task waits for the RNG only if a descriptor among the arguments proves to be
 * /dev/random.
 */
enum abi_call abi_find(long number);

#endif
