/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * typed_resource.c - resource, ask_resources, hb_takeover, ip-request and its answer
 * (doc/wire-protocol.md 4.1, 7; doc/hb4-extensions.md 3).
 */
#include <string.h>

#include <glib.h>

#include "util/id.h"
#include "wire/extension.h"
#include "wire/typed_parts.h"
#include "wire/typedio.h"

#include "util/banned.h"

#define FAILBACK 100    /* not a set: which set it means depends on the type */

static const HbWord hold_words[] = {
	{ "none", HB_HOLD_NONE },
	{ "local", HB_HOLD_LOCAL },
	{ "foreign", HB_HOLD_FOREIGN },
	{ "all", HB_HOLD_ALL },
};

static const HbWord ask_words[] = {
	{ "local", HB_HOLD_LOCAL },
	{ "foreign", HB_HOLD_FOREIGN },
	{ "all", HB_HOLD_ALL },
	{ "", HB_HOLD_ALL },
	{ "failback", FAILBACK },
};

static const HbWord full_words[] = {
	{ "full", TRUE },
};

static const HbWord stable_words[] = {
	{ "0", HB_STABLE_NO },
	{ "1", HB_STABLE_YES },
};

static const HbWord info_words[] = {
	{ "me", HB_INFO_ME },
	{ "other", HB_INFO_OTHER },
	{ "done", HB_INFO_DONE },
	{ "shutdown", HB_INFO_SHUTDOWN },
	{ "standby", HB_INFO_STANDBY },
	{ "req_our_resources()", HB_INFO_REQ_OUR },
	{ "mach_down", HB_INFO_MACH_DOWN },
};

static const HbWord ask_infos[] = {
	{ "me", HB_INFO_ME },
	{ "other", HB_INFO_OTHER },
	{ "done", HB_INFO_DONE },
};

static const HbWord ok_words[] = {
	{ "OK", TRUE },
};

static const HbWord own_words[] = {
	{ "no", FALSE },
	{ "yes", TRUE },
};

static const HbWord force_words[] = {
	{ "1", TRUE },
};

const char *
hb_hold_name(HbHold hold)
{
	const char *word = hb_fields_word_of((int)hold, HB_WORDS(hold_words));

	g_assert(word != NULL);
	return word;
}

/* Any text is legal here: 3.0.6 adds remarks of its own. */
static gboolean
parse_info(const HbMsg *msg, HbInfo *ret)
{
	const char *text = NULL;
	int info = HB_INFO_UNKNOWN;

	if (!hb_fields_may_text(msg, HB_FIELDS_INFO, &text))
		return FALSE;
	if (text == NULL)
		info = HB_INFO_NONE;
	else
		(void)hb_fields_may_word(msg, HB_FIELDS_INFO, HB_WORDS(info_words), &info);
	*ret = (HbInfo)info;
	return TRUE;
}

gboolean
hb_typed_parse_resource(const HbMsg *msg, HbTyped *ret)
{
	HbMsgResource *resource = &ret->u.resource;
	int hold;
	int full = FALSE;
	int stable = HB_STABLE_UNSAID;

	if (!hb_fields_need_word(msg, HB_FIELDS_RSC_HOLD, HB_WORDS(hold_words), &hold) ||
	    !hb_fields_may_word(msg, HB_FIELDS_RTYPE, HB_WORDS(full_words), &full) ||
	    !hb_fields_may_word(msg, HB_FIELDS_ISSTABLE, HB_WORDS(stable_words), &stable))
		return FALSE;
	resource->hold = (HbHold)hold;
	resource->full = full;
	resource->stable = (HbStable)stable;
	return parse_info(msg, &resource->info);
}

void
hb_typed_put_resource(HbBuild *build, const HbTyped *typed)
{
	const HbMsgResource *resource = &typed->u.resource;
	const char *stable = hb_fields_word_of((int)resource->stable, HB_WORDS(stable_words));
	const char *info = hb_fields_word_of((int)resource->info, HB_WORDS(info_words));

	hb_fields_put_text(build, HB_FIELDS_RSC_HOLD, hb_hold_name(resource->hold));
	if (resource->full)
		hb_fields_put_text(build, HB_FIELDS_RTYPE, "full");
	if (stable != NULL)
		hb_fields_put_text(build, HB_FIELDS_ISSTABLE, stable);
	if (info != NULL)
		hb_fields_put_text(build, HB_FIELDS_INFO, info);
}

