/* SPDX-License-Identifier: MIT */
/* How a fact becomes known; foreign text is made harmless on its way in. */
#include "facts.h"

#include <string.h>

#include "text.h"

void fact_number(struct fact *fact, uint64_t number)
{
	fact->unknown = NULL;
	fact->number = number;
}

void fact_text(struct fact *fact, const char *text)
{
	fact->unknown = NULL;
	text_escape(fact->text, sizeof(fact->text), text, strlen(text));
}

void fact_unknown(struct fact *fact, const char *why)
{
	fact->unknown = why;
}
