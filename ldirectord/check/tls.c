/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "ldirectord/check/stream.h"
#include "ldirectord/check/talk.h"
#include "ldirectord/check/tls.h"
#include "util/banned.h"

struct LdirTls {
	SSL_CTX *context;
	GHashTable *authorities;        /* file -> Authorities */
};

/* What was read from a file, and which one that was. */
typedef struct {
	X509_STORE *store;
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec mtime;
} Authorities;

struct LdirTlsSession {
	SSL *ssl;
	gsize n_read;           /* octets of the socket */
	gboolean wants_http2;
	char *trouble;          /* with what we are to show; NULL: none */
};

#define READ_MAX  (4 * LDIR_ANSWER_MAX) /* of one connection, whatever is in them */
#define NO_HTTP2  "the server does not choose HTTP/2 (h2) by ALPN"
#define DEPTH_MAX 10                    /* certificates above that of the server */

static void
authorities_free(gpointer data)
{
	Authorities *authorities = data;

	X509_STORE_free(authorities->store);
	g_free(authorities);
}

/* The groups of Diffie and Hellman's are what a server says they are: numbers of 10,000 bits, and a second of our time for each
 * connection. All others are curves, and what they cost is known. */
static void
take_curves_only(SSL_CTX *context)
{
	const STACK_OF(SSL_CIPHER) *ciphers = SSL_CTX_get_ciphers(context);
	g_autoptr(GString) names = g_string_new(NULL);

	for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); i++) {
		const SSL_CIPHER *cipher = sk_SSL_CIPHER_value(ciphers, i);
		int exchange = SSL_CIPHER_get_kx_nid(cipher);

		if (exchange != NID_kx_dhe && exchange != NID_kx_dhe_psk && exchange != NID_kx_any)     /* the last: of TLS 1.3, set apart */
			g_string_append_printf(names, "%s:", SSL_CIPHER_get_name(cipher));
	}
	(void)SSL_CTX_set_cipher_list(context, names->str);
	(void)SSL_CTX_set1_groups_list(context, "X25519:P-256:X448:P-521:P-384");
}

