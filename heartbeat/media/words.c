/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* words.c - reads the words of a medium's line. */
#include "media/words.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "util/banned.h"

int
hb_media_fail(char err[HB_MEDIUM_ERR_MAX], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(err, HB_MEDIUM_ERR_MAX, format, args);
	va_end(args);
	return -1;
}

int
hb_words_cut(const char *text, unsigned int n_wanted, int more_ignored, const char *usage,
             hb_words *ret_words, char err[HB_MEDIUM_ERR_MAX])
{
	char *rest;
	char *word;

	memset(ret_words, 0, sizeof *ret_words);
	if (strlen(text) > HB_WORDS_LINE_MAX)
		return hb_media_fail(err, "the line is too long; write e.g. %s", usage);
	memcpy(ret_words->line, text, strlen(text));
	word = strtok_r(ret_words->line, " \t", &rest);
	while (word != NULL && ret_words->n < n_wanted && ret_words->n < HB_WORDS_MAX) {
		ret_words->word[ret_words->n++] = word;
		word = strtok_r(NULL, " \t", &rest);
	}
	if (ret_words->n < n_wanted)
		return hb_media_fail(err, "needs %u word%s, has %u; write e.g. %s", n_wanted,
		                     n_wanted == 1 ? "" : "s", ret_words->n, usage);
	if (word != NULL && !more_ignored)
		return hb_media_fail(err, "\"%.40s\" is one word too many; write e.g. %s", word, usage);
	return 0;
}

int
hb_words_device(const char *word, const char *usage, char ret_device[IFNAMSIZ],
                char err[HB_MEDIUM_ERR_MAX])
{
	size_t len = strlen(word);

	if (strchr(word, ':') != NULL)
		return hb_media_fail(err, "\"%.40s\" is the label of an address; write the interface, e.g. %s",
		                     word, usage);
	if (len == 0 || len >= IFNAMSIZ || strchr(word, '/') != NULL || word[0] == '.')
		return hb_media_fail(err, "\"%.40s\" cannot be the name of an interface; write e.g. %s", word,
		                     usage);
	for (size_t i = 0; i < len; i++)
		if (!isgraph((unsigned char)word[i]))
			return hb_media_fail(err, "the interface's name has an odd character; write e.g. %s",
			                     usage);
	memcpy(ret_device, word, len + 1);
	return 0;
}

int
hb_words_number(const char *word, const char *what, unsigned int min, unsigned int max,
                const char *usage, unsigned int *ret_number, char err[HB_MEDIUM_ERR_MAX])
{
	const char *digits = word + (*word == '+');
	size_t len = strspn(digits, "0123456789");
	unsigned long number = strtoul(digits, NULL, 10);

	/* Nine digits cannot overflow. */
	if (len == 0 || len > 9 || digits[len] != '\0' || number < min || number > max)
		return hb_media_fail(err, "%s \"%.20s\" must be a number from %u to %u; write e.g. %s", what, word,
		                     min, max, usage);
	*ret_number = (unsigned int)number;
	return 0;
}

const char *
hb_words_scope(const char *word)
{
	const char *percent = strchr(word, '%');

	return percent != NULL ? percent + 1 : NULL;
}

/* Only the address itself: the port is not the name's affair. */
static void
copy_address(const hb_sock_address *from, hb_sock_address *address)
{
	if (address->any.sa_family == AF_INET6)
		address->v6.sin6_addr = from->v6.sin6_addr;
	else
		address->v4.sin_addr = from->v4.sin_addr;
}

/* 1 if @word, without a scope, is an address of @family; it is put into @ret_address. */
static int
is_address(const char *word, int family, hb_sock_address *ret_address)
{
	char text[INET6_ADDRSTRLEN];
	size_t len = strcspn(word, family == AF_INET6 ? "%" : "");

	if (len >= sizeof text)
		return 0;
	memcpy(text, word, len);
	text[len] = '\0';
	return inet_pton(family, text, family == AF_INET6 ? (void *)&ret_address->v6.sin6_addr
	                                                  : (void *)&ret_address->v4.sin_addr) == 1;
}

int
hb_words_host(const char *word, hb_sock_address *address, char err[HB_MEDIUM_ERR_MAX])
{
	int six = address->any.sa_family == AF_INET6;
	struct addrinfo want = { .ai_family = address->any.sa_family, .ai_socktype = SOCK_DGRAM };
	struct addrinfo *found = NULL;
	hb_sock_address numeric;
	int fault;

	/* Most lines have an address: no name service is loaded for it. */
	if (is_address(word, address->any.sa_family, &numeric)) {
		copy_address(&numeric, address);
		return 0;
	}
	if (is_address(word, six ? AF_INET : AF_INET6, &numeric))
		return hb_media_fail(err, "%.60s is an IPv%c address; this medium needs an IPv%c one", word,
		                     six ? '4' : '6', six ? '6' : '4');
	/* "0x7f000001" is a name, as for 3.0.6, and no host has it. */
	fault = strncasecmp(word, "0x", 2) == 0 ? EAI_NONAME : getaddrinfo(word, NULL, &want, &found);
	if (fault != 0)
		return hb_media_fail(err, "cannot resolve host \"%.80s\": %s; write its IPv%c address", word,
		                     gai_strerror(fault), six ? '6' : '4');
	copy_address((const hb_sock_address *)(const void *)found->ai_addr, address);
	freeaddrinfo(found);
	return 0;
}
