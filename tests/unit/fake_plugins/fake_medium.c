/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_medium.c - a medium that does nothing, and its broken relatives: FAKE_NAME, FAKE_ABI and FAKE_READ
 * are given by the makefile.
 */
#include "heartbeat/hb_medium.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct hb_medium {
	char words[64];
};

static hb_medium *
fake_parse(const char *words, const hb_medium_defaults *defaults, char err[HB_MEDIUM_ERR_MAX])
{
	hb_medium *medium;

	if (strcmp(words, "bad") == 0) {
		(void)snprintf(err, HB_MEDIUM_ERR_MAX, "bad; write good (port %u, baud %u)",
		               defaults->udpport, (unsigned int)defaults->baud);
		return NULL;
	}
	if (strcmp(words, "mute") == 0)
		return NULL;
	if (strcmp(words, "crash") == 0)
		abort();
	if (strcmp(words, "whoami") == 0) {
		(void)snprintf(err, HB_MEDIUM_ERR_MAX, "%s", geteuid() == 0 ? "root" : "nobody of rights");
		return NULL;
	}
	medium = calloc(1, sizeof *medium);
	if (medium != NULL)
		(void)snprintf(medium->words, sizeof medium->words, "%s", words);
	return medium;
}

static const char *
fake_name(const hb_medium *medium)
{
	return medium->words;
}

static void
fake_wants(const hb_medium *medium, hb_medium_want *want)
{
	(void)medium, (void)want;
}

static int
fake_open(hb_medium *medium, int fd, char err[HB_MEDIUM_ERR_MAX])
{
	(void)medium, (void)fd, (void)err;
	return 0;
}

static int
fake_poll_fd(const hb_medium *medium)
{
	(void)medium;
	return -1;
}

static ssize_t
fake_read(hb_medium *medium, void *buf, size_t buf_len)
{
	(void)medium, (void)buf, (void)buf_len;
	return -1;
}

static int
fake_write(hb_medium *medium, const void *buf, size_t len)
{
	(void)medium, (void)buf, (void)len;
	return 0;
}

static void
fake_shut(hb_medium *medium)
{
	(void)medium;
}

static void
fake_close(hb_medium *medium)
{
	free(medium);
}

extern const hb_medium_ops hb_medium_plugin;
__attribute__((visibility("default"))) const hb_medium_ops hb_medium_plugin = {
	.abi = FAKE_ABI,
	.name = FAKE_NAME,
	.word_each = 1,
	.parse = fake_parse,
	.link_name = fake_name,
	.far_name = fake_name,
	.wants = fake_wants,
	.open = fake_open,
	.poll_fd = fake_poll_fd,
	.read = FAKE_HAS_READ ? fake_read : NULL,
	.write = fake_write,
	.shut = fake_shut,
	.close = fake_close,
};