LdirTls *
ldir_tls_new(void)
{
	LdirTls *tls = g_new0(LdirTls, 1);

	tls->authorities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, authorities_free);
	tls->context = SSL_CTX_new(TLS_client_method());
	g_assert(tls->context != NULL);
	(void)SSL_CTX_set_default_verify_paths(tls->context);
	/* many servers end without saying so; where it matters the protocol above has lengths */
	SSL_CTX_set_options(tls->context, SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_mode(tls->context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_verify_depth(tls->context, DEPTH_MAX);
	take_curves_only(tls->context);
	SSL_CTX_set_session_cache_mode(tls->context, SSL_SESS_CACHE_OFF);
	return tls;
}

void
ldir_tls_free(LdirTls *tls)
{
	if (tls == NULL)
		return;
	SSL_CTX_free(tls->context);
	g_hash_table_unref(tls->authorities);
	g_free(tls);
}

static gboolean
is_address(const char *name)
{
	LdirAddress addr;

	return name[0] == '[' || ldir_address_parse(name, AF_INET, &addr) || ldir_address_parse(name, AF_INET6, &addr);
}

LdirTlsSession *
ldir_tls_session_new(LdirTls *tls, LdirVerify verify, const char *name)
{
	LdirTlsSession *session = g_new0(LdirTlsSession, 1);
	g_autofree char *host = name != NULL ? g_strdup(name) : NULL;

	session->ssl = SSL_new(tls->context);
	g_assert(session->ssl != NULL);
	SSL_set_verify(session->ssl, verify == LDIR_VERIFY_NONE ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
	if (host != NULL && !is_address(host)) {
		host[strcspn(host, ":")] = '\0';
		(void)SSL_set_tlsext_host_name(session->ssl, host);
	}
	if (verify == LDIR_VERIFY_FULL && host != NULL) {
		X509_VERIFY_PARAM *param = SSL_get0_param(session->ssl);
		g_autofree char *bare = g_strndup(host + (host[0] == '['), strcspn(host + (host[0] == '['), "]"));

		if (is_address(host))
			(void)X509_VERIFY_PARAM_set1_ip_asc(param, bare);
		else
			(void)X509_VERIFY_PARAM_set1_host(param, bare, 0);
	}
	return session;
}

void
ldir_tls_session_free(LdirTlsSession *session)
{
	if (session == NULL)
		return;
	SSL_free(session->ssl);
	g_free(session->trouble);
	g_free(session);
}

/* "No such file or directory": the last part of what the library says is for people. */
static char *
library_text(void)
{
	char text[160];

	ERR_error_string_n(ERR_peek_last_error(), text, sizeof text);
	return g_strdup(strrchr(text, ':') != NULL ? strrchr(text, ':') + 1 : text);
}

static void
cannot_use(LdirTlsSession *session, const char *file, const char *why)
{
	g_free(session->trouble);
	session->trouble = g_strdup_printf("TLS: cannot use %s: %s", file, why);
}

void
ldir_tls_session_identify(LdirTlsSession *session, const char *certificate, const char *key)
{
	const char *file = certificate;
	gboolean is_fine;
	g_autofree char *text = NULL;

	ERR_clear_error();
	is_fine = SSL_use_certificate_chain_file(session->ssl, certificate) == 1;
	if (is_fine) {
		file = key != NULL ? key : certificate;
		is_fine = SSL_use_PrivateKey_file(session->ssl, file, SSL_FILETYPE_PEM) == 1;
	}
	if (is_fine)
		return;
	text = library_text();
	cannot_use(session, file, text);
	ERR_clear_error();
}

static gboolean
is_same_file(const Authorities *authorities, const struct stat *there)
{
	return authorities->device == there->st_dev && authorities->inode == there->st_ino && authorities->size == there->st_size &&
	       memcmp(&authorities->mtime, &there->st_mtim, sizeof there->st_mtim) == 0;
}

/* NULL: what is wrong with it is in @session. */
static Authorities *
read_authorities(LdirTls *tls, LdirTlsSession *session, const char *file)
{
	Authorities *authorities = g_hash_table_lookup(tls->authorities, file);
	g_autofree char *text = NULL;
	struct stat there;

	if (stat(file, &there) < 0 || !S_ISREG(there.st_mode)) {
		cannot_use(session, file, errno != 0 ? g_strerror(errno) : "no file");
		return NULL;
	}
	if (authorities != NULL && is_same_file(authorities, &there))
		return authorities;
	ERR_clear_error();
	authorities = g_new(Authorities, 1);
	*authorities = (Authorities){ X509_STORE_new(), there.st_dev, there.st_ino, there.st_size, there.st_mtim };
	if (authorities->store != NULL && X509_STORE_load_file(authorities->store, file) == 1) {
		g_hash_table_replace(tls->authorities, g_strdup(file), authorities);
		return authorities;
	}
	text = library_text();
	cannot_use(session, file, text);
	ERR_clear_error();
	authorities_free(authorities);
	return NULL;
}

void
ldir_tls_session_trust(LdirTls *tls, LdirTlsSession *session, const char *file)
{
	Authorities *authorities;

	errno = 0;
	authorities = read_authorities(tls, session, file);
	if (authorities != NULL && SSL_set1_verify_cert_store(session->ssl, authorities->store) != 1)
		cannot_use(session, file, "no memory");
}

void
ldir_tls_session_want_http2(LdirTlsSession *session)
{
	static const unsigned char protocols[] = "\2h2";

	session->wants_http2 = TRUE;
	if (SSL_set_alpn_protos(session->ssl, protocols, sizeof protocols - 1) != 0)
		g_error("no memory for TLS");
}

static gboolean
has_http2(const LdirTlsSession *session)
{
	const unsigned char *chosen;
	unsigned int len;

	SSL_get0_alpn_selected(session->ssl, &chosen, &len);
	return len == 2 && memcmp(chosen, "h2", 2) == 0;
}

gboolean
ldir_tls_session_days_left(const LdirTlsSession *session, gint64 *ret_days)
{
	const X509 *certificate = SSL_get0_peer_certificate(session->ssl);
	int days, seconds;

	if (certificate == NULL || ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(certificate)) != 1)
		return FALSE;
	*ret_days = seconds < 0 ? (gint64)days - 1 : days;
	return TRUE;
}

/* Records without data (tickets, say) never come up to who counts the answer, and the library reads on
 * as long as there are any. */
static long
count_octets(BIO *bio, int what, const char *data, size_t len, int argi, long argl, int result, size_t *processed)
{
	LdirTlsSession *session = (LdirTlsSession *)(void *)BIO_get_callback_arg(bio);

	(void)data, (void)len, (void)argi, (void)argl;
	if (what == BIO_CB_READ && session->n_read > READ_MAX)
		return -1;
	if (what == (BIO_CB_READ | BIO_CB_RETURN) && result > 0 && processed != NULL)
		session->n_read += *processed;
	return result;
}

void
ldir_tls_session_attach(LdirTlsSession *session, int fd)
{
	if (SSL_set_fd(session->ssl, fd) != 1)
		g_error("no memory for TLS");
	BIO_set_callback_ex(SSL_get_rbio(session->ssl), count_octets);
	BIO_set_callback_arg(SSL_get_rbio(session->ssl), (char *)session);
}

/* What @result of an operation means. */
static int
meaning(LdirTlsSession *session, int result, char **why)
{
	int error = SSL_get_error(session->ssl, result);
	int errno_then = errno;
	long verified = SSL_get_verify_result(session->ssl);
	char text[160];

	if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
		return LDIR_STREAM_AGAIN;
	if (error == SSL_ERROR_ZERO_RETURN)
		return 0;
	g_free(*why);
	if (SSL_get_verify_mode(session->ssl) != SSL_VERIFY_NONE && verified != X509_V_OK) {
		*why = g_strdup_printf("certificate verify failed: %s", X509_verify_cert_error_string(verified));
	} else if (session->wants_http2 && ERR_GET_REASON(ERR_peek_error()) == SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL) {
		*why = g_strdup(NO_HTTP2);
	} else if (error == SSL_ERROR_SSL && ERR_peek_error() != 0) {
		ERR_error_string_n(ERR_peek_error(), text, sizeof text);
		/* "error:0A00010B:SSL routines::wrong version number": the last part is for people */
		*why = g_strdup_printf("TLS: %s", strrchr(text, ':') != NULL ? strrchr(text, ':') + 1 : text);
	} else if (session->n_read > READ_MAX) {
		*why = g_strdup("TLS: the answer is too long");
	} else {
		*why = g_strdup_printf("TLS: %s", errno_then != 0 ? g_strerror(errno_then) : "the server has ended the connection");
	}
	return LDIR_STREAM_FAILED;
}

int
ldir_tls_session_handshake(LdirTlsSession *session, char **why)
{
	int result;

	if (session->trouble != NULL) {
		g_free(*why);
		*why = g_strdup(session->trouble);
		return LDIR_STREAM_FAILED;
	}
	ERR_clear_error();
	errno = 0;
	result = SSL_connect(session->ssl);
	if (result == 1 && session->wants_http2 && !has_http2(session)) {
		g_free(*why);
		*why = g_strdup(NO_HTTP2);
		return LDIR_STREAM_FAILED;
	}
	if (result == 1)
		return 1;
	result = meaning(session, result, why);
	if (result != 0)
		return result;
	g_free(*why);
	*why = g_strdup("TLS: the server has ended the connection");
	return LDIR_STREAM_FAILED;
}

gssize
ldir_tls_session_read(LdirTlsSession *session, void *data, gsize len, char **why)
{
	int result;

	ERR_clear_error();
	errno = 0;
	result = SSL_read(session->ssl, data, (int)MIN(len, G_MAXINT));
	return result > 0 ? result : meaning(session, result, why);
}

gssize
ldir_tls_session_write(LdirTlsSession *session, const void *data, gsize len, char **why)
{
	int result;

	ERR_clear_error();
	errno = 0;
	result = SSL_write(session->ssl, data, (int)MIN(len, G_MAXINT));
	return result > 0 ? result : meaning(session, result, why);
}
