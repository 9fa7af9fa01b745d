/* SPDX-License-Identifier: MIT */
/*
 * fakeboot: the interfaces between the parts of the supervisor.
 *
 *   fakeboot.c          log, target, main
 *   fakeboot-options.c  the command line
 *   fakeboot-spawn.c    filter and child
 *   fakeboot-reap.c     its exit, and the processes that it leaves behind
 *   fakeboot-serve.c    event loop, table of reported calls
 *   fakeboot-rng.c      readiness, getrandom
 *   fakeboot-device.c   /dev/random
 *   fakeboot-ioctl.c    its ioctls, and those of /dev/urandom
 *   fakeboot-hwrng.c    /dev/hwrng
 *   fakeboot-kmsg.c     /dev/kmsg
 *   fakeboot-proc.c     /proc/sys/kernel/random
 *
 * Times are nanoseconds of CLOCK_MONOTONIC; functions return 0 or -errno.
 */
#ifndef FAKEBOOT_H
#define FAKEBOOT_H

#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define NSEC_PER_SEC 1000000000LL
#define NEVER (-1)

enum poll_mode { POLL_FOLLOWS, POLL_LIES, POLL_NEVER, POLL_NONE };

/* The groups of calls that the filter can report, as bits of a mask. */
enum scope {
	SCOPE_RNG = 1 << 0,
	SCOPE_DEVICE = 1 << 1,
	SCOPE_FORK = 1 << 2,
	SCOPE_EXEC = 1 << 3,
	SCOPE_POLL = 1 << 4,
	SCOPE_DUMPABLE = 1 << 5,
	SCOPE_READ = 1 << 6,
};

/* Which getrandom calls count as --ready-on's event. */
enum counted { EVERY_CALL, PROBES, BLOCKED };

/* The event of --ready-on; the scope is the group of calls that it can be. */
struct trigger {
	const char *name;
	enum scope scope;
	enum counted counted;
	unsigned long count; /* how many are still to come, or bits of credit; 0 is off */
	int64_t delay;	     /* from the last of them to readiness */
};

/* What a stand-in for /dev/hwrng gives; name is NULL where there is none. */
struct hwrng {
	const char *name;
	int open_error;
	int read_error;
	bool hangs; /* a read does not return */
	bool slow;  /* gives a few bytes at a time */
	size_t len; /* how many bytes each opener finds; then there are no more */
	enum { NOISE, ZEROS, REPEATS, BIASED } bytes;
};

/* --add and --reseed without which the kernel's rules answer */
#define AS_KERNEL (-1)

struct options {
	int64_t ready_after;
	int64_t jitter;
	int error;	  /* answered to every getrandom, 0 is off */
	size_t short_len; /* 0 is off */
	bool no_insecure;
	bool no_reseed;
	int add, reseed; /* the answer to the ioctl: 0 or an errno; AS_KERNEL */
	bool sandbox;	 /* answers 0 to every ioctl of the RNG */
	bool admin;	 /* every caller has the privilege */
	const char *marker;
	struct hwrng hwrng;
	bool vdso;   /* the vDSO gives bytes and shows the generation */
	bool setuid; /* does not set no_new_privs, which takes CAP_SYS_ADMIN */
	enum poll_mode poll;
	struct trigger on;
	const char *proc;
	const char *kmsg;
	const char *log;
	char **command;
};

/* A getrandom call that sleeps until ready. */
struct call {
	uint64_t id;
	pid_t pid;
	pid_t tid;
	uint64_t buf;
	uint64_t len;
	unsigned int flags;
	int64_t since;
	bool cut; /* shortened by --short */
	int gone; /* the answer came too late */
};

/* A device, and the pipe that stands in for it; path is NULL where none does. */
struct device {
	const char *path;
	dev_t number;
	bool invented; /* the machine need not have it */
	int pipe[2];
};

struct pids {
	pid_t *pid;
	size_t count;
};

struct boot {
	struct options opt;
	bool ready;
	int64_t due; /* when readiness comes; NEVER */
	const char *cause;
	struct call *waiting;
	size_t waiting_count;
	size_t waiting_room;

