/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <glib.h>

#include "node/send.h"
#include "util/fd.h"
#include "util/time.h"
#include "wire/typedio.h"

#include "util/banned.h"

#define LOAD_AGE_MAX_MS HB_MS_PER_S

struct HbSender {
	const HbConfig *config;
	const HbKeyring *keys;
	guint64 generation;
	guint8 uuid[HB_UUID_LEN];

	gboolean in_use[HB_FRAMING_N];
	struct {
		guint64 generation;     /* 0: uuid not known */
		guint8 uuid[HB_UUID_LEN];
	} peer[HB_NODES_MAX];

	HbSealed history[HB_HISTORY_MAX];       /* seq modulo its size */
	HbSealed unnumbered;
	guint64 n_oversize;

	HbFd load_fd;
	gint64 load_ms;         /* when .load was read; -1 never */
	char load[64];
};

HbSender *
hb_sender_new(const HbConfig *config, const HbKeyring *keys, guint64 generation,
              const guint8 uuid[HB_UUID_LEN])
{
	HbSender *sender = g_new0(HbSender, 1);

	sender->generation = generation;
	memcpy(sender->uuid, uuid, HB_UUID_LEN);
	sender->in_use[HB_FRAMING_NETSTRING] = TRUE;
	sender->load_fd = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
	sender->load_ms = -1;
	g_strlcpy(sender->load, "n/a", sizeof sender->load);
	hb_sender_set_config(sender, config, keys);
	return sender;
}

static void
sealed_clear(HbSealed *sealed)
{
	for (guint f = 0; f < HB_FRAMING_N; f++) {
		g_free(sealed->data[f]);
		sealed->data[f] = NULL;
		sealed->len[f] = 0;
	}
	sealed->seq = 0;
}

void
hb_sender_free(HbSender *sender)
{
	if (!sender)
		return;
	for (guint i = 0; i < HB_HISTORY_MAX; i++)
		sealed_clear(&sender->history[i]);
	sealed_clear(&sender->unnumbered);
	if (sender->load_fd >= 0)
		hb_fd_close(sender->load_fd);
	g_free(sender);
}

void
hb_sender_set_config(HbSender *sender, const HbConfig *config, const HbKeyring *keys)
{
	sender->config = config;
	sender->keys = keys;
}

void
hb_sender_use_framing(HbSender *sender, HbFraming framing, gboolean in_use)
{
	g_assert(framing < HB_FRAMING_N);
	sender->in_use[framing] = in_use;
}

void
hb_sender_learn(HbSender *sender, const HbTyped *msg)
{
	int node = msg->has_src_uuid ? hb_config_node_index(sender->config, msg->src) : -1;

	/* An old packet, played again, must not bring an old uuid back. */
	if (node < 0 || msg->generation == 0 || msg->generation < sender->peer[node].generation)
		return;
	sender->peer[node].generation = msg->generation;
	memcpy(sender->peer[node].uuid, msg->src_uuid, HB_UUID_LEN);
}

static void
refresh_load(HbSender *sender, gint64 now_ms)
{
	ssize_t len;

	if (sender->load_fd < 0 || (sender->load_ms >= 0 && now_ms - sender->load_ms < LOAD_AGE_MAX_MS))
		return;
	sender->load_ms = now_ms;
	len = pread(sender->load_fd, sender->load, sizeof sender->load - 1, 0);
	if (len <= 0) {
		g_strlcpy(sender->load, "n/a", sizeof sender->load);
		return;
	}
	sender->load[len] = '\0';
	sender->load[strcspn(sender->load, "\n")] = '\0';
}

static const guint8 *
uuid_of(const HbSender *sender, const char *name)
{
	int node = name[0] != '\0' ? hb_config_node_index(sender->config, name) : -1;

	if (node >= 0 && (guint)node == sender->config->self)
		return sender->uuid;
	if (node < 0 || sender->peer[node].generation == 0)
		return NULL;
	return sender->peer[node].uuid;
}

gboolean
hb_sender_uuid_of(const HbSender *sender, const char *name, guint8 ret_uuid[HB_UUID_LEN])
{
	const guint8 *uuid = uuid_of(sender, name);

	if (uuid == NULL)
		return FALSE;
	memcpy(ret_uuid, uuid, HB_UUID_LEN);
	return TRUE;
}

const char *
hb_sender_name_of(const HbSender *sender, const guint8 uuid[HB_UUID_LEN])
{
	for (guint i = 0; i < sender->config->n_nodes; i++) {
		const guint8 *other = uuid_of(sender, sender->config->nodes[i].name);

		if (other != NULL && memcmp(other, uuid, HB_UUID_LEN) == 0)
			return sender->config->nodes[i].name;
	}
	return NULL;
}

