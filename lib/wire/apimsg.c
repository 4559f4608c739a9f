/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include <glib.h>

#include "wire/apimsg.h"
#include "wire/netstring.h"
#include "wire/text.h"

#include "util/banned.h"

#define NETSTRING_HEAD "###\n"
#define DIGITS_MAX 20

static const char *const names[HB_API_REQ_N] = {
#define X(id, handler, name, text) [HB_API_REQ_##id] = name,
#include "wire/apimsg.def"
#undef X
};

HbApiRequestType
hb_apimsg_request_type(const char *reqtype)
{
	for (guint i = HB_API_REQ_UNKNOWN + 1; i < HB_API_REQ_N; i++)
		if (strcmp(names[i], reqtype) == 0)
			return (HbApiRequestType)i;
	return HB_API_REQ_UNKNOWN;
}

const char *
hb_apimsg_request_name(HbApiRequestType type)
{
	g_assert(type < HB_API_REQ_N);
	return names[type];
}

/* Behind the message there is a NUL, and nothing else. */
static gsize
without_nuls(const guint8 *data, gsize len)
{
	while (len > 0 && data[len - 1] == '\0')
		len--;
	return len;
}

HbMsg *
hb_apimsg_decode(const void *payload, gsize len)
{
	const guint8 *data = payload;

	if (len >= strlen(NETSTRING_HEAD) && memcmp(data, NETSTRING_HEAD, strlen(NETSTRING_HEAD)) == 0)
		return hb_netstring_decode(data, without_nuls(data, len), NULL);
	return hb_text_decode(data, without_nuls(data, len), NULL);
}

static gboolean
has_nested(const HbMsg *msg)
{
	for (guint i = 0; i < hb_msg_n_fields(msg); i++) {
		HbFieldType type = hb_msg_field(msg, i).type;

		if (type == HB_FIELD_STRUCT || type == HB_FIELD_COMPRESSED || type == HB_FIELD_UNCOMPRESSED)
			return TRUE;
	}
	return FALSE;
}

GByteArray *
hb_apimsg_encode(const HbMsg *msg)
{
	GByteArray *out = has_nested(msg) ? NULL : hb_text_encode(msg);

	if (out == NULL)
		return hb_netstring_encode(msg);
	g_byte_array_append(out, (const guint8 *)"", 1);
	return out;
}

static void
put(HbMsg *msg, const char *name, const char *value)
{
	if (value != NULL)
		(void)hb_msg_add_string(msg, name, value);
}

HbMsg *
hb_apimsg_request_new(const char *reqtype, const char *dest, const char *pid, const char *from_id)
{
	HbMsg *msg = hb_msg_new();

	put(msg, "t", HB_API_REQUEST);
	put(msg, "reqtype", reqtype);
	put(msg, "dest", dest);
	put(msg, "pid", pid);
	put(msg, "from_id", from_id);
	return msg;
}

HbMsg *
hb_apimsg_reply_new(const char *reqtype)
{
	HbMsg *msg = hb_msg_new();

	put(msg, "t", HB_API_REPLY);
	put(msg, "reqtype", reqtype);
	return msg;
}

static gboolean
get_number(const HbMsg *msg, const char *name, guint base, guint64 max, guint64 *ret)
{
	const char *text = hb_msg_get(msg, name);

	return text != NULL && strlen(text) <= DIGITS_MAX &&
	       g_ascii_string_to_unsigned(text, base, 0, max, ret, NULL);
}

gboolean
hb_apimsg_get_dec(const HbMsg *msg, const char *name, guint64 max, guint64 *ret)
{
	return get_number(msg, name, 10, max, ret);
}

gboolean
hb_apimsg_get_hex(const HbMsg *msg, const char *name, guint64 max, guint64 *ret)
{
	return get_number(msg, name, 16, max, ret);
}
