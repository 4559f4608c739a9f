/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* say.c - the events of messages.def as sentences. */
#include "log/log.h"

#include <string.h>

#include "util/banned.h"

static const struct {
	guint number;
	HbLogLevel level;
	const char *text;
} events[] = {
#define X(id, number, level, text) { number, HB_LOG_##level, text },
#include "log/messages.def"
#undef X
};

typedef struct {
	const char *name;       /* "{node}" */
	const char *value;
} Field;

/* The field whose placeholder @text begins with, or NULL. */
static const Field *
field_at(const char *text, const Field *fields, guint n_fields)
{
	for (guint i = 0; i < n_fields; i++)
		if (g_str_has_prefix(text, fields[i].name))
			return &fields[i];
	return NULL;
}

char *
hb_log_sentence(guint say, const char *node, const char *group, const char *what, gint64 n,
                HbLogLevel *ret_level)
{
	char number[32];
	const Field fields[] = {
		{ "{node}", node }, { "{group}", group }, { "{what}", what }, { "{n}", number },
	};
	GString *sentence = g_string_new(NULL);

	g_assert(say < G_N_ELEMENTS(events));
	g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, n);
	for (const char *p = events[say].text; *p != '\0';) {
		const Field *field = field_at(p, fields, G_N_ELEMENTS(fields));

		if (field == NULL) {
			g_string_append_c(sentence, *p++);
			continue;
		}
		g_string_append(sentence, field->value != NULL ? field->value : "");
		p += strlen(field->name);
	}
	if (ret_level != NULL)
		*ret_level = events[say].level;
	return g_string_free(sentence, FALSE);
}

void
hb_log_say(guint say, const char *node, const char *group, const char *what, gint64 n)
{
	HbLogLevel level;
	g_autofree char *sentence = hb_log_sentence(say, node, group, what, n, &level);

	/* The number stands behind: tools look for the words of 3.0.6 at the start. */
	hb_log(level, "%s [HB%u]", sentence, events[say].number);
}
