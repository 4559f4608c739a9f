/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * words.h - reads the words of a medium's line. Part of each medium plugin; libc only.
 *
 * What fails writes into @err what is wrong and what to write instead.
 */
#ifndef HB_MEDIA_WORDS_H
#define HB_MEDIA_WORDS_H

#include <net/if.h>
#include <netinet/in.h>

#include "heartbeat/hb_medium.h"
#include "media/sock.h"

#define HB_WORDS_MAX      8
#define HB_WORDS_LINE_MAX 1023

typedef struct {
	unsigned int n;
	char *word[HB_WORDS_MAX];       /* into .line */
	char line[HB_WORDS_LINE_MAX + 1];
} hb_words;

/* Writes @err. Always -1, so that one can return it. */
int hb_media_fail(char err[HB_MEDIUM_ERR_MAX], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* All of these: 0, or -1 with @err. @usage is what the line should look like: "ucast eth1 10.0.0.2".
 * Cuts @text at blanks into @n_wanted words; more are refused unless @more_ignored. */
int hb_words_cut(const char *text, unsigned int n_wanted, int more_ignored, const char *usage,
                 hb_words *ret_words, char err[HB_MEDIUM_ERR_MAX]);
int hb_words_device(const char *word, const char *usage, char ret_device[IFNAMSIZ],
                    char err[HB_MEDIUM_ERR_MAX]);
int hb_words_number(const char *word, const char *what, unsigned int min, unsigned int max,
                    const char *usage, unsigned int *ret_number, char err[HB_MEDIUM_ERR_MAX]);
/* An address of @address's family, or a name that has one; the first is taken. May wait for the name server. The port
 * stays as it was. An IPv6 address may have a scope ("fe80::2%eth0"), which is left to hb_words_scope(). */
int hb_words_host(const char *word, hb_sock_address *address, char err[HB_MEDIUM_ERR_MAX]);
/* The name behind the '%' of an address, or NULL. */
const char *hb_words_scope(const char *word);

#endif