/* "failback" in the mouth of who says it: the giver gives what is the other's, the taker takes what is his. */
static gboolean
parse_ask(const HbMsg *msg, HbHold failback_hold, HbMsgAsk *ret)
{
	const char *group = NULL;
	int hold = HB_HOLD_ALL;
	int force = FALSE;

	if (!hb_fields_may_word(msg, HB_FIELDS_RSC_HOLD, HB_WORDS(ask_words), &hold) ||
	    !hb_fields_may_text(msg, HB_FIELDS_HB4_GROUP, &group) ||
	    !hb_fields_may_word(msg, HB_FIELDS_HB4_FORCE, HB_WORDS(force_words), &force))
		return FALSE;
	ret->failback = hold == FAILBACK;
	ret->hold = ret->failback ? failback_hold : (HbHold)hold;
	ret->force = force;
	ret->group_id = HB_ID_NONE;
	return group == NULL || hb_extension_parse_id(group, strlen(group), &ret->group_id);
}

gboolean
hb_typed_parse_ask_resources(const HbMsg *msg, HbTyped *ret)
{
	int info;

	if (!hb_fields_need_word(msg, HB_FIELDS_INFO, HB_WORDS(ask_infos), &info))
		return FALSE;
	ret->u.ask.info = (HbInfo)info;
	return parse_ask(msg, HB_HOLD_FOREIGN, &ret->u.ask);
}

gboolean
hb_typed_parse_hb_takeover(const HbMsg *msg, HbTyped *ret)
{
	return parse_ask(msg, HB_HOLD_LOCAL, &ret->u.ask);
}

static void
put_ask_extras(HbBuild *build, const HbMsgAsk *ask)
{
	char id[9];

	if (ask->group_id != HB_ID_NONE) {
		g_snprintf(id, sizeof id, "%08x", ask->group_id);
		hb_fields_put_text(build, HB_FIELDS_HB4_GROUP, id);
	}
	if (ask->force)
		hb_fields_put_text(build, HB_FIELDS_HB4_FORCE, "1");
}

/* The word "failback" is never sent on: 3.0.6 takes it for "all" (7.5). The set says the same. */
void
hb_typed_put_ask_resources(HbBuild *build, const HbTyped *typed)
{
	const HbMsgAsk *ask = &typed->u.ask;
	const char *info = hb_fields_word_of((int)ask->info, HB_WORDS(ask_infos));

	g_assert(info != NULL);
	hb_fields_put_text(build, HB_FIELDS_RSC_HOLD, hb_hold_name(ask->hold));
	hb_fields_put_text(build, HB_FIELDS_INFO, info);
	put_ask_extras(build, ask);
}

void
hb_typed_put_hb_takeover(HbBuild *build, const HbTyped *typed)
{
	hb_fields_put_text(build, HB_FIELDS_RSC_HOLD, hb_hold_name(typed->u.ask.hold));
	put_ask_extras(build, &typed->u.ask);
}

gboolean
hb_typed_parse_ip_request(const HbMsg *msg, HbTyped *ret)
{
	const char *key;
	int ok = FALSE;
	int we_own = FALSE;

	if (!hb_fields_need_text(msg, HB_FIELDS_IPADDR, &key) ||
	    !hb_fields_may_word(msg, HB_FIELDS_OK, HB_WORDS(ok_words), &ok) ||
	    !hb_fields_may_word(msg, HB_FIELDS_WEOWN, HB_WORDS(own_words), &we_own))
		return FALSE;
	g_strlcpy(ret->u.ip.key, key, sizeof ret->u.ip.key);
	ret->u.ip.ok = ok;
	ret->u.ip.we_own = we_own;
	return TRUE;
}

void
hb_typed_put_ip_request(HbBuild *build, const HbTyped *typed)
{
	hb_fields_put_text(build, HB_FIELDS_IPADDR, typed->u.ip.key);
}

void
hb_typed_put_ip_request_resp(HbBuild *build, const HbTyped *typed)
{
	gboolean we_own = typed->u.ip.we_own != FALSE;

	hb_fields_put_text(build, HB_FIELDS_IPADDR, typed->u.ip.key);
	hb_fields_put_text(build, HB_FIELDS_WEOWN, hb_fields_word_of(we_own, HB_WORDS(own_words)));
	if (typed->u.ip.ok)
		hb_fields_put_text(build, HB_FIELDS_OK, "OK");
}
