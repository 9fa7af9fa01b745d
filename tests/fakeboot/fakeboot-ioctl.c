/* SPDX-License-Identifier: MIT */
/*
 * The ioctls of /dev/random and /dev/urandom, with the checks of random_ioctl() in
 * drivers/char/random.c (4.17 and later) in their order. What the kernel would accept is
 * left to the kernel where the device is its own, and answered with 0 where it is the
 * stand-in.
 */
#define _GNU_SOURCE
#include "fakeboot.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/random.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The inode of the first user namespace, in which alone the privilege counts. */
#define FIRST_USER_NAMESPACE "user:[4026531837]"

/* More than the kernel is given in one call by any program. */
#define MOST_BYTES (1 << 20)

/* Leaves the call to the kernel. */
#define PASS (-1)

static bool in_first_namespace(pid_t tid)
{
	char path[64], name[64] = "";

	snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)tid);
	return readlink(path, name, sizeof(name) - 1) > 0 &&
	       strcmp(name, FIRST_USER_NAMESPACE) == 0;
}

static bool has_admin(pid_t tid)
{
	char path[64], line[128];
	unsigned long long effective = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	FILE *status = fopen(path, "re");
	while (status && fgets(line, sizeof(line), status))
		if (sscanf(line, "CapEff: %llx", &effective) == 1)
			break;
	if (status)
		fclose(status);
	return effective & 1ULL << CAP_SYS_ADMIN && in_first_namespace(tid);
}

/* What the kernel does with a call that it accepts, after the checks. */
static int accepted(const struct boot *b, bool real)
{
	return real && !b->opt.admin ? PASS : 0;
}

static void answer(const struct boot *b, const struct seccomp_notif *req, int error)
{
	if (error == PASS)
		fakeboot_pass(b, req->id);
	else
		fakeboot_answer(b, req->id, 0, error);
}

static const char *name_of(int error)
{
	return error == PASS ? "pass" : error ? strerrorname_np(error) : "0";
}

static void answer_reseed(struct boot *b, const struct seccomp_notif *req, bool real)
{
	bool admin = b->opt.admin || has_admin((pid_t)req->pid);
	int error = b->opt.sandbox		 ? 0
		    : b->opt.reseed != AS_KERNEL ? b->opt.reseed
		    : b->opt.no_reseed		 ? EINVAL
		    : !admin			 ? EPERM
		    : !b->ready			 ? ENODATA
						 : accepted(b, real);

	fakeboot_log(b, fakeboot_now(), "event=reseed tid=%d answer=%s", (int)req->pid,
		     name_of(error));
	answer(b, req, error);
}

/*
 * Logs the call with the SHA-256 of its bytes, and whether they contain the text of
 * --marker.
 */
static void log_add(const struct boot *b, const struct seccomp_notif *req,
		    const int head[2], int error)
{
	const char *marker = b->opt.marker;
	size_t len = head[1] > 0 && head[1] <= MOST_BYTES ? (size_t)head[1] : 0;
	uint8_t hash[crypto_hash_sha256_BYTES], *bytes = malloc(len + 1);
	char digest[2 * sizeof(hash) + 1] = "none";

	if (!bytes || fakeboot_peek((pid_t)req->pid, req->data.args[2] + 2 * sizeof(int),
				    bytes, len))
		len = 0;
	if (len && crypto_hash_sha256(hash, bytes, len) == 0)
		sodium_bin2hex(digest, sizeof(digest), hash, sizeof(hash));
	bool marked = len && marker && memmem(bytes, len, marker, strlen(marker));
	free(bytes);
	fakeboot_log(b, fakeboot_now(),
		     "event=add tid=%d credit=%d bytes=%d marked=%s sha256=%s answer=%s",
		     (int)req->pid, head[0], head[1], marked ? "yes" : "no", digest,
		     name_of(error));
}

/* The head of struct rand_pool_info: the credit in bits, the number of bytes. */
static void answer_add(struct boot *b, const struct seccomp_notif *req, bool real)
{
	int head[2] = { 0, 0 };
	bool admin = b->opt.admin || has_admin((pid_t)req->pid);
	bool bad = fakeboot_peek((pid_t)req->pid, req->data.args[2], head, sizeof(head));
	int error = b->opt.sandbox	      ? 0
		    : b->opt.add != AS_KERNEL ? b->opt.add
		    : !admin		      ? EPERM
		    : bad		      ? EFAULT
		    : head[0] < 0	      ? EINVAL
					      : accepted(b, real);

	log_add(b, req, head, error);
	/* What --add or --sandbox answers does nothing. */
	if (head[0] > 0 && b->opt.on.scope == SCOPE_DEVICE && b->opt.add == AS_KERNEL &&
	    !b->opt.sandbox && (error == PASS || error == 0))
		fakeboot_pull_trigger(b, (unsigned int)head[0]);
	answer(b, req, error);
}

static void answer_count(struct boot *b, const struct seccomp_notif *req)
{
	int bits = b->ready ? b->poolsize : b->bits;
	bool bad = fakeboot_poke((pid_t)req->pid, req->data.args[2], &bits, sizeof(bits));

	fakeboot_answer(b, req->id, 0, bad ? EFAULT : 0);
}

void fakeboot_ioctl(struct boot *b, const struct seccomp_notif *req)
{
	bool real = false;
	const struct device *device = fakeboot_device_of(b, (pid_t)req->pid,
							 (int)req->data.args[0], &real);
	unsigned int call = (unsigned int)req->data.args[1];

	if (device != &b->random && !real)
		fakeboot_pass(b, req->id);
	else if (call == RNDRESEEDCRNG)
		answer_reseed(b, req, real);
	else if (call == RNDADDENTROPY)
		answer_add(b, req, real);
	else if (call == RNDGETENTCNT)
		answer_count(b, req);
	else
		answer(b, req, b->opt.sandbox ? 0 : PASS);
}
