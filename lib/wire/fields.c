/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fields.c - see fields.h.
 */
#include <string.h>

#include <glib.h>

#include "wire/fields.h"

#include "util/banned.h"

typedef enum {
	KIND_NAME,
	KIND_PING,
	KIND_NAMES,
	KIND_TOKEN,
	KIND_WORD,
	KIND_TEXT,
	KIND_DEC,
	KIND_HEX,
	KIND_UUID
} Kind;

static const struct {
	const char *name;
	Kind kind;
	guint64 least;
	guint64 most;
} rows[HB_FIELDS_N] = {
#define X(id, name, kind, least, most, text) { name, KIND_##kind, least, most },
#include "wire/fields.def"
#undef X
};

static gboolean
is_name_char(char c)
{
	return g_ascii_isalnum(c) || c == '.' || c == '_' || c == '-';
}

/* Addresses, and "%interface" behind a link-local one. */
static gboolean
is_ping_char(char c)
{
	return is_name_char(c) || c == ':' || c == '%';
}

static gboolean
is_names_char(char c)
{
	return is_name_char(c) || c == ' ';
}

static gboolean
is_token_char(char c)
{
	return g_ascii_isgraph(c) || (guint8)c >= 0x80;
}

static gboolean
all_are(const char *text, gboolean (*is_good)(char))
{
	for (; *text != '\0'; text++)
		if (!is_good(*text))
			return FALSE;
	return TRUE;
}

static gboolean
has_legal_characters(Kind kind, const char *text)
{
	switch (kind) {
	case KIND_NAME:
		return all_are(text, is_name_char);
	case KIND_PING:
		return all_are(text, is_ping_char);
	case KIND_NAMES:
		return all_are(text, is_names_char);
	case KIND_TOKEN:
		return all_are(text, is_token_char);
	default:
		return TRUE;    /* words are compared, texts are free */
	}
}

const char *
hb_fields_name(HbFieldId id)
{
	return rows[id].name;
}

gboolean
hb_fields_has(const HbMsg *msg, HbFieldId id)
{
	HbField field;

	return hb_msg_find(msg, rows[id].name, &field);
}

/* ABSENT and LEGAL are the two good ends of each reader below. */
typedef enum {
	ABSENT,
	LEGAL,
	ILLEGAL
} Finding;

static Finding
find_text(const HbMsg *msg, HbFieldId id, const char **ret_text)
{
	HbField field;

	if (!hb_msg_find(msg, rows[id].name, &field))
		return ABSENT;
	if (field.type != HB_FIELD_STRING || field.len < rows[id].least || field.len > rows[id].most)
		return ILLEGAL;
	if (!has_legal_characters(rows[id].kind, (const char *)field.value))
		return ILLEGAL;
	*ret_text = (const char *)field.value;
	return LEGAL;
}

/* Digits only: no sign, no blank, no "0x", lower case; at most 19 of them, so that nothing overflows. */
static gboolean
read_number(const HbField *field, guint base, guint64 *ret)
{
	guint64 number = 0;
	gsize n_max = base == 16 ? 16 : 19;

	if (field->len == 0 || field->len > n_max || (field->value[0] == '0' && field->len > 1))
		return FALSE;
	for (gsize i = 0; i < field->len; i++) {
		guint8 c = field->value[i];
		guint digit;

		if (g_ascii_isdigit(c))
			digit = c - '0';
		else if (base == 16 && c >= 'a' && c <= 'f')
			digit = c - 'a' + 10;
		else
			return FALSE;
		number = number * base + digit;
	}
	*ret = number;
	return TRUE;
}

static Finding
find_number(const HbMsg *msg, HbFieldId id, guint64 *ret_number)
{
	HbField field;
	guint64 number;

	if (!hb_msg_find(msg, rows[id].name, &field))
		return ABSENT;
	if (field.type != HB_FIELD_STRING)
		return ILLEGAL;
	if (!read_number(&field, rows[id].kind == KIND_HEX ? 16 : 10, &number))
		return ILLEGAL;
	if (number < rows[id].least || number > rows[id].most)
		return ILLEGAL;
	*ret_number = number;
	return LEGAL;
}

static Finding
find_word(const HbMsg *msg, HbFieldId id, const HbWord *words, gsize n_words, int *ret_value)
{
	const char *text;
	Finding finding = find_text(msg, id, &text);

	if (finding != LEGAL)
		return finding;
	for (gsize i = 0; i < n_words; i++) {
		if (strcmp(words[i].word, text) == 0) {
			*ret_value = words[i].value;
			return LEGAL;
		}
	}
	return ILLEGAL;
}

gboolean
hb_fields_need_text(const HbMsg *msg, HbFieldId id, const char **ret_text)
{
	return find_text(msg, id, ret_text) == LEGAL;
}

gboolean
hb_fields_may_text(const HbMsg *msg, HbFieldId id, const char **ret_text)
{
	return find_text(msg, id, ret_text) != ILLEGAL;
}

gboolean
hb_fields_need_number(const HbMsg *msg, HbFieldId id, guint64 *ret_number)
{
	return find_number(msg, id, ret_number) == LEGAL;
}

gboolean
hb_fields_may_number(const HbMsg *msg, HbFieldId id, guint64 *ret_number)
{
	return find_number(msg, id, ret_number) != ILLEGAL;
}

gboolean
hb_fields_need_word(const HbMsg *msg, HbFieldId id, const HbWord *words, gsize n_words, int *ret_value)
{
	return find_word(msg, id, words, n_words, ret_value) == LEGAL;
}

gboolean
hb_fields_may_word(const HbMsg *msg, HbFieldId id, const HbWord *words, gsize n_words, int *ret_value)
{
	return find_word(msg, id, words, n_words, ret_value) != ILLEGAL;
}

gboolean
hb_fields_may_uuid(const HbMsg *msg, HbFieldId id, gboolean *ret_has, guint8 *ret_uuid)
{
	HbField field;

	if (!hb_msg_find(msg, rows[id].name, &field))
		return TRUE;
	if (field.type != HB_FIELD_BINARY || field.len != HB_UUID_LEN)
		return FALSE;
	*ret_has = TRUE;
	memcpy(ret_uuid, field.value, HB_UUID_LEN);
	return TRUE;
}

const char *
hb_fields_word_of(int value, const HbWord *words, gsize n_words)
{
	for (gsize i = 0; i < n_words; i++)
		if (words[i].value == value)
			return words[i].word;
	return NULL;
}

void
hb_fields_put_text(HbBuild *build, HbFieldId id, const char *text)
{
	if (!hb_msg_add_string(build->msg, rows[id].name, text))
		build->failed = TRUE;
}

void
hb_fields_put_number(HbBuild *build, HbFieldId id, guint64 number)
{
	gboolean added;

	if (rows[id].kind == KIND_HEX)
		added = hb_msg_add_hex(build->msg, rows[id].name, number);
	else
		added = hb_msg_add_dec(build->msg, rows[id].name, number);
	if (!added)
		build->failed = TRUE;
}

void
hb_fields_put_uuid(HbBuild *build, HbFieldId id, const guint8 *uuid)
{
	if (!hb_msg_add(build->msg, HB_FIELD_BINARY, rows[id].name, uuid, HB_UUID_LEN))
		build->failed = TRUE;
}
