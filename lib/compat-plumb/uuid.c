/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * uuid.c - include/heartbeat/clplumbing/cl_uuid.h.
 */
#include <string.h>

#include <glib.h>

#include <clplumbing/cl_uuid.h>

#include "util/banned.h"

void
cl_uuid_copy(cl_uuid_t *dst, cl_uuid_t *src)
{
	*dst = *src;
}

void
cl_uuid_clear(cl_uuid_t *uuid)
{
	memset(uuid, 0, sizeof *uuid);
}

int
cl_uuid_compare(const cl_uuid_t *uu1, const cl_uuid_t *uu2)
{
	return memcmp(uu1, uu2, sizeof *uu1);
}

int
cl_uuid_is_null(cl_uuid_t *uuid)
{
	static const cl_uuid_t none;

	return uuid == NULL || memcmp(uuid, &none, sizeof none) == 0;
}

int
cl_uuid_parse(char *in, cl_uuid_t *uuid)
{
	gsize n = 0;

	if (in == NULL || uuid == NULL || !g_uuid_string_is_valid(in))
		return -1;
	for (const char *pos = in; *pos != '\0'; pos++) {
		if (*pos == '-')
			continue;
		uuid->uuid[n++] = (unsigned char)(g_ascii_xdigit_value(pos[0]) << 4 | g_ascii_xdigit_value(pos[1]));
		pos++;
	}
	return 0;
}

void
cl_uuid_generate(cl_uuid_t *out)
{
	g_autofree char *text = g_uuid_string_random();

	(void)cl_uuid_parse(text, out);
}

void
cl_uuid_unparse(const cl_uuid_t *uuid, char *out)
{
	const unsigned char *u = uuid->uuid;

	g_snprintf(out, UU_UNPARSE_SIZEOF,
	           "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
	           u[0], u[1], u[2], u[3], u[4], u[5], u[6], u[7], u[8], u[9], u[10], u[11], u[12], u[13], u[14], u[15]);
}

guint
cl_uuid_g_hash(gconstpointer uuid)
{
	guint32 words[4];

	memcpy(words, uuid, sizeof words);
	return words[0] ^ words[1] ^ words[2] ^ words[3];
}

gboolean
cl_uuid_g_equal(gconstpointer uuid_a, gconstpointer uuid_b)
{
	return cl_uuid_compare(uuid_a, uuid_b) == 0;
}
