/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "ldirectord/conf/check_key.h"
#include "util/banned.h"

static void
key_number(GString *key, gint64 number)
{
	g_string_append_printf(key, "%" G_GINT64_FORMAT ",", number);
}

/* No text can look like the end of it and the beginning of the next. */
static void
key_text(GString *key, const char *text)
{
	if (text == NULL) {
		g_string_append_c(key, '-');
		return;
	}
	key_number(key, (gint64)strlen(text));
	g_string_append(key, text);
}

static void
key_address(GString *key, const LdirReal *real)
{
	key_number(key, real->addr.family);
	g_string_append_len(key, (const char *)real->addr.bytes, sizeof real->addr.bytes);
}

/* Where there are no connections an echo is asked for instead. */
static void
key_connect(GString *key, const LdirConfig *config, const LdirVirtual *vs, const LdirReal *real)
{
	gboolean is_udp = ldir_virtual_protocol(vs) == LDIR_PROTOCOL_UDP;

	key_number(key, is_udp);
	key_number(key, is_udp ? ldir_virtual_checkcount(config, vs) : real->check_port);
}

static void
key_negotiate(GString *key, const LdirConfig *config, const LdirVirtual *vs, const LdirReal *real)
{
	const LdirSettings *own = &vs->own;

	key_number(key, ldir_virtual_service(vs));
	key_number(key, ldir_virtual_protocol(vs));
	key_number(key, real->check_port);
	key_number(key, own->httpmethod);
	key_text(key, own->httpstatus);
	key_text(key, own->httpbody);
	key_number(key, own->httpheaders->len);
	for (guint i = 0; i < own->httpheaders->len; i++)
		key_text(key, own->httpheaders->pdata[i]);
	key_number(key, own->httpredirect == 0);
	key_number(key, own->httpversion == LDIR_HTTP_2);
	key_number(key, ldir_virtual_verify(vs));
	key_number(key, own->starttls);
	key_text(key, ldir_virtual_sslca(config, vs));
	key_text(key, own->sslcert);
	key_text(key, own->sslkey);
	key_text(key, own->virtualhost);
	key_text(key, real->request != NULL ? real->request : own->request);
	key_text(key, real->receive != NULL ? real->receive : own->receive);
	key_text(key, own->receivenot);
	key_text(key, own->login);
	key_text(key, own->passwd);
	key_text(key, own->database);
	key_text(key, own->secret);
}

void
ldir_check_key(GString *key, const LdirConfig *config, const LdirVirtual *vs, const LdirReal *real, LdirCheck check)
{
	key_number(key, check);
	key_number(key, ldir_virtual_checktimeout_ms(config, vs));
	key_number(key, ldir_virtual_negotiatetimeout_ms(config, vs));
	key_address(key, real);
	switch (check) {
	case LDIR_CHECK_EXTERNAL:
	case LDIR_CHECK_EXTERNAL_PERL: {        /* the program is told which service it is for */
		g_autofree char *id = ldir_virtual_id(vs);

		key_text(key, vs->own.checkcommand);
		key_number(key, ldir_virtual_external_weight(config, vs));
		key_text(key, id);
		key_number(key, real->port);
		break;
	}
	case LDIR_CHECK_CONNECT:
		key_connect(key, config, vs, real);
		break;
	case LDIR_CHECK_PING:
		key_number(key, ldir_virtual_checkcount(config, vs));
		break;
	default:
		key_number(key, vs->own.connects);
		if (check == LDIR_CHECK_COMBINED)
			key_connect(key, config, vs, real);
		key_negotiate(key, config, vs, real);
	}
}
