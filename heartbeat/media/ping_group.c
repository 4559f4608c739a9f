/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ping_group.c - one ping node, there when any of its hosts is: "ping_group routers 10.0.0.1 10.0.0.254". doc/wire-protocol.md 8.4 */
#include <string.h>
#include <sys/socket.h>

#include "heartbeat/hb_medium.h"
#include "media/icmp.h"
#include "media/words.h"

#include "util/banned.h"

#define USAGE "ping_group routers 10.0.0.1 10.0.0.254 (name and hosts)"

/* The words behind the first. */
static int
add_hosts(hb_medium *medium, const char *text, char err[HB_MEDIUM_ERR_MAX])
{
	char line[HB_WORDS_LINE_MAX + 1];
	char *rest;
	char *word;

	memcpy(line, text, strlen(text) + 1);
	(void)strtok_r(line, " \t", &rest);
	while ((word = strtok_r(NULL, " \t", &rest)) != NULL)
		if (hb_icmp_add_host(medium, word, err) < 0)
			return -1;
	return 0;
}

static hb_medium *
ping_group_parse(const char *text, const hb_medium_defaults *defaults, char err[HB_MEDIUM_ERR_MAX])
{
	hb_words words;
	hb_medium *medium;

	(void)defaults;
	if (hb_words_cut(text, 2, 1, USAGE, &words, err) < 0)
		return NULL;
	medium = hb_icmp_new(AF_INET, words.word[0], err);
	if (medium != NULL && add_hosts(medium, text, err) < 0) {
		hb_icmp_close(medium);
		return NULL;
	}
	return medium;
}

extern const hb_medium_ops hb_medium_plugin;
__attribute__((visibility("default"))) const hb_medium_ops hb_medium_plugin = {
	HB_ICMP_OPS,
	.name = "ping_group",
	.parse = ping_group_parse,
};
