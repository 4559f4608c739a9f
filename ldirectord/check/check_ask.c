/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which conversation a service means, and what is asked in it. */
#include "ldirectord/check/check_talk.h"
#include "util/banned.h"

static const LdirTalkService services[] = {
	/* service                kind                   TLS    UDP    TCP too */
	{ LDIR_SERVICE_HTTP,       &ldir_talk_http,       FALSE, FALSE, TRUE },
	{ LDIR_SERVICE_HTTPS,      &ldir_talk_http,       TRUE,  FALSE, TRUE },
	{ LDIR_SERVICE_HTTP_PROXY, &ldir_talk_http_proxy, FALSE, FALSE, TRUE },
	{ LDIR_SERVICE_FTP,        &ldir_talk_ftp,        FALSE, FALSE, TRUE },
	{ LDIR_SERVICE_SMTP,       &ldir_talk_smtp,       FALSE, FALSE, TRUE },
	{ LDIR_SERVICE_SUBMISSION, &ldir_talk_smtp,       FALSE, FALSE, TRUE },
	{ LDIR_SERVICE_POP,        &ldir_talk_pop,        FALSE, FALSE, TRUE },
	{ LDIR_SERVICE_POPS,       &ldir_talk_pop,        TRUE,  FALSE, TRUE },
	{ LDIR_SERVICE_IMAP,       &ldir_talk_imap,       FALSE, FALSE, TRUE },
	{ LDIR_SERVICE_IMAPS,      &ldir_talk_imap,       TRUE,  FALSE, TRUE },
	{ LDIR_SERVICE_NNTP,       &ldir_talk_nntp,       FALSE, FALSE, TRUE },
	{ LDIR_SERVICE_LDAP,       &ldir_talk_ldap,       FALSE, FALSE, TRUE },
	{ LDIR_SERVICE_LDAPS,      &ldir_talk_ldap,       TRUE,  FALSE, TRUE },
	{ LDIR_SERVICE_SIMPLETCP,  &ldir_talk_simpletcp,  FALSE, FALSE, TRUE },
	{ LDIR_SERVICE_AGENT,      &ldir_talk_agent,      FALSE, FALSE, TRUE },
	{ LDIR_SERVICE_DNS,        &ldir_talk_dns,        FALSE, TRUE,  TRUE },
	{ LDIR_SERVICE_SIP,        &ldir_talk_sip,        FALSE, TRUE,  TRUE },
	{ LDIR_SERVICE_RADIUS,     &ldir_talk_radius,     FALSE, TRUE,  FALSE },
};

const LdirTalkService *
ldir_talk_service(const LdirVirtual *vs)
{
	static const LdirTalkService none = { LDIR_SERVICE_NONE, NULL, FALSE, FALSE, FALSE };
	LdirService service = ldir_virtual_service(vs);

	for (guint i = 0; i < G_N_ELEMENTS(services); i++)
		if (services[i].service == service)
			return &services[i];
	return &none;
}

const LdirTalkKind *
ldir_talk_kind(const LdirVirtual *vs)
{
	const LdirTalkKind *kind = ldir_talk_service(vs)->kind;

	return kind == &ldir_talk_http && vs->own.httpversion == LDIR_HTTP_2 ? &ldir_talk_http2 : kind;
}

void
ldir_ask_fill(LdirAsk *out, const LdirTask *task, const char *server)
{
	const LdirSettings *own = &task->vs->own;
	const char *receive = task->real->receive != NULL ? task->real->receive : own->receive;

	*out = (LdirAsk){
		.server = server,
		.virtualhost = own->virtualhost,
		.request = task->real->request != NULL ? task->real->request : own->request,
		.login = own->login,
		.passwd = own->passwd,
		.database = own->database,
		.secret = own->secret,
		.httpstatus = own->httpstatus,
		.forbidden = task->vs->forbidden,
		.headers = own->httpheaders,
		.body = own->httpbody,
		.method = own->httpmethod != LDIR_UNSET ? (LdirMethod)own->httpmethod : LDIR_METHOD_GET,
		.takes_redirect = own->httpredirect == 0,
		.is_tls = ldir_talk_service(task->vs)->is_tls,
		.is_stream = task->ops == &ldir_check_talk,
		.is_starttls = own->starttls == 1,
	};
	if (receive != NULL && receive[0] != '\0')
		out->pattern = task->real->receive != NULL ? task->real->pattern : task->vs->pattern;
	for (guint i = 0; i < G_N_ELEMENTS(out->random); i++)
		out->random[i] = g_random_int();
}

LdirTlsSession *
ldir_ask_session(const LdirAsk *ask, const LdirTask *task, const LdirTalkKind *kind)
{
	const LdirSettings *own = &task->vs->own;
	const char *authorities = ldir_virtual_sslca(task->config, task->vs);
	LdirVerify verify = ldir_virtual_verify(task->vs);
	LdirTls *tls = ldir_checker_tls(task->checker);
	LdirTlsSession *session = ldir_tls_session_new(tls, verify, ask->virtualhost != NULL ? ask->virtualhost : ask->server);

	if (authorities != NULL && verify != LDIR_VERIFY_NONE)
		ldir_tls_session_trust(tls, session, authorities);
	if (own->sslcert != NULL)
		ldir_tls_session_identify(session, own->sslcert, own->sslkey);
	if (kind == &ldir_talk_http2)
		ldir_tls_session_want_http2(session);
	return session;
}
