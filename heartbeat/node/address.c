/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "node/address.h"
#include "resource.d/ip/args.h"
#include "resource.d/ocf/args.h"

#include "util/banned.h"

static const struct {
	const char *agent;
	const char *parameter;  /* that holds the address */
} agents[] = {
	{ "IPaddr", "ip" },
	{ "IPaddr2", "ip" },
	{ "IPv6addr", "ipv6addr" },
};

/* With one of these the address is in another network namespace, or is another one. */
static const char *const elsewhere[] = { "network_namespace", "unique_clone_address" };

/* @name ADDRESS... as "status" of the script of that name reads it. */
static gboolean
read_words(const char *name, char *const *words, guint n_words, HbIpAddr *ret_addr, char ret_nic[IFNAMSIZ])
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	HbIpFail fail = { 0 };
	HbIpArgs args;

	g_ptr_array_add(argv, (gpointer)name);
	for (guint i = 0; i < n_words; i++)
		g_ptr_array_add(argv, words[i]);
	g_ptr_array_add(argv, (gpointer)"status");
	if (!hb_ip_args_parse((int)argv->len, (char *const *)argv->pdata, &args, &fail) || args.announce_only)
		return FALSE;
	*ret_addr = args.addr;
	g_strlcpy(ret_nic, args.nic, IFNAMSIZ);
	return TRUE;
}

static const char *
value_of(const HbOcfArgs *args, const char *name)
{
	for (gsize i = 0; args->names[i] != NULL; i++)
		if (strcmp(args->names[i], name) == 0)
			return args->values[i];
	return NULL;
}

static const char *
address_parameter(const HbOcfArgs *args)
{
	if (strcmp(args->provider, "heartbeat") != 0)
		return NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(elsewhere); i++)
		if (value_of(args, elsewhere[i]) != NULL)
			return NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(agents); i++)
		if (strcmp(args->agent, agents[i].agent) == 0)
			return value_of(args, agents[i].parameter);
	return NULL;
}

static gboolean
read_agent(const HbResourceConf *resource, HbIpAddr *ret_addr, char ret_nic[IFNAMSIZ])
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_autofree char *fault = NULL;
	g_autofree char *word = NULL;
	HbOcfArgs args = { 0 };
	const char *address;
	const char *nic;
	gboolean ok;

	g_ptr_array_add(argv, (gpointer)"hb-ocf");
	g_ptr_array_add(argv, resource->name);
	for (guint i = 0; i < resource->n_args; i++)
		g_ptr_array_add(argv, resource->args[i]);
	g_ptr_array_add(argv, (gpointer)"status");
	if (!hb_ocf_args_parse((int)argv->len, (char *const *)argv->pdata, &args, &fault))
		return FALSE;
	address = address_parameter(&args);
	nic = value_of(&args, "nic");
	if (address != NULL)
		word = g_strdup_printf("%s//%s", address, nic != NULL ? nic : "");
	ok = address != NULL && strchr(address, '/') == NULL && read_words(args.agent, &word, 1, ret_addr, ret_nic);
	hb_ocf_args_clear(&args);
	return ok;
}

gboolean
hb_address_of(const HbResourceConf *resource, HbIpAddr *ret_addr, char ret_nic[IFNAMSIZ])
{
	if (g_str_has_prefix(resource->name, "ocf:"))
		return read_agent(resource, ret_addr, ret_nic);
	return strcmp(hb_ip_args_name(resource->name), resource->name) == 0 &&
	       read_words(resource->name, resource->args, resource->n_args, ret_addr, ret_nic);
}
