/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/conf/config.h"
#include "util/banned.h"
#include "util/time.h"

#define CHECKTIMEOUT_S     5
#define NEGOTIATETIMEOUT_S 30
#define SYNC_ID_MAX        255

static const struct {
	const char *name;
	guint16 port;
} services[] = {
#define X(id, name, port, text) { name, port },
#include "ldirectord/conf/services.def"
#undef X
};

static const char *const checks[] = {
#define X(id, name, text) name,
#include "ldirectord/conf/checks.def"
#undef X
};

const char *
ldir_service_name(LdirService service)
{
	return services[service].name;
}

guint16
ldir_service_port(LdirService service)
{
	return services[service].port;
}

const char *
ldir_check_name(LdirCheck check)
{
	return checks[check];
}

const char *
ldir_protocol_name(LdirProtocol protocol)
{
	static const char *const names[] = { "tcp", "udp", "fwm" };

	return names[protocol];
}

const char *
ldir_forward_name(LdirForward forward)
{
	static const char *const names[] = { "gate", "masq", "ipip" };

	return names[forward];
}

const char *
ldir_method_name(LdirMethod method)
{
	static const char *const names[LDIR_N_METHODS] = { "GET", "HEAD", "POST", "PUT" };

	return names[method];
}

gboolean
ldir_method_has_body(LdirMethod method)
{
	return method == LDIR_METHOD_POST || method == LDIR_METHOD_PUT;
}

const char *
ldir_verify_name(LdirVerify verify)
{
	static const char *const names[] = { "chain", "none", "full" };

	return names[verify];
}

const char *
ldir_http_version_name(LdirHttpVersion version)
{
	static const char *const names[] = { "1.1", "2" };

	return names[version];
}

static void
fallback_free(gpointer data)
{
	LdirFallback *fallback = data;

	g_free(fallback->host);
	g_free(fallback->port_text);
	g_free(fallback);
}

static void
settings_init(LdirSettings *settings)
{
	gint64 *const unset[] = {
		&settings->checktimeout_ms, &settings->negotiatetimeout_ms, &settings->checkinterval_ms,
		&settings->fastinterval_ms, &settings->downinterval_ms, &settings->risecount, &settings->slowstart_ms,
		&settings->emailalertfreq_ms, &settings->persistent_ms, &settings->checkcount, &settings->failurecount,
		&settings->quorum, &settings->quorumhysteresis,
		&settings->checkport, &settings->autoreload, &settings->supervised, &settings->fork,
		&settings->quiescent, &settings->readdquiescent, &settings->cleanstop, &settings->strict,
		&settings->standby, &settings->externalweight,
		&settings->ops, &settings->emailalertstatus, &settings->checktype, &settings->connects,
		&settings->service, &settings->protocol, &settings->httpmethod, &settings->httpredirect, &settings->httpversion,
		&settings->sslverify,
		&settings->starttls, &settings->sslexpiry, &settings->fallbackcommandonstop, &settings->fallbackcheck,
	};

	for (guint i = 0; i < G_N_ELEMENTS(unset); i++)
		*unset[i] = LDIR_UNSET;
	settings->nexts = g_ptr_array_new_with_free_func(fallback_free);
	settings->nexts6 = g_ptr_array_new_with_free_func(fallback_free);
	settings->execute = g_ptr_array_new_with_free_func(g_free);
	settings->httpheaders = g_ptr_array_new_with_free_func(g_free);
	settings->checks = g_ptr_array_new_with_free_func(ldir_check_line_free);
}

static void
settings_done(LdirSettings *settings)
{
	char *const texts[] = {
		settings->callback, settings->fallbackcommand, settings->notify, settings->quorumup, settings->quorumdown,
		settings->logfile, settings->maintenancedir, settings->syncdaemon, settings->flapmax, settings->weightfile,
		settings->emailalert, settings->emailalertfrom, settings->smtp, settings->request,
		settings->receive, settings->receivenot, settings->checkcommand, settings->login, settings->passwd,
		settings->database, settings->secret, settings->load, settings->scheduler, settings->netmask,
		settings->httpbody, settings->httpstatus, settings->sslca, settings->sslcert, settings->sslkey, settings->schedflags,
		settings->virtualhost, settings->monitorfile, settings->servicename,
		settings->comment, settings->fallback.host, settings->fallback.port_text,
		settings->fallback6.host, settings->fallback6.port_text,
	};

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	g_ptr_array_unref(settings->nexts);
	g_ptr_array_unref(settings->nexts6);
	g_ptr_array_unref(settings->execute);
	g_ptr_array_unref(settings->httpheaders);
	g_ptr_array_unref(settings->checks);
}

