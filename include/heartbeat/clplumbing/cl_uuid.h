/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cl_uuid.h - identities of nodes, sixteen octets.
 */
#ifndef HB_CL_UUID_H
#define HB_CL_UUID_H

#include <glib.h>

#ifdef __cplusplus
extern "C" {
#endif

#define UU_UNPARSE_SIZEOF 37    /* the text with its NUL */

typedef struct cl_uuid_s {
	unsigned char uuid[16];
} cl_uuid_t;

void cl_uuid_copy(cl_uuid_t *dst, cl_uuid_t *src);
/* All zero. */
void cl_uuid_clear(cl_uuid_t *uuid);
/* As memcmp(). */
int cl_uuid_compare(const cl_uuid_t *uu1, const cl_uuid_t *uu2);
/* A random one. */
void cl_uuid_generate(cl_uuid_t *out);
/* 1 if it is all zero, or NULL. */
int cl_uuid_is_null(cl_uuid_t *uuid);
/* From text, such as 1b4e28ba-2fa1-11d2-883f-0016d3cca427. 0, or -1: it is none. */
int cl_uuid_parse(char *in, cl_uuid_t *uuid);
/* @out has room for UU_UNPARSE_SIZEOF octets. */
void cl_uuid_unparse(const cl_uuid_t *uuid, char *out);
/* For g_hash_table_new(). */
guint cl_uuid_g_hash(gconstpointer uuid);
gboolean cl_uuid_g_equal(gconstpointer uuid_a, gconstpointer uuid_b);

#ifdef __cplusplus
}
#endif

#endif
