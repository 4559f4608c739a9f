/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ldir_fixture.h - a configuration of ldirectord from text, without a network.
 */
#ifndef HB_LDIR_FIXTURE_H
#define HB_LDIR_FIXTURE_H

#include <string.h>
#include <sys/socket.h>

#include "ldirectord/conf/conf.h"

/* The only name there is. */
static inline gboolean
fixture_host(const char *name, int family, LdirAddress *ret_addr)
{
	return strcmp(name, "www.example.com") == 0 && ldir_address_parse("192.0.2.80", family, ret_addr);
}

static inline gboolean
fixture_port(const char *name, const char *protocol, guint16 *ret_port)
{
	gboolean is_tcp = protocol == NULL || strcmp(protocol, "tcp") == 0;

	if (strcmp(name, "domain") == 0)
		*ret_port = 53;
	else if (strcmp(name, "http") == 0 && is_tcp)
		*ret_port = 80;
	else
		return FALSE;
	return TRUE;
}

static inline LdirConfig *
fixture_parse(const void *data, gsize len, GPtrArray *problems)
{
	static const LdirLookup lookup = { fixture_host, fixture_port };
	g_autoptr(GBytes) bytes = g_bytes_new(data, len);

	return ldir_conf_parse(&(LdirConfInput){ .bytes = bytes, .lookup = &lookup }, problems);
}

/* All problems, one a line (transfer full) */
static inline char *
fixture_problems(const GPtrArray *problems)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < problems->len; i++) {
		g_autofree char *line = ldir_problem_line(problems->pdata[i], "F", 0);

		g_string_append_printf(out, "%s\n", line);
	}
	return g_string_free(out, FALSE);
}

/* The normal form of @config reads as @config again. */
static inline void
fixture_assert_normal(const LdirConfig *config)
{
	g_autofree char *once = ldir_conf_print(config);
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(LdirConfig) again = fixture_parse(once, strlen(once), problems);
	g_autofree char *said = fixture_problems(problems);
	g_autofree char *twice = NULL;

	if (again == NULL)
		g_error("normal form is refused: %s%s", said, once);
	twice = ldir_conf_print(again);
	g_assert_cmpstr(once, ==, twice);
}

#endif
