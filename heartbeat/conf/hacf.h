/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hacf.h - the table of directives: hacf.def as data.
 */
#ifndef HB_CONF_HACF_H
#define HB_CONF_HACF_H

#include <glib.h>

typedef enum {
	HB_KIND_TIME,           /* guint32 milliseconds */
	HB_KIND_INT,            /* guint32 */
	HB_KIND_BOOL,           /* gboolean */
	HB_KIND_WORD,           /* char * */
	HB_KIND_NAME,           /* char *, one of .legal */
	HB_KIND_CHOICE,         /* guint32, index into .legal */
	HB_KIND_FACILITY,       /* char *, NULL for none */
	HB_KIND_FAILBACK,       /* HbFailback */
	HB_KIND_NICE,
	HB_KIND_PACEMAKER,
	HB_KIND_PORT,
	HB_KIND_BAUD,
	HB_KIND_NODES,
	HB_KIND_ENV,
	HB_KIND_MEDIUM,         /* the kinds from here on get the rest of the line as it is */
	HB_KIND_LINE,
	HB_KIND_N
} HbDirectiveKind;

#define HB_DIRECTIVE_ONCE    1u
#define HB_DIRECTIVE_ANYCASE 2u
#define HB_DIRECTIVE_OURS    4u
#define HB_DIRECTIVE_RESTART 8u

#define HB_TIME_MS_MAX 1000000000       /* eleven days: sums of a few still fit into 32 bits */
#define HB_CLUSTER_PORT 694             /* udpport when nobody says another */
#define HB_NOWHERE     G_MAXSIZE

typedef struct {
	const char *name;
	HbDirectiveKind kind;
	gsize target;           /* offset in HbConfig, or HB_NOWHERE */
	const char *unit;
	gint64 min;             /* of the value; whole lines: of the number of words */
	gint64 max;
	const char *legal;
	const char *fallback;
	guint flags;
	const char *sentence;
} HbDirective;

typedef enum {
#define X(id, ...) HB_HACF_##id,
#include "conf/hacf.def"
#undef X
	HB_HACF_N
} HbDirectiveId;

extern const HbDirective hb_directives[HB_HACF_N];

/* Is the row's default a value that could stand in ha.cf? */
static inline gboolean
hb_directive_has_fixed_default(const HbDirective *row)
{
	return row->fallback != NULL && *row->fallback != '=';
}

/* Is the directive's value exported to scripts and clients when it is set? */
static inline gboolean
hb_directive_is_recorded(HbDirectiveId id)
{
	return hb_directives[id].kind < HB_KIND_NODES && id != HB_HACF_NICE_FAILBACK &&
	       id != HB_HACF_CRM;
}

#endif