LdirConfig *
ldir_config_new(void)
{
	LdirConfig *config = g_new0(LdirConfig, 1);

	settings_init(&config->global);
	config->virtuals = g_ptr_array_new_with_free_func(ldir_virtual_free);
	return config;
}

void
ldir_config_free(LdirConfig *config)
{
	if (config == NULL)
		return;
	settings_done(&config->global);
	g_ptr_array_unref(config->virtuals);
	g_free(config);
}

LdirVirtual *
ldir_virtual_new(void)
{
	LdirVirtual *vs = g_new0(LdirVirtual, 1);

	settings_init(&vs->own);
	vs->reals = g_ptr_array_new_with_free_func(ldir_real_free);
	vs->spares = g_ptr_array_new_with_free_func(ldir_real_free);
	vs->fallbacks = g_ptr_array_new();
	return vs;
}

void
ldir_virtual_free(gpointer virtual_service)
{
	LdirVirtual *vs = virtual_service;

	if (vs == NULL)
		return;
	settings_done(&vs->own);
	ldir_pattern_free(vs->pattern);
	ldir_pattern_free(vs->forbidden);
	g_ptr_array_unref(vs->reals);
	g_ptr_array_unref(vs->spares);
	g_ptr_array_unref(vs->fallbacks);
	g_free(vs->port_text);
	g_free(vs);
}

void
ldir_real_free(gpointer data)
{
	LdirReal *real = data;

	if (real == NULL)
		return;
	g_free(real->request);
	g_free(real->receive);
	ldir_pattern_free(real->pattern);
	g_clear_pointer(&real->more, g_ptr_array_unref);
	g_free(real);
}

void
ldir_check_line_free(gpointer data)
{
	LdirCheckLine *line = data;

	if (line == NULL)
		return;
	g_ptr_array_unref(line->words);
	ldir_virtual_free(line->as);
	g_free(line);
}

LdirProtocol
ldir_virtual_protocol(const LdirVirtual *vs)
{
	if (vs->is_mark)
		return LDIR_PROTOCOL_FWM;
	if (vs->own.protocol != LDIR_UNSET)
		return (LdirProtocol)vs->own.protocol;
	/* by the spelling: that is how 4.12 does it, so 053 is tcp */
	if (vs->port_text != NULL && (strcmp(vs->port_text, "53") == 0 || strcmp(vs->port_text, "domain") == 0))
		return LDIR_PROTOCOL_UDP;
	return LDIR_PROTOCOL_TCP;
}

LdirService
ldir_virtual_service(const LdirVirtual *vs)
{
	if (vs->own.service != LDIR_UNSET)
		return (LdirService)vs->own.service;
	if (!vs->is_mark && vs->port > 0)
		for (int i = 0; i < LDIR_N_SERVICES; i++)
			if (services[i].port == vs->port)
				return (LdirService)i;
	return LDIR_SERVICE_NONE;
}

LdirCheck
ldir_virtual_check(const LdirVirtual *vs)
{
	return vs->own.checktype != LDIR_UNSET ? (LdirCheck)vs->own.checktype : LDIR_CHECK_NEGOTIATE;
}

gboolean
ldir_virtual_external_weight(const LdirConfig *config, const LdirVirtual *vs)
{
	return (vs->own.externalweight != LDIR_UNSET ? vs->own.externalweight : config->global.externalweight) == 1;
}

LdirVerify
ldir_virtual_verify(const LdirVirtual *vs)
{
	if (vs->own.sslverify != LDIR_UNSET)
		return (LdirVerify)vs->own.sslverify;
	/* as in 4.12, service by service */
	return ldir_virtual_service(vs) == LDIR_SERVICE_LDAPS ? LDIR_VERIFY_NONE : LDIR_VERIFY_CHAIN;
}

gboolean
ldir_httpstatus_range(const char *text, guint *ret_first, guint *ret_last)
{
	gsize len = strspn(text, "0123456789");
	gboolean is_range = text[len] == '-';

	if (len != 3 || (is_range ? strlen(text) != 7 || strspn(text + 4, "0123456789") != 3 : text[3] != '\0'))
		return FALSE;
	*ret_first = (guint)strtoul(text, NULL, 10);
	*ret_last = is_range ? (guint)strtoul(text + 4, NULL, 10) : *ret_first;
	return *ret_first >= 100 && *ret_last <= 599 && *ret_first <= *ret_last;
}

