/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fifo.h - messages from scripts through the FIFO, resynchronising at ">>>" (doc/client-api 1.6).
 */
#ifndef HB_WIRE_FIFO_H
#define HB_WIRE_FIFO_H

#include "wire/msg.h"

typedef struct HbFifoReader HbFifoReader;

HbFifoReader *hb_fifo_reader_new(void);
void hb_fifo_reader_free(HbFifoReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HbFifoReader, hb_fifo_reader_free)

/* Takes in bytes of any cut. Then call _next() until it returns NULL. */
void hb_fifo_reader_feed(HbFifoReader *reader, const guint8 *data, gsize len);
HbMsg *hb_fifo_reader_next(HbFifoReader *reader);       /* (transfer full) */
guint64 hb_fifo_reader_n_bad(const HbFifoReader *reader);       /* messages dropped so far */

/* (transfer full) string form without signature: what a script would write, for one write(2). */
GByteArray *hb_fifo_encode(const HbMsg *msg);

#endif
