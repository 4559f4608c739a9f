/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * typed.c - container <-> C structs: the type table and the envelope. Own fields are in typed_*.c.
 */
#include <string.h>

#include <glib.h>

#include "wire/text.h"
#include "wire/typed_parts.h"
#include "wire/typedio.h"

#include "util/banned.h"

#define UNNUMBERED_PREFIX "NS_"
#define LOAD_UNKNOWN "n/a"

enum {
	DEST_NEEDED = 1 << 0,
	DEST_FIRST = 1 << 1,    /* even before t */
	DEST_BY_PUT = 1 << 2,   /* the put function places it */
	ANY_CASE = 1 << 3,      /* the name is compared without case (4) */
	MADE_BY_PINGER = 1 << 4, /* no uuid, generation, ttl (8.4) */
};

static const struct Family {
	HbTypedParse *parse;    /* NULL: no own fields */
	HbTypedPut *put;        /* NULL: no own fields */
	guint flags;
} families[HB_MSG_N_TYPES] = {
	[HB_MSG_STATUS] = { hb_typed_parse_status, hb_typed_put_status, 0 },
	[HB_MSG_NS_ST] = { hb_typed_parse_ns_st, hb_typed_put_ns_st, MADE_BY_PINGER },
	[HB_MSG_NS_ACKMSG] = { hb_typed_parse_ackmsg, hb_typed_put_ackmsg, DEST_NEEDED },
	[HB_MSG_NS_REXMIT] = { hb_typed_parse_rexmit, hb_typed_put_rexmit, DEST_NEEDED },
	[HB_MSG_NS_NAK_REXMIT] = { hb_typed_parse_nak_rexmit, hb_typed_put_nak_rexmit,
	                           DEST_NEEDED | DEST_BY_PUT },
	[HB_MSG_REQNODES] = { NULL, NULL, DEST_NEEDED },
	[HB_MSG_REPNODES] = { hb_typed_parse_repnodes, hb_typed_put_repnodes, DEST_NEEDED | DEST_FIRST },
	[HB_MSG_ADDNODE] = { hb_typed_parse_nodelist, hb_typed_put_nodelist, 0 },
	[HB_MSG_DELNODE] = { hb_typed_parse_nodelist, hb_typed_put_nodelist, 0 },
	[HB_MSG_STARTING] = { NULL, NULL, ANY_CASE },
	[HB_MSG_RESOURCE] = { hb_typed_parse_resource, hb_typed_put_resource, ANY_CASE },
	[HB_MSG_ASK_RESOURCES] = { hb_typed_parse_ask_resources, hb_typed_put_ask_resources, ANY_CASE },
	[HB_MSG_IP_REQUEST] = { hb_typed_parse_ip_request, hb_typed_put_ip_request, ANY_CASE },
	[HB_MSG_IP_REQUEST_RESP] = { hb_typed_parse_ip_request, hb_typed_put_ip_request_resp,
	                             DEST_NEEDED | ANY_CASE },
	[HB_MSG_HB_TAKEOVER] = { hb_typed_parse_hb_takeover, hb_typed_put_hb_takeover, ANY_CASE },
	[HB_MSG_SHUTDONE] = { hb_typed_parse_shutdone, hb_typed_put_shutdone, ANY_CASE },
	[HB_MSG_STONITH] = { hb_typed_parse_stonith, hb_typed_put_stonith, 0 },
};

static const char *const type_names[HB_MSG_N_TYPES] = {
#define X(id, handler, name, text) [HB_MSG_##id] = name,
#include "wire/msgtypes.def"
#undef X
};

const char *
hb_msgtype_name(HbMsgType type)
{
	return type < HB_MSG_N_TYPES ? type_names[type] : NULL;
}

static HbMsgType
type_of(const char *name)
{
	for (guint i = 0; i < HB_MSG_N_TYPES; i++) {
		if (type_names[i] == NULL)
			continue;
		if (strcmp(type_names[i], name) == 0)
			return (HbMsgType)i;
		if ((families[i].flags & ANY_CASE) != 0 && g_ascii_strcasecmp(type_names[i], name) == 0)
			return (HbMsgType)i;
	}
	return HB_MSG_OTHER;
}

