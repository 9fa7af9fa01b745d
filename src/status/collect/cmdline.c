/* SPDX-License-Identifier: MIT */
/*
 * The kernel's command line, with the switches that decide what is credited. Their
 * variables are __initdata, so later only the line itself shows them; the last of several
 * counts.
 */
#include "status/collect/cmdline.h"

#include <string.h>

#include "base/number.h"
#include "base/root.h"
#include "base/text.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"

/* The kernel takes '-' for '_' in the names of parameters (kernel/params.c). */
static bool same_name(const char *word, const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char a = word[i] == '-' ? '_' : word[i],
		     b = name[i] == '-' ? '_' : name[i];

		if (a != b)
			return false;
	}
	return name[len] == '\0';
}

/* Blanks as the kernel sees them, whatever our locale (lib/ctype.c). */
static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\xa0';
}

/* The end of the word at text. Blanks within double quotes do not end it. */
static const char *word_end(const char *text)
{
	bool quoted = false;

	for (; *text && (quoted || !is_blank(*text)); text++)
		quoted ^= *text == '"';
	return text;
}

static void copy_unquoted(char *value, size_t size, const char *from, const char *end)
{
	size_t at = 0;

	for (; from < end && at + 1 < size; from++)
		if (*from != '"')
			value[at++] = *from;
	value[at] = '\0';
}

bool cmdline_value(const char *cmdline, const char *name, char *value, size_t size)
{
	bool found = false;

	while (*cmdline) {
		while (is_blank(*cmdline))
			cmdline++;

		const char *word = cmdline, *end = word_end(word);
		size_t len = (size_t)(end - word);
		const char *equals = memchr(word, '=', len);

		cmdline = end;
		if (len == 2 && memcmp(word, "--", 2) == 0)
			break;
		word += len > 0 && *word == '"';
		if (!same_name(word, name, (size_t)((equals ? equals : end) - word)))
			continue;
		copy_unquoted(value, size, equals ? equals + 1 : end, end);
		found = true;
	}
	return found;
}

/* As kstrtobool() (lib/kstrtox.c, 4.19 to 6.19) takes it; NULL: the kernel ignores it. */
static const char *switch_word(const char *value)
{
	if (value[0] != '\0' && strchr("yYtT1", value[0]))
		return "on";
	if (value[0] != '\0' && strchr("nNfF0", value[0]))
		return "off";
	if ((value[0] == 'o' || value[0] == 'O') && value[1] != '\0') {
		if (value[1] == 'n' || value[1] == 'N')
			return "on";
		if (value[1] == 'f' || value[1] == 'F')
			return "off";
	}
	return NULL;
}

static void set_switch(const char *cmdline, const char *name, struct fact_text *fact)
{
	char value[64];
	const char *word;

	if (!cmdline_value(cmdline, name, value, sizeof(value)))
		fact->unknown = "not on the command line";
	else if (!(word = switch_word(value)))
		fact->unknown = "on the command line, but with no value that counts";
	else
		fact_text(fact, word);
}

void cmdline_unknown(const char *why, struct facts *facts)
{
	facts->trust_cpu.unknown = why;
	facts->trust_bootloader.unknown = why;
	facts->default_quality.unknown = why;
	facts->nordrand.unknown = why;
}

void cmdline_facts(const char *cmdline, struct facts *facts)
{
	char value[64];
	uint64_t quality;

	set_switch(cmdline, "random.trust_cpu", &facts->trust_cpu);
	set_switch(cmdline, "random.trust_bootloader", &facts->trust_bootloader);
	if (!cmdline_value(cmdline, "rng_core.default_quality", value, sizeof(value)))
		facts->default_quality.unknown = "not on the command line";
	else if (number_parse(value, &quality))
		facts->default_quality.unknown = "its value is not a number";
	else
		fact_number(&facts->default_quality, quality);
	fact_flag(&facts->nordrand,
		  cmdline_value(cmdline, "nordrand", value, sizeof(value)));
}

void collect_cmdline(int root, struct facts *facts)
{
	char cmdline[16384];
	long len = root_read(root, "/proc/cmdline", cmdline, sizeof(cmdline));

	if (len < 0)
		cmdline_unknown(text_error((int)-len), facts);
	else
		cmdline_facts(cmdline, facts);
}