static HbFrameOptions
options_for(const HbSender *sender, HbFraming framing)
{
	const HbConfig *config = sender->config;
	HbFrameOptions options = {
		.netstring_only = config->msgfmt_netstring,
		.string_framing = framing == HB_FRAMING_STRING,
		.hmac = TRUE,
		.sign = sender->keys->sign,
		.compress = config->compression,
		.compress_over = HB_MSG_MAX - 1,        /* 1.5 */
	};

	if (config->traditional_compression)
		options.compress_over = (gsize)config->compression_threshold * 1024;
	return options;
}

/* Exact in size: these bytes stay for HB_HISTORY_MAX messages. */
static void
seal_framing(HbSender *sender, HbSealed *sealed, const HbMsg *msg, HbFraming framing)
{
	HbFrameOptions options = options_for(sender, framing);
	g_autoptr(GByteArray) bytes = hb_frame_seal(msg, sender->keys, &options);

	if (!bytes || (framing == HB_FRAMING_NETSTRING && bytes->len > HB_DATAGRAM_MAX)) {
		sender->n_oversize++;
		return;
	}
	sealed->len[framing] = bytes->len;
	sealed->data[framing] = g_malloc(bytes->len);
	memcpy(sealed->data[framing], bytes->data, bytes->len);
}

const HbSealed *
hb_sender_seal(HbSender *sender, const HbTyped *msg, guint32 ts, gint64 now_ms)
{
	const HbConfig *config = sender->config;
	HbSealed *sealed = msg->seq == 0 ? &sender->unnumbered : &sender->history[msg->seq % HB_HISTORY_MAX];
	g_autoptr(HbMsg) fields = NULL;
	HbEnvelope envelope;
	gboolean is_any = FALSE;

	refresh_load(sender, now_ms);
	envelope = (HbEnvelope){
		.src = config->nodes[config->self].name,
		.src_uuid = sender->uuid,
		.dest_uuid = uuid_of(sender, msg->dest),
		.generation = sender->generation,
		.ts = ts,
		.load = sender->load,
		.ttl = config->hopfudge + config->n_nodes + config->n_ping_nodes,
	};
	fields = hb_typed_build(msg, &envelope);
	sealed_clear(sealed);
	sealed->seq = msg->seq;
	if (!fields) {
		sender->n_oversize++;
		return NULL;
	}
	for (guint f = 0; f < HB_FRAMING_N; f++) {
		if (sender->in_use[f])
			seal_framing(sender, sealed, fields, (HbFraming)f);
		is_any |= sealed->data[f] != NULL;
	}
	return is_any ? sealed : NULL;
}

static gboolean
signs_the_same(const HbKeyring *a, const HbKeyring *b)
{
	const HbKey *x = &a->key[a->sign], *y = &b->key[b->sign];

	return a->sign == b->sign && x->digest == y->digest && x->key_len == y->key_len
	    && (x->key_len == 0 || memcmp(x->key, y->key, x->key_len) == 0);
}

void
hb_sender_sign_anew(HbSender *sender, const HbKeyring *old)
{
	if (signs_the_same(sender->keys, old))
		return;
	for (guint i = 0; i < HB_HISTORY_MAX; i++) {
		HbSealed *sealed = &sender->history[i];

		for (guint f = 0; f < HB_FRAMING_N; f++) {
			HbFrame frame = { 0 };

			if (!sealed->data[f]
			    || hb_frame_open(sealed->data[f], sealed->len[f], old, &frame) != HB_FRAME_OK)
				continue;
			g_clear_pointer(&sealed->data[f], g_free);
			seal_framing(sender, sealed, frame.msg, (HbFraming)f);
			hb_msg_free(frame.msg);
		}
	}
}

const HbSealed *
hb_sender_find(const HbSender *sender, guint64 seq)
{
	const HbSealed *sealed = &sender->history[seq % HB_HISTORY_MAX];

	return seq != 0 && sealed->seq == seq ? sealed : NULL;
}

GByteArray *
hb_sender_seal_ping(const HbSender *sender, const char *far_name, const char *info, guint32 ts)
{
	g_autoptr(HbMsg) msg = hb_msg_new();
	HbFrameOptions options = options_for(sender, HB_FRAMING_NETSTRING);

	/* It comes back to us alone, and every octet travels twice. */
	options.hmac = FALSE;
	if (!hb_msg_add_string(msg, "t", "NS_st") || !hb_msg_add_string(msg, "st", "ping")
	    || !hb_msg_add_string(msg, "info", info) || !hb_msg_add_string(msg, "src", far_name)
	    || !hb_msg_add_hex(msg, "ts", ts))
		return NULL;
	return hb_frame_seal(msg, sender->keys, &options);
}

guint64
hb_sender_n_oversize(const HbSender *sender)
{
	return sender->n_oversize;
}
