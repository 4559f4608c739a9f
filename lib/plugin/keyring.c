/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* keyring.c - the keys of authkeys with the functions of their plugins. */
#include <string.h>

#include "conf/config.h"
#include "plugin/plugin.h"

#include "util/banned.h"

/* So that a plugin's function is an HbDigestFunc as it is. */
G_STATIC_ASSERT(HB_AUTH_HEX_MAX == HB_DIGEST_HEX_MAX);
G_STATIC_ASSERT(sizeof(gsize) == sizeof(size_t));

static gboolean
fill(const HbKeyConf *conf, guint index, HbKey *key, GError **error)
{
	const hb_auth_ops *ops = hb_plugin_auth(conf->method, error);

	if (ops == NULL)
		return FALSE;
	if ((ops->needs_key != 0) != (conf->key != NULL)) {
		g_set_error(error, HB_PLUGIN_ERROR, HB_PLUGIN_ERROR_KEY, "authkeys: method %s of key %u %s",
		            conf->method, index, conf->key != NULL ? "takes no key" : "needs a key");
		return FALSE;
	}
	key->digest = ops->digest;
	key->key = g_strdup(conf->key);
	key->key_len = conf->key != NULL ? strlen(conf->key) : 0;
	return TRUE;
}

gboolean
hb_plugin_keyring(const struct HbConfig *config, HbKeyring *ret_keys, GError **error)
{
	HbKeyring keys = { .sign = config->sign_key };

	for (guint i = 0; i < HB_AUTH_KEYS_MAX; i++) {
		if (config->keys[i].set && !fill(&config->keys[i], i, &keys.key[i], error)) {
			hb_keyring_wipe(&keys);
			return FALSE;
		}
	}
	*ret_keys = keys;
	return TRUE;
}

void
hb_keyring_wipe(HbKeyring *keys)
{
	for (guint i = 0; i < HB_AUTH_KEYS_MAX; i++) {
		HbKey *key = &keys->key[i];

		if (key->key != NULL)
			explicit_bzero(key->key, key->key_len);
		g_free(key->key);
	}
	explicit_bzero(keys, sizeof *keys);
}
