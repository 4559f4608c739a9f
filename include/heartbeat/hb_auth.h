/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hb_auth.h - interface of an authentication plugin: one method of authkeys.
 *
 * NAME.so in the directory HBauth with the one exported symbol hb_auth_plugin. Verification, key
 * rotation and constant-time comparison are the host's.
 */
#ifndef HB_AUTH_H
#define HB_AUTH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HB_AUTH_ABI 1
#define HB_AUTH_HEX_MAX 128

typedef struct {
	uint32_t abi;           /* HB_AUTH_ABI */
	const char *name;       /* as in authkeys */
	int needs_key;          /* 1: a key is required, 0: a key is an error */
	/* The lower-case hex digest, NUL-terminated, at most HB_AUTH_HEX_MAX characters. */
	void (*digest)(const void *key, size_t key_len, const void *data, size_t len,
	               char hex[HB_AUTH_HEX_MAX + 1]);
} hb_auth_ops;

/* the one exported symbol: extern const hb_auth_ops hb_auth_plugin; */

#ifdef __cplusplus
}
#endif
#endif
