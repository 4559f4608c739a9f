/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * meta.h - what an OCF agent says of itself: its parameters, and how long its actions take.
 *
 * Pure: bytes in. The document comes from a program that root runs anyway, but it is no better
 * checked than other input: no network, no entities, a limit on its size.
 */
#ifndef HB_OCF_META_H
#define HB_OCF_META_H

#include <glib.h>

#define HB_OCF_META_BYTES_MAX (1024 * 1024)
#define HB_OCF_TIMEOUT_MS_MAX 86400000

typedef struct HbOcfMeta HbOcfMeta;

/* NULL: @error says why. */
HbOcfMeta *hb_ocf_meta_parse(const char *xml, gsize len, GError **error);
void hb_ocf_meta_free(HbOcfMeta *meta);         /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HbOcfMeta, hb_ocf_meta_free)

/* What is wrong with these parameters, a sentence each (transfer full, NULL-terminated; empty: nothing) */
char **hb_ocf_meta_check(const HbOcfMeta *meta, char *const *names);

/* How long @action may take; 0: not said. */
gint64 hb_ocf_meta_timeout_ms(const HbOcfMeta *meta, const char *action);

/* "20", "20s", "500ms", "2m"; 0: nonsense. Public for the tests. */
gint64 hb_ocf_timeout_parse(const char *text);

#endif
