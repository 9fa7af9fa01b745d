/* SPDX-License-Identifier: MIT */
/* Actions: commands with all values filled in, quoted so that they can be pasted. */
#include "status/advice/action.h"

#include <stdio.h>
#include <string.h>

/* No shell treats these specially, wherever in a word they are; zsh does '='. */
static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789/._-+:,";

static bool put(struct advice_action *action, const char *text, size_t len)
{
	size_t at = strlen(action->text);

	if (len >= sizeof(action->text) - at)
		return false;
	memcpy(action->text + at, text, len);
	action->text[at + len] = '\0';
	return true;
}

static bool put_text(struct advice_action *action, const char *text)
{
	return put(action, text, strlen(text));
}

/* Appends a word for a POSIX shell, in which only a quote ends a quoted one. */
static bool put_word(struct advice_action *action, const char *word)
{
	size_t len = strlen(word);

	if (len > 0 && strspn(word, plain) == len)
		return put(action, word, len);

	bool fits = put_text(action, "'");

	for (; *word && fits; word++)
		fits = *word == '\'' ? put_text(action, "'\\''") : put(action, word, 1);
	return fits && put_text(action, "'");
}

/*
 * Facts are escaped: a backslash stands for a byte that cannot be shown, and so cannot be
 * pasted. Terminals that know only ASCII show no other characters as they are, either.
 */
static bool is_exact(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~' || *text == '\\')
			return false;
	return true;
}

static bool put_about(struct advice_action *action, const char *about, bool list)
{
	if (action->kind != ADVICE_SHELL)
		return put_text(action, about);
	if (list)
		return put_text(action, about) &&
		       strspn(about, plain) == strcspn(about, " ");
	return is_exact(about) && put_word(action, about);
}

static bool put_template(struct advice_action *action, const char *text,
			 const char *about)
{
	static const char more[] = "@...";
	bool fits = true;

	while (*text && fits) {
		size_t len = strcspn(text, "@");
		bool list = strncmp(text + len, more, strlen(more)) == 0;

		fits = put(action, text, len);
		text += len;
		if (*text && fits)
			fits = put_about(action, about, list);
		text += list ? strlen(more) : *text != '\0';
	}
	return fits;
}

/*
 * su(1) takes the command as one argument, and the others only a simple one as words.
 * Only a login of su(1) has root's PATH, with the directories of system programs.
 */
static bool become_root(struct advice_action *action, const char *root_by)
{
	const struct advice_action command = *action;
	bool is_su = strcmp(root_by, "su") == 0;
	bool is_simple = !strpbrk(command.text, "&|;<>");

	action->text[0] = '\0';
	if (!put_text(action, root_by))
		return false;
	if (!is_su && is_simple)
		return put_text(action, " ") && put_text(action, command.text);
	return put_text(action, is_su ? " - -c " : " sh -c ") &&
	       put_word(action, command.text);
}

void action_fill(struct advice_action *action, const struct advice_template *from,
		 const char *about, const char *root_by)
{
	action->kind = from->kind;
	action->text[0] = '\0';
	if (put_template(action, from->text, about) &&
	    (!from->root || !root_by || become_root(action, root_by)))
		return;
	action->kind = ADVICE_TEXT;
	snprintf(action->text, sizeof(action->text),
		 "Do this by hand: the name is not safe to paste.");
}