static gboolean
parse_numbers(const HbMsg *msg, gboolean is_numbered, HbTyped *ret)
{
	guint64 ts;

	if (!hb_fields_need_number(msg, HB_FIELDS_TS, &ts) ||
	    !hb_fields_may_number(msg, HB_FIELDS_HG, &ret->generation))
		return FALSE;
	ret->ts = (guint32)ts;
	if (is_numbered)
		return hb_fields_need_number(msg, HB_FIELDS_SEQ, &ret->seq);
	return !hb_fields_has(msg, HB_FIELDS_SEQ);
}

/* Zero octets stand for "not known". */
static gboolean
is_zero_uuid(const guint8 *uuid)
{
	static const guint8 zero[HB_UUID_LEN];

	return memcmp(uuid, zero, HB_UUID_LEN) == 0;
}

static gboolean
parse_dest(const HbMsg *msg, HbTyped *ret)
{
	const char *dest = NULL;

	if (!hb_fields_may_text(msg, HB_FIELDS_DEST, &dest) ||
	    !hb_fields_may_uuid(msg, HB_FIELDS_DESTUUID, &ret->has_dest_uuid, ret->dest_uuid))
		return FALSE;
	if (dest != NULL)
		g_strlcpy(ret->dest, dest, sizeof ret->dest);
	if (ret->has_dest_uuid && is_zero_uuid(ret->dest_uuid))
		ret->has_dest_uuid = FALSE;
	return TRUE;
}

static gboolean
parse_envelope(const HbMsg *msg, const char *name, HbTyped *ret)
{
	gboolean by_pinger = (families[ret->type].flags & MADE_BY_PINGER) != 0;
	const char *src;

	if (!hb_fields_need_text(msg, by_pinger ? HB_FIELDS_PING_SRC : HB_FIELDS_SRC, &src))
		return FALSE;
	g_strlcpy(ret->src, src, sizeof ret->src);
	if (!parse_numbers(msg, !g_str_has_prefix(name, UNNUMBERED_PREFIX), ret))
		return FALSE;
	if (ret->generation == 0 && !by_pinger)
		return FALSE;
	return hb_fields_may_uuid(msg, HB_FIELDS_SRCUUID, &ret->has_src_uuid, ret->src_uuid);
}

static gboolean
parse_own_fields(const HbMsg *msg, HbTyped *ret)
{
	const struct Family *family = &families[ret->type];

	if ((family->flags & DEST_NEEDED) != 0 && ret->dest[0] == '\0')
		return FALSE;
	return family->parse == NULL || family->parse(msg, ret);
}

static HbTypedVerdict
parse(const HbMsg *msg, gboolean with_envelope, HbTyped *ret)
{
	HbTyped typed = { 0 };
	const char *name;

	if (!hb_fields_need_text(msg, HB_FIELDS_T, &name))
		return HB_TYPED_BAD_ENVELOPE;
	typed.type = type_of(name);
	typed.raw = msg;
	if (with_envelope && !parse_envelope(msg, name, &typed))
		return HB_TYPED_BAD_ENVELOPE;
	if (!parse_dest(msg, &typed))
		return HB_TYPED_BAD_ENVELOPE;
	if (!parse_own_fields(msg, &typed)) {
		typed.type = HB_MSG_INVALID;
		memset(&typed.u, 0, sizeof typed.u);
		typed.nodelist = NULL;
		*ret = typed;
		return HB_TYPED_BAD_FIELD;
	}
	*ret = typed;
	return HB_TYPED_OK;
}

HbTypedVerdict
hb_typed_parse(const HbMsg *msg, HbTyped *ret)
{
	return parse(msg, TRUE, ret);
}

HbTypedVerdict
hb_typed_parse_fifo(const HbMsg *msg, HbTyped *ret)
{
	return parse(msg, FALSE, ret);
}

static void
put_own_fields(HbBuild *build, const HbTyped *typed)
{
	const struct Family *family = &families[typed->type];
	gboolean has_dest = typed->dest[0] != '\0';

	if (has_dest && (family->flags & DEST_FIRST) != 0)
		hb_fields_put_text(build, HB_FIELDS_DEST, typed->dest);
	hb_fields_put_text(build, HB_FIELDS_T, type_names[typed->type]);
	if (has_dest && (family->flags & (DEST_FIRST | DEST_BY_PUT)) == 0)
		hb_fields_put_text(build, HB_FIELDS_DEST, typed->dest);
	if (family->put != NULL)
		family->put(build, typed);
}

