/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fields.h - reads and writes single fields by their row in fields.def. Internal to lib/wire.
 *
 * hb_fields_need_...() answer FALSE when the field is absent or illegal; hb_fields_may_...() only when
 * it is illegal, and leave the result untouched when it is absent.
 */
#ifndef HB_WIRE_FIELDS_H
#define HB_WIRE_FIELDS_H

#include "wire/msg.h"

typedef enum {
#define X(id, name, kind, least, most, text) HB_FIELDS_##id,
#include "wire/fields.def"
#undef X
	HB_FIELDS_N
} HbFieldId;

/* A word on the wire and the enumerator it stands for. */
typedef struct {
	const char *word;
	int value;
} HbWord;

/* With the end of the table known: HB_WORDS(st_words) gives both arguments. */
#define HB_WORDS(table) (table), G_N_ELEMENTS(table)

const char *hb_fields_name(HbFieldId id);

gboolean hb_fields_has(const HbMsg *msg, HbFieldId id);
gboolean hb_fields_need_text(const HbMsg *msg, HbFieldId id, const char **ret_text);
gboolean hb_fields_may_text(const HbMsg *msg, HbFieldId id, const char **ret_text);
gboolean hb_fields_need_number(const HbMsg *msg, HbFieldId id, guint64 *ret_number);
gboolean hb_fields_may_number(const HbMsg *msg, HbFieldId id, guint64 *ret_number);
gboolean hb_fields_need_word(const HbMsg *msg, HbFieldId id, const HbWord *words, gsize n_words,
                             int *ret_value);
gboolean hb_fields_may_word(const HbMsg *msg, HbFieldId id, const HbWord *words, gsize n_words,
                            int *ret_value);
gboolean hb_fields_may_uuid(const HbMsg *msg, HbFieldId id, gboolean *ret_has, guint8 *ret_uuid);

/* The word for @value, NULL if it has none. */
const char *hb_fields_word_of(int value, const HbWord *words, gsize n_words);

/* A message being built; the first failure sticks. */
typedef struct {
	HbMsg *msg;
	gboolean failed;
} HbBuild;

void hb_fields_put_text(HbBuild *build, HbFieldId id, const char *text);
void hb_fields_put_number(HbBuild *build, HbFieldId id, guint64 number);
void hb_fields_put_uuid(HbBuild *build, HbFieldId id, const guint8 *uuid);

#endif
