/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * extension.c - see extension.h.
 *
 *   hb4g = "<group id>:<claim>:<epoch>:<grant id or 0>" joined by "."
 *   hb4h = "<node id>:<age or ->:<number of the last status>" joined by "."
 *   hb4k = "<group id>:<node id>" joined by "."
 *   hb4d = "<node id>:<fate>:<generation>" joined by "."
 *   hb4f = "<node id>" joined by "."
 *   hb4t = "<node id>:<node id of the taker>" joined by "."
 *
 * Fixed places and separators, so that a word can be cut without looking at what is in it.
 */
#include <string.h>

#include <glib.h>

#include "util/id.h"
#include "wire/extension.h"

#include "util/banned.h"

#define ID_LEN 8
#define EPOCH_LEN_MAX 8
#define AGE_LEN_MAX 10
#define SEQ_LEN_MAX 16

static const char claim_letters[HB_CLAIM_N] = {
	[HB_CLAIM_UNKNOWN] = 'u',
	[HB_CLAIM_FREE] = 'n',
	[HB_CLAIM_PARKED] = 'p',
	[HB_CLAIM_FAILED] = 'f',
	[HB_CLAIM_WANTED] = 'c',
	[HB_CLAIM_STARTING] = 's',
	[HB_CLAIM_HELD] = 'h',
	[HB_CLAIM_TAINTED] = 'd',
	[HB_CLAIM_RELEASING] = 'r',
	[HB_CLAIM_STUCK] = 'b',
};

static const char fate_letters[HB_FATE_N] = {
	[HB_FATE_LEFT] = 'l',
	[HB_FATE_FENCED] = 'f',
	[HB_FATE_LOST] = 'w',
	[HB_FATE_SHOT] = 'p',
	[HB_FATE_MISSED] = 'x',
};

static const HbWord yes_words[] = {
	{ "1", TRUE },
};

/* What is left of a text that is being cut into words. */
typedef struct {
	const char *pos;
	const char *end;
} Cutter;

/* The octets up to @stop or the end; .pos is behind the stop, or NULL when there was none. */
static Cutter
cut(Cutter *text, char stop)
{
	const char *found = memchr(text->pos, stop, (gsize)(text->end - text->pos));
	Cutter piece = { .pos = text->pos, .end = found != NULL ? found : text->end };

	text->pos = found != NULL ? found + 1 : NULL;
	return piece;
}

static gsize
piece_len(Cutter piece)
{
	return (gsize)(piece.end - piece.pos);
}

/* Lower case, no more than 16 digits. */
static gboolean
read_hex64(const char *text, gsize len, guint64 *ret)
{
	guint64 number = 0;

	if (len == 0 || len > SEQ_LEN_MAX)
		return FALSE;
	for (gsize i = 0; i < len; i++) {
		if (!g_ascii_isxdigit(text[i]) || g_ascii_isupper(text[i]))
			return FALSE;
		number = number << 4 | (guint64)g_ascii_xdigit_value(text[i]);
	}
	*ret = number;
	return TRUE;
}

static gboolean
read_hex(const char *text, gsize len, guint32 *ret)
{
	guint64 number;

	if (len > 8 || !read_hex64(text, len, &number))
		return FALSE;
	*ret = (guint32)number;
	return TRUE;
}

gboolean
hb_extension_parse_id(const char *text, gsize len, guint32 *ret_id)
{
	guint32 id;

	if (len != ID_LEN || !read_hex(text, len, &id) || id == HB_ID_NONE)
		return FALSE;
	*ret_id = id;
	return TRUE;
}

/* No leading zeros, as everywhere on this wire. */
static gboolean
read_epoch(Cutter piece, guint32 *ret)
{
	gsize len = piece_len(piece);

	if (len > 1 && *piece.pos == '0')
		return FALSE;
	return len <= EPOCH_LEN_MAX && read_hex(piece.pos, len, ret);
}

static gboolean
read_grant(Cutter piece, guint32 *ret)
{
	if (piece_len(piece) == 1 && *piece.pos == '0') {
		*ret = HB_ID_NONE;
		return TRUE;
	}
	return hb_extension_parse_id(piece.pos, piece_len(piece), ret);
}

