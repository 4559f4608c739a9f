/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * typed_stream.c - NS_ackmsg, NS_rexmit, NS_nak_rexmit (doc/wire-protocol.md 4.2, 5).
 *
 * The numbers of NS_rexmit are decimal, all others are hexadecimal: fields.def has a row for each.
 */
#include <glib.h>

#include "wire/typed_parts.h"

#include "util/banned.h"

#define NAK_REASON "seqno too low"

gboolean
hb_typed_parse_ackmsg(const HbMsg *msg, HbTyped *ret)
{
	return hb_fields_need_number(msg, HB_FIELDS_ACKSEQ, &ret->u.range.last_seq);
}

void
hb_typed_put_ackmsg(HbBuild *build, const HbTyped *typed)
{
	hb_fields_put_number(build, HB_FIELDS_ACKSEQ, typed->u.range.last_seq);
}

gboolean
hb_typed_parse_rexmit(const HbMsg *msg, HbTyped *ret)
{
	return hb_fields_need_number(msg, HB_FIELDS_FIRSTSEQ, &ret->u.range.first_seq) &&
	       hb_fields_need_number(msg, HB_FIELDS_LASTSEQ, &ret->u.range.last_seq) &&
	       ret->u.range.first_seq <= ret->u.range.last_seq;
}

void
hb_typed_put_rexmit(HbBuild *build, const HbTyped *typed)
{
	hb_fields_put_number(build, HB_FIELDS_FIRSTSEQ, typed->u.range.first_seq);
	hb_fields_put_number(build, HB_FIELDS_LASTSEQ, typed->u.range.last_seq);
}

gboolean
hb_typed_parse_nak_rexmit(const HbMsg *msg, HbTyped *ret)
{
	return hb_fields_need_number(msg, HB_FIELDS_NAKSEQ, &ret->u.range.first_seq);
}

/* Here the destination stands between the own fields. */
void
hb_typed_put_nak_rexmit(HbBuild *build, const HbTyped *typed)
{
	hb_fields_put_number(build, HB_FIELDS_NAKSEQ, typed->u.range.first_seq);
	hb_fields_put_text(build, HB_FIELDS_DEST, typed->dest);
	hb_fields_put_text(build, HB_FIELDS_INFO, NAK_REASON);
}
