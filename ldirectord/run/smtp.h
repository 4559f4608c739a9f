/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * smtp.h - one mail through smtp=: a program of its own, since a mail server may be slow or silent.
 */
#ifndef LDIR_SMTP_H
#define LDIR_SMTP_H

/* ldirectord --send-mail HOST FROM TO... < MESSAGE; @words begin with HOST. Returns the exit code: 0 at least one
 * recipient was taken, else 1 and why on standard error. */
int ldir_smtp_send(int n_words, char *const *words);

/* @message with lines ended by CR LF, and a dot before each dot that begins one. (transfer full) */
char *ldir_smtp_data(const char *message);

/* Reads a line of a reply: its code, and whether more lines follow. 0: that is no reply. */
int ldir_smtp_code(const char *line, int *ret_more);

#endif
