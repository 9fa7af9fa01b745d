/* SPDX-License-Identifier: MIT */
/*
 * "credits [--cut-at N] [--without-sync] COMMAND ARGUMENT..." runs the command and writes
 * "@credit BITS HEX" to standard output for each RNDADDENTROPY, before the kernel sees
 * it: once this line is out, the seed counts as used, whenever the power is cut. It ends
 * with "@calls N", the number of system calls, and with the command's exit status.
 * Just before the Nth call it writes "@cut" and waits to be killed. --without-sync turns
 * each fsync(), fdatasync() and sync() of the command into a call that does nothing, to
 * show what happens without them. For x86_64.
 */
#define _GNU_SOURCE
#include <err.h>
#include <linux/random.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { TROUBLE = 2, MAX_SEED = 512 };

struct run {
	pid_t pid;
	unsigned long calls;  /* so far */
	unsigned long cut_at; /* 0: never */
	bool without_sync;
	bool inside;   /* a system call has begun */
	bool replaced; /* and does nothing */
};

/* A line that was written is on the wire, and not in a buffer of the guest. */
static void say(const char *line)
{
	if (write(STDOUT_FILENO, line, strlen(line)) < 0)
		err(TROUBLE, "standard output");
	tcdrain(STDOUT_FILENO); /* a pipe has nothing to drain */
}

static struct user_regs_struct registers(const struct run *run)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, run->pid, 0, &regs) != 0)
		err(TROUBLE, "PTRACE_GETREGS");
	return regs;
}

static void set_registers(const struct run *run, struct user_regs_struct regs)
{
	if (ptrace(PTRACE_SETREGS, run->pid, 0, &regs) != 0)
		err(TROUBLE, "PTRACE_SETREGS");
}

static void peek(const struct run *run, uint64_t address, void *buf, size_t n)
{
	struct iovec here = { buf, n };
	struct iovec there = { (void *)address, n };

	if (process_vm_readv(run->pid, &here, 1, &there, 1, 0) != (ssize_t)n)
		errx(TROUBLE, "an RNDADDENTROPY that cannot be read");
}

static void say_credit(const struct run *run, uint64_t address)
{
	struct rand_pool_info info;
	uint8_t seed[MAX_SEED];
	char line[64 + 2 * MAX_SEED];

	peek(run, address, &info, sizeof(info));
	if (info.buf_size < 0 || info.buf_size > MAX_SEED)
		errx(TROUBLE, "an RNDADDENTROPY of %d bytes", info.buf_size);
	peek(run, address + sizeof(info), seed, (size_t)info.buf_size);

	int n = snprintf(line, sizeof(line), "@credit %d ", info.entropy_count);

	for (int i = 0; i < info.buf_size; i++)
		n += snprintf(line + n, sizeof(line) - (size_t)n, "%02x", seed[i]);
	snprintf(line + n, sizeof(line) - (size_t)n, "\n");
	say(line);
}

static bool is_sync(uint64_t call)
{
	return call == SYS_fsync || call == SYS_fdatasync || call == SYS_sync ||
	       call == SYS_syncfs;
}

static void enter_call(struct run *run)
{
	struct user_regs_struct regs = registers(run);

	run->calls++;
	if (regs.orig_rax == SYS_ioctl && regs.rsi == RNDADDENTROPY)
		say_credit(run, regs.rdx);
	if (run->calls == run->cut_at) {
		say("@cut\n");
		for (;;)
			pause();
	}
	run->replaced = run->without_sync && is_sync(regs.orig_rax);
	if (run->replaced) {
		regs.orig_rax = SYS_getpid;
		set_registers(run, regs);
	}
}

static void leave_call(struct run *run)
{
	if (!run->replaced)
		return;

	struct user_regs_struct regs = registers(run);

	regs.rax = 0;
	set_registers(run, regs);
}

/* Follows the process to its end, and returns its wait status. */
static int follow(struct run *run)
{
	int status, signal = 0;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, run->pid, 0, signal) != 0 ||
		    waitpid(run->pid, &status, 0) != run->pid)
			err(TROUBLE, "ptrace");
		if (!WIFSTOPPED(status))
			return status;
		signal = 0;
		if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
			run->inside = !run->inside;
			run->inside ? enter_call(run) : leave_call(run);
		} else if (status >> 8 != (SIGTRAP | PTRACE_EVENT_EXEC << 8)) {
			signal = WSTOPSIG(status);
		}
	}
}

static pid_t start(char **command)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		err(TROUBLE, "fork");
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		execvp(command[0], command);
		err(TROUBLE, "%s", command[0]);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, pid, 0,
		   PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC) != 0)
		err(TROUBLE, "ptrace");
	return pid;
}

int main(int argc, char **argv)
{
	struct run run = { 0 };
	char line[64];
	int i = 1;

	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strcmp(argv[i], "--without-sync") == 0)
			run.without_sync = true;
		else if (strcmp(argv[i], "--cut-at") == 0 && i + 1 < argc)
			run.cut_at = strtoul(argv[++i], NULL, 10);
		else
			errx(TROUBLE, "unknown option %s", argv[i]);
	}
	if (i >= argc)
		errx(TROUBLE, "no command");
	run.pid = start(argv + i);

	int status = follow(&run);

	snprintf(line, sizeof(line), "@calls %lu\n", run.calls);
	say(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
