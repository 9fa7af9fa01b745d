/* SPDX-License-Identifier: MIT */
/* The command line. An invalid one is status 125, which is never mistaken for CMD's. */
#define _GNU_SOURCE
#include "fakeboot.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
	"Usage: fakeboot [OPTION]... -- CMD [ARG]...\n"
	"  --ready-after DUR|never  readiness comes by itself (default never)\n"
	"  --jitter DUR|none        the first blocking call brings it (default none)\n"
	"  --ready-on EVENT[:N][+DUR]  the Nth call, probe (length 0), block (a call that "
	"sleeps),\n"
	"                           fork, exec or poll brings it, DUR later (default 0),\n"
	"                           or RNDADDENTROPY once it has credited N bits (256)\n"
	"  --errno NAME             every getrandom fails with it\n"
	"  --short N                at most N bytes a call\n"
	"  --no-insecure            GRND_INSECURE is EINVAL, as before Linux 5.6\n"
	"  --no-reseed              RNDRESEEDCRNG is EINVAL, as before Linux 4.17\n"
	"  --add ANSWER             RNDADDENTROPY is answered with an errno, or 0: nothing is "
	"done\n"
	"  --reseed ANSWER          the same for RNDRESEEDCRNG\n"
	"  --sandbox                every ioctl of /dev/random and /dev/urandom is answered "
	"with 0\n"
	"  --admin                  every caller has the privilege for these ioctls\n"
	"  --marker TEXT            the log says whether RNDADDENTROPY's bytes contain it\n"
	"  --hwrng KIND             /dev/hwrng is absent, gives good bytes, zeros, repeats or "
	"is\n"
	"                           biased, is slow, gives short:N bytes and no more, or "
	"eagain:\n"
	"                           none, hangs, or a read fails with an errno\n"
	"  --poll follows|lies|never|none   what poll() says of /dev/random\n"
	"  --proc DIR               shown at /proc/sys/kernel/random\n"
	"  --kmsg FILE              what /dev/kmsg gives, a record a line\n"
	"                           (/dev/kmsg, /dev/hwrng and ioctls: not with --poll none)\n"
	"  --vdso                   the vDSO works; its calls are not seen\n"
	"  --setuid                 setuid programs work, for root alone\n"
	"  --log FILE               the timeline, one event a line\n"
	"SIGUSR1 brings it, too. DUR is decimal, in s (default) or ms. Exit: CMD's, 125 "
	"own\n"
	"failure, 126/127 CMD cannot be run / is not found, 77 the kernel does not allow "
	"it.\n";

static _Noreturn void bad_value(const char *text)
{
	fprintf(stderr, "fakeboot: invalid value: '%s'\n", text);
	exit(125);
}

static int64_t parse_duration(const char *text, const char *none)
{
	int64_t value = 0, unit = NSEC_PER_SEC;
	const char *p = text;

	if (none && !strcmp(text, none))
		return NEVER;
	const char *end = text + strcspn(text, "ms");
	if (!strcmp(end, "ms"))
		unit = NSEC_PER_SEC / 1000;
	else if (*end && strcmp(end, "s"))
		bad_value(text);
	for (; isdigit((unsigned char)*p) && value < INT32_MAX; p++)
		value = value * 10 + (*p - '0');
	if (p == text || value >= INT32_MAX)
		bad_value(text);
	value *= unit;
	if (*p == '.')
		for (p++; isdigit((unsigned char)*p); p++)
			value += (*p - '0') * (unit /= 10);
	if (p != end)
		bad_value(text);
	return value;
}

static unsigned long parse_count(const char *text)
{
	char *end;

	errno = 0;
	unsigned long value = strtoul(text, &end, 10);
	if (errno || *end || !isdigit((unsigned char)*text) || !value ||
	    value > INT32_MAX)
		bad_value(text);
	return value;
}

static int parse_errno(const char *text)
{
	for (int error = 1; error < 256; error++) {
		const char *name = strerrorname_np(error);
		if (name && !strcmp(name, text))
			return error;
	}
	bad_value(text);
}

static int parse_answer(const char *text)
{
	return strcmp(text, "0") == 0 ? 0 : parse_errno(text);
}

