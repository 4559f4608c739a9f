/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * text.h - container <-> string form ">>>\n ... <<<\n" (doc/wire-protocol.md 1.3).
 *
 * Serial lines, the FIFO, the API sockets, the inside of compressed messages, and what the inner
 * signature is made of.
 */
#ifndef HB_WIRE_TEXT_H
#define HB_WIRE_TEXT_H

#include "wire/msg.h"

#define HB_TEXT_HEAD ">>>\n"
#define HB_TEXT_TAIL "<<<\n"
#define HB_TEXT_MARK_LEN 4

/* Signatures, not signed themselves. */
#define HB_FIELD_NAME_AUTH "auth"
#define HB_FIELD_NAME_HMAC "hb4hmac"

/* (transfer full) NULL: the message cannot be said in this form (a nested text holds one of the
 * octets that stand for its line ends). No NUL behind it. */
GByteArray *hb_text_encode(const HbMsg *msg);

/* (transfer full) The message at the start of @data, or NULL. @ret_used: octets up to and with its
 * tail; NULL if it must be all of @len. */
HbMsg *hb_text_decode(const guint8 *data, gsize len, gsize *ret_used);

typedef enum {
	HB_TEXT_FOR_AUTH,       /* all but the inner signature */
	HB_TEXT_FOR_HMAC        /* all but both signatures */
} HbTextPurpose;

/* Appends the lines between head and tail that are signed. FALSE: as hb_text_encode(). */
gboolean hb_text_put_signed_lines(GByteArray *out, const HbMsg *msg, HbTextPurpose purpose);

#endif
