/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fifo_in.h - messages of scripts and operators, from the FIFO to the core.
 */
#ifndef HB_NODE_FIFO_IN_H
#define HB_NODE_FIFO_IN_H

#include "node/node.h"

/* @fd is taken over; -1: there is no FIFO, NULL is returned. */
HbFifoIn *hb_fifo_in_new(HbNode *node, int fd);
/* It was made again; @fd is taken over. */
void hb_fifo_in_replace(HbFifoIn *fifo, int fd);
void hb_fifo_in_free(HbFifoIn *fifo);
guint64 hb_fifo_in_n_bad(const HbFifoIn *fifo);

#endif
