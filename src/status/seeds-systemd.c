/* SPDX-License-Identifier: MIT */
/*
 * What systemctl(1) shows of the service that keeps systemd's seed. Only systemd knows
 * what its unit files, drop-ins, generators and defaults add up to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "status/seeds-show.h"
#include "status/seeds.h"

enum { CREDITING_VERSION = 243 };

static void say_loads(struct seed_service *service, enum seed_loads loads,
		      const char *why, enum seed_remedy remedy)
{
	service->loads = loads;
	service->why = why;
	service->remedy = remedy;
}

static void say_credit(struct seed_service *service, enum seed_credit credit,
		       const char *why, enum seed_credit_remedy remedy)
{
	service->credit = credit;
	service->credit_why = why;
	service->credit_remedy = remedy;
}

/*
 * The first row that applies counts. A row applies where the property has the value or,
 * with otherwise, has another one.
 */
static const struct state {
	const char *name, *value;
	bool otherwise;
	enum seed_loads loads;
	const char *why;
	enum seed_remedy remedy;
} states[] = {
	{ "LoadState", "", false, SEED_LOADS_UNKNOWN, "systemctl gave no answer",
	  SEED_REMEDY_NONE },
	{ "UnitFileState", "masked-runtime", false, SEED_LOADS_UNKNOWN,
	  SEEDS_UNIT " is masked until the next boot", SEED_UNMASK_RUNTIME },
	{ "LoadState", "masked", false, SEED_LOADS_NO, SEEDS_UNIT " is masked",
	  SEED_UNMASK },
	{ "UnitFileState", "masked", false, SEED_LOADS_NO, SEEDS_UNIT " is masked",
	  SEED_UNMASK },
	{ "LoadState", "not-found", false, SEED_LOADS_NO, "systemd has no " SEEDS_UNIT,
	  SEED_REMEDY_NONE },
	{ "LoadState", "loaded", true, SEED_LOADS_NO, "systemd cannot load " SEEDS_UNIT,
	  SEED_SEE_STATUS },
	{ "ActiveState", "failed", false, SEED_LOADS_UNKNOWN,
	  SEEDS_UNIT " failed at this boot", SEED_SEE_STATUS },
	{ "ConditionResult", "yes", false, SEED_LOADS_YES, NULL, SEED_REMEDY_NONE },
};

/*
 * For a service that has not run at this boot: either its conditions were not met, or
 * nothing started it.
 */
static void judge_inactive(const char *unit, struct seed_service *service)
{
	if (!show_is(unit, "ConditionTimestampMonotonic", "0") &&
	    !show_is(unit, "ConditionTimestampMonotonic", ""))
		say_loads(service, SEED_LOADS_NO,
			  "the conditions of " SEEDS_UNIT " are not met",
			  SEED_SEE_STATUS);
	else if (show_is(unit, "WantedBy", "") && show_is(unit, "RequiredBy", ""))
		say_loads(service, SEED_LOADS_NO,
			  "nothing makes systemd start " SEEDS_UNIT, SEED_ADD_WANTS);
	else
		say_loads(service, SEED_LOADS_UNKNOWN,
			  "systemd has not started " SEEDS_UNIT " at this boot",
			  SEED_SEE_STATUS);
}

static bool runs_load(const char *unit)
{
	static const char command[] = "/systemd-random-seed load ";
	size_t len;
	const char *start = show_property(unit, "ExecStart", &len);

	return memmem(start, len, command, sizeof(command) - 1) != NULL;
}

static void judge_state(const char *unit, struct seed_service *service)
{
	const size_t count = sizeof(states) / sizeof(*states);
	size_t i = 0;

	while (i < count &&
	       show_is(unit, states[i].name, states[i].value) == states[i].otherwise)
		i++;
	if (i < count)
		say_loads(service, states[i].loads, states[i].why, states[i].remedy);
	else
		judge_inactive(unit, service);
	if (service->loads == SEED_LOADS_YES && !runs_load(unit))
		say_loads(service, SEED_LOADS_UNKNOWN, SEEDS_UNIT " runs another command",
			  SEED_SEE_UNIT);
}

