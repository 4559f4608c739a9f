/* SPDX-License-Identifier: GPL-2.0-or-later */
/* args.c - see args.h */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>

#include "resource.d/ip/args.h"
#include "util/banned.h"

#define ARG_MAX_LEN 127         /* the longest legal form is well under 100 */

typedef enum { ANY_FAMILY, ONLY_IPV6 } Families;

static const struct {
	const char *name;
	Families families;
	bool announce_only;
	bool switches_on;
} names[] = {
	{ "hb-ip",    ANY_FAMILY, false, false },       /* also for every name that is not here */
	{ "IPaddr",   ANY_FAMILY, false, false },
	{ "IPaddr2",  ANY_FAMILY, false, true  },
	{ "IPv6addr", ONLY_IPV6,  false, false },
	{ "SendArp",  ANY_FAMILY, true,  false },
};

static const struct {
	const char *word;
	HbIpVerb verb;
} verbs[] = {
	{ "start",   HB_IP_VERB_START  },
	{ "stop",    HB_IP_VERB_STOP   },
	{ "status",  HB_IP_VERB_STATUS },
	{ "monitor", HB_IP_VERB_STATUS },
	{ "usage",   HB_IP_VERB_USAGE  },
	{ "help",    HB_IP_VERB_USAGE  },
};

#define N_ELEMENTS(array) (sizeof (array) / sizeof (array)[0])

static size_t
find_name(const char *argv0)
{
	const char *slash = argv0 != NULL ? strrchr(argv0, '/') : NULL;
	const char *base = slash != NULL ? slash + 1 : argv0;

	for (size_t i = 1; base != NULL && i < N_ELEMENTS(names); i++) {
		if (strcmp(names[i].name, base) == 0)
			return i;
	}
	return 0;
}

static bool
wrong_call(HbIpFail *fail)
{
	fail->usage = true;
	return false;
}

static bool
parse_verb(const char *word, HbIpVerb *ret_verb, HbIpFail *fail)
{
	for (size_t i = 0; i < N_ELEMENTS(verbs); i++) {
		if (strcmp(verbs[i].word, word) == 0) {
			*ret_verb = verbs[i].verb;
			return true;
		}
	}
	hb_ip_fail(fail, HB_IP_EXIT_GENERIC, "Unknown operation: %s", word);
	return wrong_call(fail);
}

/* A name that the kernel could have given to an interface. */
static bool
is_nic(const char *text)
{
	if (*text == '\0' || strlen(text) >= IFNAMSIZ)
		return false;
	if (strcmp(text, ".") == 0 || strcmp(text, "..") == 0)
		return false;
	for (; *text != '\0'; text++) {
		if (!isgraph((unsigned char)*text) || *text == '/' || *text == ':')
			return false;
	}
	return true;
}

static bool
parse_nic(const char *text, HbIpArgs *args, HbIpFail *fail)
{
	size_t nic_len = strcspn(text, ":");
	bool ok = strlen(text) < IFNAMSIZ;

	if (ok) {
		(void)snprintf(args->nic, sizeof args->nic, "%.*s", (int)nic_len, text);
		ok = is_nic(args->nic);
	}
	if (ok && text[nic_len] == ':') {
		(void)snprintf(args->label, sizeof args->label, "%s", text);
		ok = is_nic(text + nic_len + 1);
	}
	if (!ok)
		return hb_ip_fail(fail, HB_IP_EXIT_CONFIGURED,
		                  "'%s' cannot be an interface: write its name as 'ip link' shows it "
		                  "(eth0), or with a label (eth0:1), at most 15 characters", text);
	return true;
}

/* 255.255.255.0 -> 24; -1 when it is no mask (bits after a hole). */
static int
dotted_mask_len(const char *text)
{
	struct in_addr in;
	uint32_t mask;

	if (inet_pton(AF_INET, text, &in) != 1)
		return -1;
	mask = ntohl(in.s_addr);
	if ((~mask & (~mask + 1)) != 0)
		return -1;
	return __builtin_popcount(mask);
}

static int
plain_len(const char *text)
{
	int len = 0;

	if (strlen(text) > 3)
		return -1;
	for (; *text != '\0'; text++) {
		if (!isdigit((unsigned char)*text))
			return -1;
		len = 10 * len + (*text - '0');
	}
	return len;
}

static bool
parse_mask(const char *text, HbIpArgs *args, HbIpFail *fail)
{
	bool v4 = args->addr.family == AF_INET;
	int len = v4 && strchr(text, '.') != NULL ? dotted_mask_len(text) : plain_len(text);

	if (len < 1 || len > hb_ip_addr_bits(args->addr.family))
		return hb_ip_fail(fail, HB_IP_EXIT_CONFIGURED, "'%s' cannot be a netmask: write %s",
		                  text, v4 ? "a number from 1 to 32, or one like 255.255.255.0"
		                           : "a number from 1 to 128");
	args->prefix_len = len;
	return true;
}

static bool
parse_broadcast(const char *text, HbIpArgs *args, HbIpFail *fail)
{
	HbIpAddr addr = { .family = AF_INET };

	if (args->addr.family != AF_INET)
		return hb_ip_fail(fail, HB_IP_EXIT_CONFIGURED,
		                  "IPv6 has no broadcast address: write ADDRESS/PREFIX/INTERFACE "
		                  "without '%s'", text);
	if (inet_pton(AF_INET, text, addr.bytes) != 1)
		return hb_ip_fail(fail, HB_IP_EXIT_CONFIGURED,
		                  "'%s' cannot be a broadcast address: write one like 192.168.1.255, "
		                  "or nothing", text);
	args->broadcast = addr;
	args->has_broadcast = true;
	return true;
}