gboolean
ldir_httpstatus_has(const char *list, guint code)
{
	g_auto(GStrv) ranges = list != NULL ? g_strsplit(list, ",", -1) : NULL;
	guint first, last;

	if (list == NULL)
		return code / 100 == 2;
	for (guint i = 0; ranges[i] != NULL; i++)
		if (ldir_httpstatus_range(ranges[i], &first, &last) && code >= first && code <= last)
			return TRUE;
	return FALSE;
}

const char *
ldir_virtual_sslca(const LdirConfig *config, const LdirVirtual *vs)
{
	return vs->own.sslca != NULL ? vs->own.sslca : config->global.sslca;
}

static gint64
first_set(const gint64 *values, guint n, gint64 otherwise)
{
	for (guint i = 0; i < n; i++)
		if (values[i] != LDIR_UNSET)
			return values[i];
	return otherwise;
}

/* One limit of time stands for the other where only that is written, the section's before the file's. */
static gint64
limit_ms(const LdirConfig *config, const LdirVirtual *vs, gsize own, gsize other, gint64 otherwise)
{
	const gint64 order[] = {
		G_STRUCT_MEMBER(gint64, &vs->own, own), G_STRUCT_MEMBER(gint64, &vs->own, other),
		G_STRUCT_MEMBER(gint64, &config->global, own), G_STRUCT_MEMBER(gint64, &config->global, other),
	};

	return first_set(order, G_N_ELEMENTS(order), otherwise);
}

gint64
ldir_virtual_checktimeout_ms(const LdirConfig *config, const LdirVirtual *vs)
{
	return limit_ms(config, vs, G_STRUCT_OFFSET(LdirSettings, checktimeout_ms), G_STRUCT_OFFSET(LdirSettings, negotiatetimeout_ms),
	                CHECKTIMEOUT_S * HB_MS_PER_S);
}

gint64
ldir_virtual_negotiatetimeout_ms(const LdirConfig *config, const LdirVirtual *vs)
{
	return limit_ms(config, vs, G_STRUCT_OFFSET(LdirSettings, negotiatetimeout_ms), G_STRUCT_OFFSET(LdirSettings, checktimeout_ms),
	                NEGOTIATETIMEOUT_S * HB_MS_PER_S);
}

gint64
ldir_virtual_checkcount(const LdirConfig *config, const LdirVirtual *vs)
{
	const gint64 order[] = { vs->own.checkcount, config->global.checkcount };

	return first_set(order, G_N_ELEMENTS(order), 1);
}

const char *
ldir_virtual_scheduler(const LdirVirtual *vs)
{
	return vs->own.scheduler != NULL ? vs->own.scheduler : "wrr";
}

char *
ldir_virtual_id(const LdirVirtual *vs)
{
	g_autofree char *addr = NULL;

	if (vs->is_mark)
		return g_strdup_printf("%s:%u", vs->family == AF_INET6 ? "fwm6" : "fwm", vs->mark);
	addr = ldir_address_text(&vs->addr);
	return g_strdup_printf("%s:%s:%u", ldir_protocol_name(ldir_virtual_protocol(vs)), addr, vs->port);
}

gboolean
ldir_sync_words(const char *text, char ret_interface[LDIR_INTERFACE_MAX], guint32 *ret_id)
{
	gsize len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:@-");
	guint64 id = 0;

	if (len == 0 || len >= LDIR_INTERFACE_MAX || (text[len] != ',' && text[len] != '\0'))
		return FALSE;
	if (text[len] == ',' && !g_ascii_string_to_unsigned(text + len + 1, 10, 0, SYNC_ID_MAX, &id, NULL))
		return FALSE;
	memcpy(ret_interface, text, len);
	ret_interface[len] = '\0';
	*ret_id = (guint32)id;
	return TRUE;
}

gboolean
ldir_flapmax_words(const char *text, guint *ret_times, guint *ret_seconds)
{
	g_auto(GStrv) parts = g_strsplit(text, "/", 2);
	guint64 times = 0, seconds = 0;

	if (strcmp(text, "0") != 0 &&
	    (g_strv_length(parts) != 2 || !g_ascii_string_to_unsigned(parts[0], 10, 1, LDIR_FLAPMAX_MAX, &times, NULL) ||
	     !g_ascii_string_to_unsigned(parts[1], 10, 1, G_MAXINT32, &seconds, NULL)))
		return FALSE;
	*ret_times = (guint)times;
	*ret_seconds = (guint)seconds;
	return TRUE;
}

const LdirReal *
ldir_virtual_server(const LdirVirtual *vs, guint n)
{
	return n < vs->reals->len ? vs->reals->pdata[n] : vs->spares->pdata[n - vs->reals->len];
}
