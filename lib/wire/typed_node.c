/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * typed_node.c - status, NS_st, shutdone, repnodes, addnode, delnode, stonith (doc/wire-protocol.md 4.1, 4.2, 6.1).
 */
#include <string.h>

#include <glib.h>

#include "wire/extension.h"
#include "wire/typed_parts.h"
#include "wire/typedio.h"

#include "util/banned.h"

static const HbWord st_words[] = {
	{ "init", HB_ST_INIT },
	{ "up", HB_ST_UP },
	{ "active", HB_ST_ACTIVE },
	{ "dead", HB_ST_DEAD },
};

static const HbWord ns_st_words[] = {
	{ "ping", HB_ST_PING },
};

static const HbWord shutdone_words[] = {
	{ "dead", HB_ST_DEAD },
};

static const HbWord ns_st_infos[] = {
	{ "ping", FALSE },
	{ "ping_group", TRUE },
};

const char *
hb_node_st_name(HbNodeSt st)
{
	const char *word = hb_fields_word_of((int)st, HB_WORDS(st_words));

	if (word == NULL)
		word = hb_fields_word_of((int)st, HB_WORDS(ns_st_words));
	g_assert(word != NULL);
	return word;
}

static gboolean
parse_st(const HbMsg *msg, const HbWord *words, gsize n_words, HbTyped *ret)
{
	int st;

	if (!hb_fields_need_word(msg, HB_FIELDS_ST, words, n_words, &st))
		return FALSE;
	ret->u.status.st = (HbNodeSt)st;
	return TRUE;
}

gboolean
hb_typed_parse_status(const HbMsg *msg, HbTyped *ret)
{
	guint64 dt;
	guint64 protocol = 0;

	if (!parse_st(msg, HB_WORDS(st_words), ret) ||
	    !hb_fields_need_number(msg, HB_FIELDS_DT, &dt) ||
	    !hb_fields_may_number(msg, HB_FIELDS_PROTOCOL, &protocol))
		return FALSE;
	ret->u.status.deadtime_ms = (guint32)dt;
	ret->u.status.protocol = (guint32)protocol;
	return hb_extension_parse(msg, &ret->u.status.ext);
}

void
hb_typed_put_status(HbBuild *build, const HbTyped *typed)
{
	const HbMsgStatus *status = &typed->u.status;

	hb_fields_put_text(build, HB_FIELDS_ST, hb_node_st_name(status->st));
	hb_fields_put_number(build, HB_FIELDS_DT, status->deadtime_ms);
	if (status->protocol != 0)
		hb_fields_put_number(build, HB_FIELDS_PROTOCOL, status->protocol);
	if (status->of_ping_node)
		hb_fields_put_text(build, HB_FIELDS_INFO, "ping");
	hb_extension_put(build, &status->ext);
}

gboolean
hb_typed_parse_ns_st(const HbMsg *msg, HbTyped *ret)
{
	int is_group;

	if (!parse_st(msg, HB_WORDS(ns_st_words), ret) ||
	    !hb_fields_need_word(msg, HB_FIELDS_INFO, HB_WORDS(ns_st_infos), &is_group))
		return FALSE;
	ret->u.status.ping_group = is_group;
	return TRUE;
}

void
hb_typed_put_ns_st(HbBuild *build, const HbTyped *typed)
{
	gboolean is_group = typed->u.status.ping_group != FALSE;

	hb_fields_put_text(build, HB_FIELDS_ST, hb_node_st_name(HB_ST_PING));
	hb_fields_put_text(build, HB_FIELDS_INFO, hb_fields_word_of(is_group, HB_WORDS(ns_st_infos)));
}

gboolean
hb_typed_parse_shutdone(const HbMsg *msg, HbTyped *ret)
{
	return parse_st(msg, HB_WORDS(shutdone_words), ret);
}

void
hb_typed_put_shutdone(HbBuild *build, const HbTyped *typed)
{
	(void)typed;
	hb_fields_put_text(build, HB_FIELDS_ST, hb_node_st_name(HB_ST_DEAD));
}

gboolean
hb_typed_parse_nodelist(const HbMsg *msg, HbTyped *ret)
{
	return hb_fields_need_text(msg, HB_FIELDS_NODELIST, &ret->nodelist);
}

void
hb_typed_put_nodelist(HbBuild *build, const HbTyped *typed)
{
	hb_fields_put_text(build, HB_FIELDS_NODELIST, typed->nodelist);
}

gboolean
hb_typed_parse_repnodes(const HbMsg *msg, HbTyped *ret)
{
	const char *deleted;

	return hb_typed_parse_nodelist(msg, ret) && hb_fields_may_text(msg, HB_FIELDS_DELNODELIST, &deleted);
}

/* Each name is followed by a blank; 3.0.6 drops the nodes that are missing in it. */
void
hb_typed_put_repnodes(HbBuild *build, const HbTyped *typed)
{
	g_autoptr(GString) list = g_string_new(NULL);

	for (guint i = 0; i < typed->n_names; i++) {
		g_string_append(list, typed->names[i]);
		g_string_append_c(list, ' ');
	}
	hb_fields_put_text(build, HB_FIELDS_NODELIST, list->str);
	hb_fields_put_text(build, HB_FIELDS_DELNODELIST, " ");
}

gboolean
hb_typed_parse_stonith(const HbMsg *msg, HbTyped *ret)
{
	const char *node;
	const char *result;

	if (!hb_fields_need_text(msg, HB_FIELDS_NODE, &node) ||
	    !hb_fields_need_text(msg, HB_FIELDS_RESULT, &result))
		return FALSE;
	g_strlcpy(ret->u.stonith.node, node, sizeof ret->u.stonith.node);
	g_strlcpy(ret->u.stonith.result, result, sizeof ret->u.stonith.result);
	return TRUE;
}

void
hb_typed_put_stonith(HbBuild *build, const HbTyped *typed)
{
	hb_fields_put_text(build, HB_FIELDS_NODE, typed->u.stonith.node);
	hb_fields_put_text(build, HB_FIELDS_RESULT, typed->u.stonith.result);
}
