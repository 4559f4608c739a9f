/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ldir_tls_fixture.h - who servers of TLS are: one key, and a certificate of itself for NAME, also in files. */
#ifndef HB_LDIR_TLS_FIXTURE_H
#define HB_LDIR_TLS_FIXTURE_H

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#define NAME "www.example.com"
#define YEAR_S (365L * 24 * 3600)

static SSL_CTX *context;        /* of all servers here */
static char *ca_path, *key_path;

static inline void
make_identity(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);
	FILE *file;
	int fd;

	(void)X509_set_version(cert, 2);
	(void)ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	(void)X509_gmtime_adj(X509_getm_notBefore(cert), -24L * 3600);
	(void)X509_gmtime_adj(X509_getm_notAfter(cert), YEAR_S);
	(void)X509_set_pubkey(cert, key);
	(void)X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)NAME, -1, -1, 0);
	(void)X509_set_issuer_name(cert, name);
	g_assert_cmpint(X509_sign(cert, key, EVP_sha256()), >, 0);
	context = SSL_CTX_new(TLS_server_method());
	g_assert_cmpint(SSL_CTX_use_certificate(context, cert), ==, 1);
	g_assert_cmpint(SSL_CTX_use_PrivateKey(context, key), ==, 1);
	fd = g_file_open_tmp("ldir-tls-XXXXXX", &ca_path, NULL);
	file = fdopen(fd, "w");
	g_assert_cmpint(PEM_write_X509(file, cert), ==, 1);
	g_assert_cmpint(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL), ==, 1);
	(void)fclose(file);
	fd = g_file_open_tmp("ldir-tls-XXXXXX", &key_path, NULL);
	file = fdopen(fd, "w");
	g_assert_cmpint(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL), ==, 1);
	(void)fclose(file);
	X509_free(cert);
	EVP_PKEY_free(key);
}

static inline void
drop_identity(void)
{
	(void)unlink(ca_path);
	(void)unlink(key_path);
	g_free(key_path);
	g_free(ca_path);
	SSL_CTX_free(context);
}

#endif