	pid_t child;
	bool ended; /* CMD has ended, with this status in the form of a shell: */
	int status;
	bool running; /* the child is CMD itself, and no longer our fork */
	int listener;
	int sock; /* from the child: the listener, then exec's errno or end of file */
	int signals;
	int log_fd;
	struct pids strangers; /* children that we had before, which we leave alone */

	struct device random, kmsg, hwrng;
	int64_t feed_due; /* when a slow hwrng has more bytes; NEVER */
	int entropy_fd;
	int bits;     /* entropy_avail while not ready, in bits */
	int poolsize; /* entropy_avail once ready, in bits */
};

/* A reported system call: its number, the condition for it, the function that answers. */
struct rule {
	int nr;
	enum scope scope;
	void (*answer)(struct boot *b, const struct seccomp_notif *req);
	struct scmp_arg_cmp when; /* .op 0: always */
};

/* fakeboot.c */
int64_t fakeboot_now(void);
void fakeboot_log(const struct boot *b, int64_t when, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
_Noreturn void fakeboot_fail(int status, const char *what, int error);
int fakeboot_answer(const struct boot *b, uint64_t id, int64_t value, int error);
int fakeboot_pass(const struct boot *b, uint64_t id);
int fakeboot_peek(pid_t tid, uint64_t from, void *to, size_t len);
int fakeboot_poke(pid_t tid, uint64_t to, const void *from, size_t len);
void fakeboot_peek_text(pid_t tid, uint64_t from, char *text, size_t size);
pid_t fakeboot_process_of(const struct boot *b, pid_t tid);

/* fakeboot-options.c */
void fakeboot_parse(struct options *opt, int argc, char **argv);

/* fakeboot-spawn.c */
void fakeboot_spawn(struct boot *b);
int fakeboot_started(struct boot *b);

/* fakeboot-reap.c */
void fakeboot_reap(struct boot *b);
bool fakeboot_alone(void);
void fakeboot_kill_orphans(const struct boot *b);
struct pids fakeboot_children(void);

/* fakeboot-serve.c */
extern const struct rule fakeboot_rules[];
int fakeboot_serve(struct boot *b);

/* fakeboot-rng.c */
void fakeboot_become_ready(struct boot *b, const char *cause);
void fakeboot_pull_trigger(struct boot *b, unsigned long by);
void fakeboot_forget_cancelled(struct boot *b, pid_t tid);
void fakeboot_getrandom(struct boot *b, const struct seccomp_notif *req);
void fakeboot_stay_writable(struct boot *b, const struct seccomp_notif *req);

/* fakeboot-device.c */
void fakeboot_device_init(struct boot *b);
void fakeboot_device_ready(const struct boot *b);
bool fakeboot_device_gives(const struct boot *b);
void fakeboot_device_fill(const struct boot *b);
void fakeboot_device_open(struct boot *b, const struct seccomp_notif *req);
void fakeboot_device_stat(struct boot *b, const struct seccomp_notif *req);
const struct device *fakeboot_device_of(const struct boot *b, pid_t tid, int fd,
					bool *real);

/* fakeboot-ioctl.c */
void fakeboot_ioctl(struct boot *b, const struct seccomp_notif *req);

/* fakeboot-hwrng.c */
bool fakeboot_hwrng_parse(struct hwrng *hwrng, char *text);
void fakeboot_hwrng_init(struct boot *b);
void fakeboot_hwrng_fill(struct boot *b);
void fakeboot_hwrng_feed(struct boot *b);
void fakeboot_hwrng_access(struct boot *b, const struct seccomp_notif *req);
void fakeboot_hwrng_read(struct boot *b, const struct seccomp_notif *req);

/* fakeboot-kmsg.c */
void fakeboot_kmsg_init(struct boot *b);
void fakeboot_kmsg_fill(const struct boot *b);

/* fakeboot-proc.c */
void fakeboot_proc_init(struct boot *b);

#endif
