/* SPDX-License-Identifier: MIT */
/*
 * Asks systemd itself what it does with its seed, and only where it runs, so that nothing
 * is started elsewhere. A captured tree holds the answers.
 */
#include "status/collect/systemd.h"

#include <errno.h>
#include <stdio.h>

#include "base/ask.h"
#include "base/child.h"
#include "base/deadline.h"
#include "base/root.h"
#include "base/text.h"
#include "status/collect/read.h"

enum { ANSWER_MAX = 65536 };

/* The two questions, and where a captured tree has the answers. */
static const char *const ask_unit[] = { "systemctl",	       "--no-pager", "show", "-p",
					SEEDS_UNIT_PROPERTIES, SEEDS_UNIT,   NULL };
static const char *const ask_manager[] = {
	"systemctl", "--no-pager", "show", "-p", SEEDS_MANAGER_PROPERTIES, NULL
};

#define CAPTURED_UNIT "/crng-capture/" SEEDS_UNIT
#define CAPTURED_MANAGER "/crng-capture/systemd"
#define ASK_NS (900 * NS_PER_MS)

static void say_unknown(struct seed_service *service, enum seed_loads loads,
			const char *why)
{
	*service = (struct seed_service){
		.loads = loads,
		.why = why,
		.credit = SEED_CREDIT_UNKNOWN,
		.credit_why = why,
	};
}

/* NULL, or why systemd cannot be asked. */
static const char *why_not_asked(long error)
{
	return error == -ETIMEDOUT ? "systemctl did not answer in time"
	       : error == -ENOENT  ? "systemctl is not installed"
	       : error == -ENODATA ? "systemctl failed"
				   : text_error((int)-error);
}

static bool is_installed(int root)
{
	return root_exists(root, "/usr/lib/systemd/systemd-random-seed") != 0 ||
	       root_exists(root, "/lib/systemd/systemd-random-seed") != 0;
}

/* The NUL that ends each text is not counted; a partial one would be judged wrongly. */
static void take_answers(long unit_len, const char *unit, long manager_len,
			 const char *manager, struct seed_service *service)
{
	if (unit_len < 0)
		say_unknown(service, SEED_LOADS_UNKNOWN, why_not_asked(unit_len));
	else
		seeds_judge_service(unit, manager_len < 0 ? NULL : manager, service);
}

static void ask(struct seed_service *service)
{
	static char unit[ANSWER_MAX], manager[ANSWER_MAX];
	int64_t deadline = deadline_after(ASK_NS);

	if (!ask_begin("systemd")) {
		say_unknown(service, SEED_LOADS_UNKNOWN, why_not_asked(-ETIMEDOUT));
		return;
	}

	long unit_len = child_output(ask_unit, deadline, unit, sizeof(unit));
	long manager_len = unit_len < 0 ? unit_len
					: child_output(ask_manager, deadline, manager,
						       sizeof(manager));

	ask_end();
	take_answers(unit_len, unit, manager_len, manager, service);
	service->first_boot = root_exists(ROOT_LIVE, "/run/systemd/first-boot") != 0;
}

static void read_answers(int root, struct seed_service *service)
{
	static char unit[ANSWER_MAX], manager[ANSWER_MAX];
	long unit_len = root_read(root, CAPTURED_UNIT, unit, sizeof(unit));
	long manager_len = root_read(root, CAPTURED_MANAGER, manager, sizeof(manager));

	if (unit_len == -ENOENT)
		say_unknown(service, SEED_LOADS_UNKNOWN,
			    "the captured tree has no answer from systemd");
	else
		take_answers(unit_len, unit, manager_len, manager, service);
	service->first_boot = root_exists(root, "/run/systemd/first-boot") == 1;
}

void systemd_ask(int root, struct seed_service *service)
{
	if (root != ROOT_LIVE)
		read_answers(root, service);
	else if (systemd_runs(root))
		ask(service);
	else if (is_installed(root))
		say_unknown(service, SEED_LOADS_UNKNOWN,
			    "systemd is not running here, so it cannot be asked");
	else
		say_unknown(service, SEED_LOADS_NO, "there is no systemd here");
}

bool systemd_runs(int root)
{
	return root_exists(root, "/run/systemd/system") == 1 ||
	       (root != ROOT_LIVE && root_exists(root, CAPTURED_UNIT) == 1);
}

bool systemd_has_unit(int root, const char *unit)
{
	static const char *const directories[] = { "/etc/systemd/system",
						   "/run/systemd/generator.late",
						   "/usr/lib/systemd/system",
						   "/lib/systemd/system" };
	char path[128];

	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++) {
		snprintf(path, sizeof(path), "%s/%s", directories[i], unit);
		if (root_exists(root, path) == 1)
			return true;
	}
	return false;
}