/* Fields of the envelope that whoever made the message cannot speak for. */
static gboolean
is_envelope(const char *name)
{
	static const HbFieldId ids[] = {
		HB_FIELDS_SRCUUID, HB_FIELDS_DESTUUID, HB_FIELDS_SEQ, HB_FIELDS_HG,
		HB_FIELDS_TS, HB_FIELDS_LD, HB_FIELDS_TTL,
	};

	for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
		if (strcmp(hb_fields_name(ids[i]), name) == 0)
			return TRUE;
	return strcmp(name, HB_FIELD_NAME_AUTH) == 0 || strcmp(name, HB_FIELD_NAME_HMAC) == 0;
}

/* A client may have put src early; it keeps that place, and becomes true. TRUE: it was there. */
static gboolean
put_raw_fields(HbBuild *build, const HbTyped *typed, const HbEnvelope *envelope)
{
	gboolean has_src = FALSE;
	gboolean has_dest = FALSE;

	g_assert(typed->raw != NULL);
	for (guint i = 0; i < hb_msg_n_fields(typed->raw); i++) {
		HbField field = hb_msg_field(typed->raw, i);

		if (is_envelope(field.name))
			continue;
		if (strcmp(field.name, hb_fields_name(HB_FIELDS_SRC)) == 0) {
			if (!has_src)
				hb_fields_put_text(build, HB_FIELDS_SRC, envelope->src);
			has_src = TRUE;
			continue;
		}
		has_dest = has_dest || strcmp(field.name, hb_fields_name(HB_FIELDS_DEST)) == 0;
		if (!hb_msg_add(build->msg, field.type, field.name, field.value, field.len))
			build->failed = TRUE;
	}
	if (!has_dest && typed->dest[0] != '\0')
		hb_fields_put_text(build, HB_FIELDS_DEST, typed->dest);
	return has_src;
}

/* @has_src: the own fields brought it along. */
static void
put_envelope(HbBuild *build, const HbTyped *typed, const HbEnvelope *envelope, gboolean has_src)
{
	if (typed->dest[0] != '\0' && envelope->dest_uuid != NULL)
		hb_fields_put_uuid(build, HB_FIELDS_DESTUUID, envelope->dest_uuid);
	if (!has_src)
		hb_fields_put_text(build, HB_FIELDS_SRC, envelope->src);
	if (envelope->src_uuid != NULL)
		hb_fields_put_uuid(build, HB_FIELDS_SRCUUID, envelope->src_uuid);
	if (typed->seq != 0)
		hb_fields_put_number(build, HB_FIELDS_SEQ, typed->seq);
	hb_fields_put_number(build, HB_FIELDS_HG, envelope->generation);
	hb_fields_put_number(build, HB_FIELDS_TS, envelope->ts);
	if (typed->seq != 0)
		hb_fields_put_text(build, HB_FIELDS_LD,
		                   envelope->load != NULL ? envelope->load : LOAD_UNKNOWN);
	hb_fields_put_number(build, HB_FIELDS_TTL, envelope->ttl);
}

HbMsg *
hb_typed_build(const HbTyped *typed, const HbEnvelope *envelope)
{
	g_autoptr(HbMsg) msg = hb_msg_new();
	HbBuild build = { .msg = msg };
	gboolean has_src = FALSE;

	g_assert(typed->type != HB_MSG_INVALID && typed->type < HB_MSG_N_TYPES);
	if (typed->type == HB_MSG_OTHER)
		has_src = put_raw_fields(&build, typed, envelope);
	else
		put_own_fields(&build, typed);
	if ((families[typed->type].flags & MADE_BY_PINGER) != 0) {
		hb_fields_put_text(&build, HB_FIELDS_SRC, typed->src);
		hb_fields_put_number(&build, HB_FIELDS_TS, envelope->ts);
	} else {
		put_envelope(&build, typed, envelope, has_src);
	}
	return build.failed ? NULL : g_steal_pointer(&msg);
}
