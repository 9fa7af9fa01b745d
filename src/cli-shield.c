/* SPDX-License-Identifier: MIT */
/*
 * popt replaces "!#:+" in the value of an option by the next operand, aliases or not. A
 * file name or a set of characters must arrive as it was typed, so a control character
 * breaks that sequence up on the way through popt. Where the text has some of them in
 * that place already, one more is added, so that the way back is exact for any text.
 */
#include "cli-shield.h"

#include <stdlib.h>
#include <string.h>

#define NEXT_OPERAND "#:+" /* after a '!' */
#define BREAKER '\001'

/* Is there BREAKER... "#:+" at text? Returns the number of BREAKERs, or -1. */
static int breakers(const char *text)
{
	size_t n = strspn(text, "\001");

	return strncmp(text + n, NEXT_OPERAND, strlen(NEXT_OPERAND)) == 0 ? (int)n : -1;
}

char *cli_shield(const char *text)
{
	char *copy = malloc(2 * strlen(text) + 1), *at = copy;

	if (!copy)
		return NULL;
	while (*text) {
		*at++ = *text++;
		if (text[-1] == '!' && breakers(text) >= 0)
			*at++ = BREAKER;
	}
	*at = '\0';
	return copy;
}

void cli_unshield(char *text)
{
	char *at = text;

	while (*text) {
		*at++ = *text++;
		if (text[-1] == '!' && breakers(text) > 0)
			text++;
	}
	*at = '\0';
}