/* As parse_boolean() (basic/parse-util.c); systemd takes an unknown word for no. */
static bool is_yes(const char *word)
{
	static const char *const yes[] = { "1", "yes", "y", "true", "t", "on" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (strcasecmp(word, yes[i]) == 0)
			return true;
	return false;
}

bool seeds_is_mark(const char *value)
{
	return is_yes(value);
}

static void judge_value(const char *value, struct seed_service *service)
{
	service->forced = strcmp(value, "force") == 0;
	if (service->forced || is_yes(value))
		say_credit(service, SEED_CREDIT_YES, "systemd is told to",
			   SEED_CREDIT_REMEDY_NONE);
	else
		say_credit(service, SEED_CREDIT_NO,
			   "systemd is told not to: " SHOW_VARIABLE " is not 1",
			   SEED_TELL);
}

/*
 * The unit's environment overrides that of the manager, and a file of variables overrides
 * both.
 */
static void judge_environment(const char *unit, const char *manager,
			      struct seed_service *service)
{
	char value[SHOW_WORD_BYTES];
	bool told = show_variable(unit, "Environment", value, sizeof(value));

	const char *open = NULL;

	if (!show_is(unit, "EnvironmentFiles", ""))
		open = "a file may tell systemd to: EnvironmentFile=";
	else if (!told && show_variable(unit, "PassEnvironment", value, sizeof(value)))
		open = "the program that started systemd may tell it to: PassEnvironment=";
	else if (!told && !manager)
		open = "the environment of systemd is unknown";
	if (open)
		say_credit(service, SEED_CREDIT_UNKNOWN, open, SEED_CREDIT_REMEDY_NONE);
	else if (told || show_variable(manager, "Environment", value, sizeof(value)))
		judge_value(value, service);
	else
		say_credit(service, SEED_CREDIT_NO,
			   "systemd is not told to: " SHOW_VARIABLE " is not set",
			   SEED_TELL);
}

/* An entry removes the variable, or only this value of it. */
static bool is_unset(const char *unit, const char *manager)
{
	char value[SHOW_WORD_BYTES], both[sizeof(SHOW_VARIABLE "=") + SHOW_WORD_BYTES];

	if (show_has(unit, "UnsetEnvironment", SHOW_VARIABLE))
		return true;
	if (!show_variable(unit, "Environment", value, sizeof(value)) &&
	    (!manager || !show_variable(manager, "Environment", value, sizeof(value))))
		return false;
	snprintf(both, sizeof(both), SHOW_VARIABLE "=%s", value);
	return show_has(unit, "UnsetEnvironment", both);
}

/* "252.39-1", "systemd 219"; an unreadable version counts as a new one. */
static bool is_too_old(const char *manager)
{
	size_t len;
	const char *version = show_property(manager, "Version", &len);
	size_t skip = strcspn(version, "0123456789\n");

	return skip < len && strtoul(version + skip, NULL, 10) < CREDITING_VERSION;
}

void seeds_judge_service(const char *unit, const char *manager,
			 struct seed_service *service)
{
	*service = (struct seed_service){ .why = NULL };
	judge_state(unit, service);
	if (show_is(unit, "LoadState", ""))
		say_credit(service, SEED_CREDIT_UNKNOWN, "systemctl gave no answer",
			   SEED_CREDIT_REMEDY_NONE);
	else if (manager && is_too_old(manager))
		say_credit(service, SEED_CREDIT_NO,
			   "only systemd 243 or later credits seeds",
			   SEED_CREDIT_REMEDY_NONE);
	else if (is_unset(unit, manager))
		say_credit(service, SEED_CREDIT_NO,
			   "systemd is told not to: UnsetEnvironment=" SHOW_VARIABLE,
			   SEED_RESET);
	else
		judge_environment(unit, manager, service);
}