/*
 * Third and fourth part. heartbeat 3 tells them apart by the first character of the third,
 * and forgets an interface that stands behind a broadcast address; so do we, because a file
 * that works must go on meaning the same.
 */
static bool
parse_nic_and_broadcast(const char *third, const char *fourth, HbIpArgs *args, HbIpFail *fail)
{
	bool broadcast_first = args->addr.family == AF_INET && isdigit((unsigned char)*third);

	if (broadcast_first) {
		args->nic_dropped = *fourth != '\0';
		return parse_broadcast(third, args, fail);
	}
	if (*third != '\0' && !parse_nic(third, args, fail))
		return false;
	return *fourth == '\0' || parse_broadcast(fourth, args, fail);
}

/* The part up to the next '/', which is cut off; "" when nothing is left. */
static const char *
next_part(char **rest)
{
	static char nothing[] = "";
	char *part = *rest;
	char *slash;

	if (part == NULL)
		return nothing;
	slash = strchr(part, '/');
	if (slash != NULL)
		*slash++ = '\0';
	*rest = slash;
	return part;
}

/* [fe80::1] -> fe80::1, in place. */
static char *
without_brackets(char *text)
{
	size_t len = strlen(text);

	if (len < 2 || text[0] != '[' || text[len - 1] != ']')
		return text;
	text[len - 1] = '\0';
	return strchr(text, ':') != NULL ? text + 1 : text;
}

static bool
parse_address(char *text, Families families, HbIpArgs *args, HbIpFail *fail)
{
	const char *address = without_brackets(text);

	if (!hb_ip_addr_parse(address, &args->addr))
		return hb_ip_fail(fail, HB_IP_EXIT_CONFIGURED,
		                  "'%s' is not an address of one machine: write one like "
		                  "192.168.1.10 or fd00::10", address);
	if (families == ONLY_IPV6 && args->addr.family != AF_INET6)
		return hb_ip_fail(fail, HB_IP_EXIT_CONFIGURED,
		                  "'%s' is not an IPv6 address: write IPaddr2 for IPv4", address);
	return true;
}

static bool
parse_parts(char *text, Families families, HbIpArgs *args, HbIpFail *fail)
{
	char *rest = text;
	char *address = rest;
	const char *part[3];

	(void)next_part(&rest);
	if (!parse_address(address, families, args, fail))
		return false;
	for (size_t i = 0; i < N_ELEMENTS(part); i++)
		part[i] = next_part(&rest);

	if (args->announce_only) {
		if (*part[1] != '\0' || rest != NULL)
			return hb_ip_fail(fail, HB_IP_EXIT_CONFIGURED,
			                  "too many parts after the address: write ADDRESS/INTERFACE");
		return *part[0] == '\0' || parse_nic(part[0], args, fail);
	}
	if (rest != NULL)
		return hb_ip_fail(fail, HB_IP_EXIT_CONFIGURED,
		                  "too many parts after the address: write "
		                  "ADDRESS/PREFIX/INTERFACE/BROADCAST");
	if (*part[0] != '\0' && !parse_mask(part[0], args, fail))
		return false;
	return parse_nic_and_broadcast(part[1], part[2], args, fail);
}

/* haresources splits "IPv6addr::fe80::1/64/eth0" into two arguments: undo that. */
static bool
join_arguments(int n, char *const words[], char text[ARG_MAX_LEN + 1], HbIpFail *fail)
{
	int len = -1;

	if (n == 1)
		len = snprintf(text, ARG_MAX_LEN + 1, "%s", words[0]);
	else if (n == 2)
		len = snprintf(text, ARG_MAX_LEN + 1, "%s::%s", words[0], words[1]);
	if (n <= 0 || (n == 1 && len == 0)) {
		hb_ip_fail(fail, HB_IP_EXIT_GENERIC, "the address is missing");
		return wrong_call(fail);
	}
	if (n > 2) {
		hb_ip_fail(fail, HB_IP_EXIT_GENERIC, "more than one address");
		return wrong_call(fail);
	}
	if (len < 0 || len > ARG_MAX_LEN)
		return hb_ip_fail(fail, HB_IP_EXIT_CONFIGURED,
		                  "the argument is longer than %d characters: write "
		                  "ADDRESS/PREFIX/INTERFACE", ARG_MAX_LEN);
	return true;
}

const char *
hb_ip_args_name(const char *argv0)
{
	return names[find_name(argv0)].name;
}

bool
hb_ip_args_parse(int argc, char *const argv[], HbIpArgs *ret_args, HbIpFail *fail)
{
	size_t called = find_name(argc > 0 ? argv[0] : NULL);
	HbIpArgs args = {
		.name = names[called].name,
		.announce_only = names[called].announce_only,
		.switches_on = names[called].switches_on,
		.prefix_len = HB_IP_PREFIX_FROM_ROUTE,
	};
	char text[ARG_MAX_LEN + 1];

	*ret_args = (HbIpArgs){ .name = args.name };
	if (argc < 2) {
		hb_ip_fail(fail, HB_IP_EXIT_GENERIC, "address and operation are missing");
		return wrong_call(fail);
	}
	if (!parse_verb(argv[argc - 1], &args.verb, fail))
		return false;
	if (args.verb != HB_IP_VERB_USAGE &&
	    (!join_arguments(argc - 2, argv + 1, text, fail) ||
	     !parse_parts(text, names[called].families, &args, fail)))
		return false;
	*ret_args = args;
	return true;
}
