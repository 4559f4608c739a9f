/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apphb_logic.c - see apphb_logic.h.
 */
#include "clients/apphb_logic.h"

#include <errno.h>
#include <string.h>

#include "util/banned.h"

#define VALUE_MS_MAX ((guint64)G_MAXINT32 * 1000)

static gboolean
is_type(const void *msg, gsize len, const char *type)
{
	return len >= HB_APPHB_TYPE_LEN && strncmp(msg, type, HB_APPHB_TYPE_LEN) == 0;
}

gboolean
hb_beater_is_beat(const void *msg, gsize len)
{
	return is_type(msg, len, HB_APPHB_BEAT);
}

/* A text of one octet at least that ends in its field. */
static gboolean
is_name(const char *text)
{
	return text[0] != '\0' && memchr(text, '\0', HB_APPHB_NAME_LEN) != NULL;
}

static int
take_register(HbBeater *beater, const HbBeaterPeer *peer, const void *data, gsize len, gint64 now_ms)
{
	HbApphbRegister msg;

	if (beater->is_registered)
		return EEXIST;
	if (len < sizeof msg)
		return EINVAL;
	memcpy(&msg, data, sizeof msg);
	if (!is_name(msg.name) || !is_name(msg.instance) || msg.pid != peer->pid || msg.uid != peer->uid || msg.gid != peer->gid)
		return EINVAL;
	memcpy(beater->name, msg.name, sizeof beater->name);
	memcpy(beater->instance, msg.instance, sizeof beater->instance);
	beater->interval_ms = HB_BEATER_INTERVAL_MS;
	beater->last_ms = now_ms;
	beater->is_registered = TRUE;
	return 0;
}

static int
take_setting(HbBeater *beater, const HbBeaterPeer *peer, const void *data, gsize len, gint64 now_ms)
{
	HbApphbSet msg;

	if (len < sizeof msg)
		return EINVAL;
	memcpy(&msg, data, sizeof msg);
	if (msg.value > VALUE_MS_MAX)
		return EINVAL;
	if (is_type(data, len, HB_APPHB_INTERVAL)) {
		beater->interval_ms = (gint64)msg.value;
		beater->last_ms = now_ms;
	} else if (is_type(data, len, HB_APPHB_WARN)) {
		beater->warn_ms = (gint64)msg.value;
	} else if (!is_type(data, len, HB_APPHB_REBOOT)) {
		return EINVAL;
	} else if (!peer->may_reboot) {
		return EPERM;
	} else {
		beater->wants_reboot = msg.value != 0;
	}
	return 0;
}

int
hb_beater_take(HbBeater *beater, const HbBeaterPeer *peer, const void *msg, gsize len, gint64 now_ms,
               gboolean *ret_gone)
{
	if (is_type(msg, len, HB_APPHB_REGISTER))
		return take_register(beater, peer, msg, len, now_ms);
	if (!beater->is_registered)
		return ESRCH;
	if (is_type(msg, len, HB_APPHB_UNREGISTER)) {
		beater->is_registered = FALSE;
		*ret_gone = TRUE;
		return 0;
	}
	return take_setting(beater, peer, msg, len, now_ms);
}

HbBeaterVerdict
hb_beater_beat(HbBeater *beater, gint64 now_ms)
{
	gint64 quiet_ms = now_ms - beater->last_ms;

	if (!beater->is_registered)
		return HB_BEATER_FINE;
	beater->last_ms = now_ms;
	if (beater->has_missed) {
		beater->has_missed = FALSE;
		return HB_BEATER_RESUMED;
	}
	return beater->warn_ms > 0 && quiet_ms > beater->warn_ms ? HB_BEATER_LATE : HB_BEATER_FINE;
}

gint64
hb_beater_deadline_ms(const HbBeater *beater)
{
	if (!beater->is_registered || beater->has_missed || beater->interval_ms == 0)
		return HB_BEATER_NEVER;
	return beater->last_ms + beater->interval_ms;
}

HbBeaterVerdict
hb_beater_time(HbBeater *beater, gint64 now_ms)
{
	if (now_ms < hb_beater_deadline_ms(beater))
		return HB_BEATER_FINE;
	beater->has_missed = TRUE;
	return HB_BEATER_MISSED;
}