static gboolean
read_age(Cutter piece, gint32 *ret)
{
	gsize len = piece_len(piece);
	gint64 age = 0;

	if (len == 1 && *piece.pos == '-') {
		*ret = -1;
		return TRUE;
	}
	if (len == 0 || len > AGE_LEN_MAX || (len > 1 && *piece.pos == '0'))
		return FALSE;
	for (const char *p = piece.pos; p < piece.end; p++) {
		if (!g_ascii_isdigit(*p))
			return FALSE;
		age = age * 10 + (*p - '0');
	}
	if (age > G_MAXINT32)
		return FALSE;
	*ret = (gint32)age;
	return TRUE;
}

static gboolean
read_seq(Cutter piece, guint64 *ret)
{
	gsize len = piece_len(piece);

	return !(len > 1 && *piece.pos == '0') && read_hex64(piece.pos, len, ret);
}

static gboolean
read_claim(Cutter piece, HbClaim *ret)
{
	const char *found;

	if (piece_len(piece) != 1)
		return FALSE;
	found = memchr(claim_letters, *piece.pos, sizeof claim_letters);
	if (found == NULL)
		return FALSE;
	*ret = (HbClaim)(found - claim_letters);
	return TRUE;
}

static gboolean
read_group_word(Cutter word, HbGroupWord *ret)
{
	Cutter id = cut(&word, ':');
	Cutter claim, epoch;

	if (word.pos == NULL)
		return FALSE;
	claim = cut(&word, ':');
	if (word.pos == NULL)
		return FALSE;
	epoch = cut(&word, ':');
	if (word.pos == NULL)
		return FALSE;
	return hb_extension_parse_id(id.pos, piece_len(id), &ret->group_id) &&
	       read_claim(claim, &ret->claim) && read_epoch(epoch, &ret->epoch) &&
	       read_grant(word, &ret->grant_id);
}

static gboolean
read_groups(const char *text, HbExtension *ret)
{
	Cutter rest = { .pos = text, .end = text + strlen(text) };

	while (rest.pos != NULL) {
		HbGroupWord *word = &ret->groups[ret->n_groups];

		if (ret->n_groups == HB_GROUPS_MAX || !read_group_word(cut(&rest, '.'), word))
			return FALSE;
		for (guint i = 0; i < ret->n_groups; i++)
			if (ret->groups[i].group_id == word->group_id)
				return FALSE;
		ret->n_groups++;
	}
	return TRUE;
}

/* Of groups that the sender has spoken of, each once. */
static gboolean
read_keepers(const char *text, HbExtension *ret)
{
	Cutter rest = { .pos = text, .end = text + strlen(text) };

	while (rest.pos != NULL) {
		Cutter piece = cut(&rest, '.');
		Cutter id = cut(&piece, ':');
		guint32 group_id, keeper_id;
		guint i = 0;

		if (piece.pos == NULL || !hb_extension_parse_id(id.pos, piece_len(id), &group_id) ||
		    !hb_extension_parse_id(piece.pos, piece_len(piece), &keeper_id))
			return FALSE;
		while (i < ret->n_groups && ret->groups[i].group_id != group_id)
			i++;
		if (i == ret->n_groups || ret->groups[i].keeper_id != HB_ID_NONE)
			return FALSE;
		ret->groups[i].keeper_id = keeper_id;
	}
	return TRUE;
}

static gboolean
read_heard(const char *text, HbExtension *ret)
{
	Cutter rest = { .pos = text, .end = text + strlen(text) };

	while (rest.pos != NULL) {
		HbHeardWord *word = &ret->heard[ret->n_heard];
		Cutter piece = cut(&rest, '.');
		Cutter id = cut(&piece, ':');
		Cutter age;

		if (ret->n_heard == HB_NODES_MAX || piece.pos == NULL)
			return FALSE;
		age = cut(&piece, ':');
		if (piece.pos == NULL || !hb_extension_parse_id(id.pos, piece_len(id), &word->node_id) ||
		    !read_age(age, &word->age_ms) || !read_seq(piece, &word->stamp))
			return FALSE;
		for (guint i = 0; i < ret->n_heard; i++)
			if (ret->heard[i].node_id == word->node_id)
				return FALSE;
		ret->n_heard++;
	}
	return TRUE;
}

static gboolean
read_fate(Cutter piece, HbFate *ret)
{
	const char *found = piece_len(piece) == 1 ? memchr(fate_letters + 1, *piece.pos, sizeof fate_letters - 1) : NULL;

	if (found == NULL)
		return FALSE;
	*ret = (HbFate)(found - fate_letters);
	return TRUE;
}