static enum poll_mode parse_poll(const char *text)
{
	static const char *const names[] = {
		[POLL_FOLLOWS] = "follows",
		[POLL_LIES] = "lies",
		[POLL_NEVER] = "never",
		[POLL_NONE] = "none",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(text, names[i]))
			return (enum poll_mode)i;
	bad_value(text);
}

/* EVENT[:N][+DUR]; the text is cut into its parts. */
static struct trigger parse_trigger(char *text)
{
	static const struct trigger triggers[] = {
		{ .name = "call", .scope = SCOPE_RNG },
		{ .name = "probe", .scope = SCOPE_RNG, .counted = PROBES },
		{ .name = "block", .scope = SCOPE_RNG, .counted = BLOCKED },
		{ .name = "fork", .scope = SCOPE_FORK },
		{ .name = "exec", .scope = SCOPE_EXEC },
		{ .name = "poll", .scope = SCOPE_POLL },
		{ .name = "credit", .scope = SCOPE_DEVICE, .count = 256 },
	};
	char *delay = strchr(text, '+');

	if (delay)
		*delay++ = 0;
	char *count = strchr(text, ':');
	if (count)
		*count++ = 0;
	for (size_t i = 0; i < sizeof(triggers) / sizeof(triggers[0]); i++) {
		struct trigger found = triggers[i];
		if (strcmp(found.name, text) != 0)
			continue;
		if (count || !found.count)
			found.count = count ? parse_count(count) : 1;
		found.delay = delay ? parse_duration(delay, NULL) : 0;
		return found;
	}
	bad_value(text);
}

void fakeboot_parse(struct options *opt, int argc, char **argv)
{
	static const struct option names[] = {
		{ "ready-after", required_argument, NULL, 'a' },
		{ "jitter", required_argument, NULL, 'j' },
		{ "ready-on", required_argument, NULL, 'r' },
		{ "errno", required_argument, NULL, 'e' },
		{ "short", required_argument, NULL, 's' },
		{ "no-insecure", no_argument, NULL, 'i' },
		{ "no-reseed", no_argument, NULL, 'n' },
		{ "add", required_argument, NULL, 'A' },
		{ "reseed", required_argument, NULL, 'R' },
		{ "sandbox", no_argument, NULL, 'S' },
		{ "admin", no_argument, NULL, 'P' },
		{ "marker", required_argument, NULL, 'M' },
		{ "hwrng", required_argument, NULL, 'H' },
		{ "poll", required_argument, NULL, 'p' },
		{ "proc", required_argument, NULL, 'd' },
		{ "kmsg", required_argument, NULL, 'k' },
		{ "vdso", no_argument, NULL, 'v' },
		{ "setuid", no_argument, NULL, 'u' },
		{ "log", required_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "+", names, NULL)) != -1) {
		switch (c) {
		case 'a':
			opt->ready_after = parse_duration(optarg, "never");
			break;
		case 'j':
			opt->jitter = parse_duration(optarg, "none");
			break;
		case 'r':
			opt->on = parse_trigger(optarg);
			break;
		case 'e':
			opt->error = parse_errno(optarg);
			break;
		case 's':
			opt->short_len = parse_count(optarg);
			break;
		case 'i':
			opt->no_insecure = true;
			break;
		case 'n':
			opt->no_reseed = true;
			break;
		case 'A':
			opt->add = parse_answer(optarg);
			break;
		case 'R':
			opt->reseed = parse_answer(optarg);
			break;
		case 'S':
			opt->sandbox = true;
			break;
		case 'P':
			opt->admin = true;
			break;
		case 'M':
			opt->marker = optarg;
			break;
		case 'H':
			if (!fakeboot_hwrng_parse(&opt->hwrng, optarg))
				opt->hwrng.read_error = parse_errno(optarg);
			break;
		case 'k':
			opt->kmsg = optarg;
			break;
		case 'p':
			opt->poll = parse_poll(optarg);
			break;
		case 'd':
			opt->proc = optarg;
			break;
		case 'v':
			opt->vdso = true;
			break;
		case 'u':
			opt->setuid = true;
			break;
		case 'l':
			opt->log = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			exit(125);
		}
	}
	if (!argv[optind])
		fakeboot_fail(125, "no command given, try 'fakeboot --help'", 0);
	opt->command = argv + optind;
}
