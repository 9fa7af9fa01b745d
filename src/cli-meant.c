/* SPDX-License-Identifier: MIT */
/* Error messages for a wrong option or operand, which say what was perhaps meant. */
#include "cli-meant.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

const char *cli_word(const char *word)
{
	return word[0] ? word : "''";
}

const char *cli_did_you_mean(char text[CLI_MEANT_MAX], const char *before,
			     const char *name)
{
	text[0] = '\0';
	if (name)
		snprintf(text, CLI_MEANT_MAX, "; did you mean '%s%s'?", before, name);
	return text;
}

static bool is_end(const struct poptOption *option)
{
	return !option->longName && !option->shortName;
}

static bool has_letter(const struct poptOption *option, char letter)
{
	while (!is_end(option) && option->shortName != letter)
		option++;
	return !is_end(option);
}

static bool has_name(const struct poptOption *option, const char *name)
{
	while (!is_end(option) &&
	       (!option->longName || strcmp(option->longName, name) != 0))
		option++;
	return !is_end(option);
}

/* The long option that is most similar to the name, which ends at a '='; or NULL. */
static const char *nearest_name(const struct poptOption *option, const char *name)
{
	char word[32];
	struct text_nearest nearest = { .word = word };
	size_t len = strcspn(name, "=");

	if (len >= sizeof(word))
		return NULL;
	snprintf(word, sizeof(word), "%.*s", (int)len, name);
	for (; !is_end(option); option++)
		if (option->longName)
			text_nearest_offer(&nearest, option->longName);
	return nearest.name;
}

/* As in "-x8" or "-base64": the letters are options, up to one. */
static int unknown_letter(const struct cli *cli, const char *word)
{
	const char *bad = word + 1;
	char text[CLI_MEANT_MAX];

	while (has_letter(cli->options, *bad))
		bad++;
	if (bad > word + 1 && isdigit((unsigned char)*bad))
		return cli_usage_error(cli,
				       "%s: unknown option -%c; did you mean '%.*s %s'?",
				       word, *bad, (int)(bad - word), word, bad);

	const char *name = strlen(word) > 2 ? nearest_name(cli->options, word + 1) : NULL;

	cli_did_you_mean(text, "--", name);
	if (strlen(word) > 2 && !name && (unsigned char)*bad < 0x80)
		return cli_usage_error(cli, "%s: unknown option -%c", word, *bad);
	return cli_usage_error(cli, "%s: unknown option%s", word, text);
}

int cli_unknown_option(const struct cli *cli, const char *word)
{
	char text[CLI_MEANT_MAX];

	if (word[1] != '-')
		return unknown_letter(cli, word);
	cli_did_you_mean(text, "--", nearest_name(cli->options, word + 2));
	return cli_usage_error(cli, "%s: unknown option%s", word, text);
}

const char *cli_stray_operand(const struct cli *cli)
{
	for (int i = 0; i < cli->count; i++) {
		const char *word = cli->operands[i];

		if (has_name(cli->options, word) || (cli->meant && cli->meant(word)))
			return word;
	}
	return NULL;
}

int cli_unexpected_operand(const struct cli *cli, const char *word)
{
	const char *before = cli->meant ? cli->meant(word) : NULL;

	if (has_name(cli->options, word))
		return cli_usage_error(
			cli, "%s: unexpected operand; did you mean '--%s'?", word, word);
	if (before)
		return cli_usage_error(cli,
				       "%s: unexpected operand; did you mean '%s %s'?",
				       cli_word(word), before, cli_word(word));
	return cli_usage_error(cli, "%s: unexpected operand", cli_word(word));
}