static gboolean
read_fates(const char *text, HbExtension *ret)
{
	Cutter rest = { .pos = text, .end = text + strlen(text) };

	while (rest.pos != NULL) {
		HbFateWord *word = &ret->fates[ret->n_fates];
		Cutter piece = cut(&rest, '.');
		Cutter id = cut(&piece, ':');
		Cutter fate;

		if (ret->n_fates == HB_NODES_MAX || piece.pos == NULL)
			return FALSE;
		fate = cut(&piece, ':');
		if (piece.pos == NULL || !hb_extension_parse_id(id.pos, piece_len(id), &word->node_id) ||
		    !read_fate(fate, &word->fate) || !read_seq(piece, &word->generation))
			return FALSE;
		for (guint i = 0; i < ret->n_fates; i++)
			if (ret->fates[i].node_id == word->node_id)
				return FALSE;
		ret->n_fates++;
	}
	return TRUE;
}

static gboolean
read_takers(const char *text, HbExtension *ret)
{
	Cutter rest = { .pos = text, .end = text + strlen(text) };

	while (rest.pos != NULL) {
		HbTakerWord *word = &ret->takers[ret->n_takers];
		Cutter piece = cut(&rest, '.');
		Cutter id = cut(&piece, ':');

		if (ret->n_takers == HB_NODES_MAX || piece.pos == NULL ||
		    !hb_extension_parse_id(id.pos, piece_len(id), &word->node_id) ||
		    !hb_extension_parse_id(piece.pos, piece_len(piece), &word->taker_id))
			return FALSE;
		for (guint i = 0; i < ret->n_takers; i++)
			if (ret->takers[i].node_id == word->node_id)
				return FALSE;
		ret->n_takers++;
	}
	return TRUE;
}

static gboolean
read_armed(const char *text, HbExtension *ret)
{
	Cutter rest = { .pos = text, .end = text + strlen(text) };

	while (rest.pos != NULL) {
		Cutter piece = cut(&rest, '.');
		guint32 *id = &ret->armed[ret->n_armed];

		if (ret->n_armed == HB_NODES_MAX || !hb_extension_parse_id(piece.pos, piece_len(piece), id))
			return FALSE;
		for (guint i = 0; i < ret->n_armed; i++)
			if (ret->armed[i] == *id)
				return FALSE;
		ret->n_armed++;
	}
	return TRUE;
}

gboolean
hb_extension_parse(const HbMsg *msg, HbExtension *ret)
{
	const char *groups = NULL;
	const char *heard = NULL;
	const char *fates = NULL;
	const char *keepers = NULL;
	const char *takers = NULL;
	const char *armed = NULL;
	guint64 protocol = 0;
	int is_leaving = FALSE, is_barred = FALSE, is_settling = FALSE;

	if (!hb_fields_may_number(msg, HB_FIELDS_HB4, &protocol) ||
	    !hb_fields_may_word(msg, HB_FIELDS_HB4_LEAVING, HB_WORDS(yes_words), &is_leaving) ||
	    !hb_fields_may_word(msg, HB_FIELDS_HB4_BARRED, HB_WORDS(yes_words), &is_barred) ||
	    !hb_fields_may_word(msg, HB_FIELDS_HB4_SETTLING, HB_WORDS(yes_words), &is_settling) ||
	    !hb_fields_may_text(msg, HB_FIELDS_HB4_KEEPERS, &keepers) ||
	    !hb_fields_may_text(msg, HB_FIELDS_HB4_TAKERS, &takers) ||
	    !hb_fields_may_text(msg, HB_FIELDS_HB4_ARMED, &armed) ||
	    !hb_fields_may_text(msg, HB_FIELDS_HB4_GROUPS, &groups) ||
	    !hb_fields_may_text(msg, HB_FIELDS_HB4_HEARD, &heard) ||
	    !hb_fields_may_text(msg, HB_FIELDS_HB4_FATES, &fates))
		return FALSE;
	if (protocol == 0)
		return !is_leaving && !is_barred && !is_settling && groups == NULL && heard == NULL && fates == NULL &&
		       keepers == NULL && takers == NULL && armed == NULL;
	ret->present = TRUE;
	ret->protocol = (guint32)protocol;
	ret->leaving = is_leaving;
	ret->barred = is_barred;
	ret->settling = is_settling;
	return (groups == NULL || read_groups(groups, ret)) && (heard == NULL || read_heard(heard, ret)) &&
	       (fates == NULL || read_fates(fates, ret)) && (keepers == NULL || read_keepers(keepers, ret)) &&
	       (takers == NULL || read_takers(takers, ret)) && (armed == NULL || read_armed(armed, ret));
}

