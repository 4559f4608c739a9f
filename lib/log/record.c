/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "log/record.h"

#include <string.h>

#include "util/banned.h"

typedef struct {
	guint32 magic;
	guint16 is_script;
	guint16 level;
	gint32 pid;
	guint32 text_len;
	gint64 when_s;
	char entity[HB_RECORD_ENTITY_MAX + 1];
} Head;

#define MAGIC 0x4842526cu

G_STATIC_ASSERT(sizeof(Head) + HB_RECORD_TEXT_MAX == HB_RECORD_MAX);

gsize
hb_record_pack(const HbLogRecord *record, guint8 buf[HB_RECORD_MAX])
{
	Head head = {
		.magic = MAGIC, .is_script = record->is_script ? 1 : 0, .level = (guint16)record->level,
		.pid = record->pid, .text_len = (guint32)strnlen(record->text, HB_RECORD_TEXT_MAX),
		.when_s = record->when_s,
	};

	g_strlcpy(head.entity, record->entity, sizeof head.entity);
	memcpy(buf, &head, sizeof head);
	memcpy(buf + sizeof head, record->text, head.text_len);
	return sizeof head + head.text_len;
}

gboolean
hb_record_parse(const void *data, gsize len, HbLogRecord *ret_record)
{
	const char *text = (const char *)data + sizeof(Head);
	Head head;

	if (len < sizeof head || len > HB_RECORD_MAX)
		return FALSE;
	memcpy(&head, data, sizeof head);
	if (head.magic != MAGIC || head.is_script > 1 || head.level > HB_LOG_DEBUG || head.pid < 0 ||
	    head.text_len != len - sizeof head || memchr(head.entity, '\0', sizeof head.entity) == NULL ||
	    memchr(text, '\0', head.text_len) != NULL)
		return FALSE;
	ret_record->is_script = head.is_script != 0;
	ret_record->level = (HbLogLevel)head.level;
	ret_record->pid = head.pid;
	ret_record->when_s = head.when_s;
	memcpy(ret_record->entity, head.entity, sizeof head.entity);
	memcpy(ret_record->text, text, head.text_len);
	ret_record->text[head.text_len] = '\0';
	return TRUE;
}