static void
put_groups(HbBuild *build, const HbExtension *ext)
{
	g_autoptr(GString) text = g_string_sized_new(32 * ext->n_groups);

	for (guint i = 0; i < ext->n_groups; i++) {
		const HbGroupWord *word = &ext->groups[i];

		g_assert(word->claim < HB_CLAIM_N);
		if (i > 0)
			g_string_append_c(text, '.');
		g_string_append_printf(text, "%08x:%c:%x:", word->group_id, claim_letters[word->claim],
		                       word->epoch);
		if (word->grant_id == HB_ID_NONE)
			g_string_append_c(text, '0');
		else
			g_string_append_printf(text, "%08x", word->grant_id);
	}
	hb_fields_put_text(build, HB_FIELDS_HB4_GROUPS, text->str);
}

static void
put_keepers(HbBuild *build, const HbExtension *ext)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < ext->n_groups; i++)
		if (ext->groups[i].keeper_id != HB_ID_NONE)
			g_string_append_printf(text, "%s%08x:%08x", text->len > 0 ? "." : "", ext->groups[i].group_id,
			                       ext->groups[i].keeper_id);
	if (text->len > 0)
		hb_fields_put_text(build, HB_FIELDS_HB4_KEEPERS, text->str);
}

static void
put_heard(HbBuild *build, const HbExtension *ext)
{
	g_autoptr(GString) text = g_string_sized_new(24 * ext->n_heard);

	for (guint i = 0; i < ext->n_heard; i++) {
		const HbHeardWord *word = &ext->heard[i];

		if (i > 0)
			g_string_append_c(text, '.');
		if (word->age_ms < 0)
			g_string_append_printf(text, "%08x:-", word->node_id);
		else
			g_string_append_printf(text, "%08x:%d", word->node_id, word->age_ms);
		g_string_append_printf(text, ":%" G_GINT64_MODIFIER "x", word->stamp);
	}
	hb_fields_put_text(build, HB_FIELDS_HB4_HEARD, text->str);
}

static void
put_fates(HbBuild *build, const HbExtension *ext)
{
	g_autoptr(GString) text = g_string_sized_new(24 * ext->n_fates);

	for (guint i = 0; i < ext->n_fates; i++) {
		const HbFateWord *word = &ext->fates[i];

		g_assert(word->fate > HB_FATE_NONE && word->fate < HB_FATE_N);
		g_string_append_printf(text, "%s%08x:%c:%" G_GINT64_MODIFIER "x", i > 0 ? "." : "", word->node_id,
		                       fate_letters[word->fate], word->generation);
	}
	hb_fields_put_text(build, HB_FIELDS_HB4_FATES, text->str);
}

static void
put_takers(HbBuild *build, const HbExtension *ext)
{
	g_autoptr(GString) text = g_string_sized_new(18 * ext->n_takers);

	for (guint i = 0; i < ext->n_takers; i++)
		g_string_append_printf(text, "%s%08x:%08x", i > 0 ? "." : "", ext->takers[i].node_id, ext->takers[i].taker_id);
	hb_fields_put_text(build, HB_FIELDS_HB4_TAKERS, text->str);
}

static void
put_armed(HbBuild *build, const HbExtension *ext)
{
	g_autoptr(GString) text = g_string_sized_new(9 * ext->n_armed);

	for (guint i = 0; i < ext->n_armed; i++)
		g_string_append_printf(text, "%s%08x", i > 0 ? "." : "", ext->armed[i]);
	hb_fields_put_text(build, HB_FIELDS_HB4_ARMED, text->str);
}

void
hb_extension_put(HbBuild *build, const HbExtension *ext)
{
	if (!ext->present)
		return;
	hb_fields_put_number(build, HB_FIELDS_HB4, ext->protocol);
	if (ext->leaving)
		hb_fields_put_text(build, HB_FIELDS_HB4_LEAVING, "1");
	if (ext->barred)
		hb_fields_put_text(build, HB_FIELDS_HB4_BARRED, "1");
	if (ext->settling)
		hb_fields_put_text(build, HB_FIELDS_HB4_SETTLING, "1");
	if (ext->n_groups > 0)
		put_groups(build, ext);
	if (ext->n_heard > 0)
		put_heard(build, ext);
	if (ext->n_fates > 0)
		put_fates(build, ext);
	if (ext->n_armed > 0)
		put_armed(build, ext);
	if (ext->n_takers > 0)
		put_takers(build, ext);
	put_keepers(build, ext);
}
