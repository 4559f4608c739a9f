/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf_words.c - values that are one word of a list. 4.12 searches the word in the value and drops
 * what stands around it; so do we, and say so.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/conf/conf_parts.h"
#include "util/banned.h"

#define SCHEDULER_MAX 15        /* letters, to the kernel */

#define DIGITS  "0123456789"
#define SMALL   "abcdefghijklmnopqrstuvwxyz"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ" SMALL

/* The first run of characters of @set in @value (transfer full); "" when there is none. */
static char *
first_run(const char *value, const char *set)
{
	gsize skip = 0;

	while (value[skip] != '\0' && strchr(set, value[skip]) == NULL)
		skip++;
	return g_strndup(value + skip, strspn(value + skip, set));
}

/* The same, with a warning about what is dropped. */
static char *
word_of(LdirReader *reader, const LdirDirective *directive, const char *value, const char *set)
{
	char *word = first_run(value, set);

	if (word[0] != '\0' && strcmp(word, value) != 0)
		ldir_value_trailing(reader, directive, value, word);
	return word;
}

/* Words that stand for numbers. */
typedef struct {
	const char *letters;            /* what a word is made of */
	const char *(*name)(int n);
	int first, end;                 /* those that may be written; .end is behind the last */
	int (*compare)(const char *a, const char *b);
	const char *advice;             /* for any other */
} NameList;

static const char *check_name(int n) { return ldir_check_name((LdirCheck)n); }
static const char *service_name(int n) { return ldir_service_name((LdirService)n); }
static const char *method_name(int n) { return ldir_method_name((LdirMethod)n); }
static const char *version_name(int n) { return ldir_http_version_name((LdirHttpVersion)n); }
static const char *verify_name(int n) { return ldir_verify_name((LdirVerify)n); }

static const NameList
	checks = { LETTERS "_-", check_name, 0, LDIR_CHECK_COMBINED, strcmp, NULL },
	services = { LETTERS DIGITS "_", service_name, 0, LDIR_N_SERVICES, strcmp, "in small letters" },
	methods = { LETTERS DIGITS "_", method_name, 0, LDIR_N_METHODS, g_ascii_strcasecmp, "POST and PUT are known as well" },
	versions = { DIGITS ".", version_name, 0, LDIR_N_HTTP_VERSIONS, strcmp, NULL },
	verifies = { SMALL, verify_name, LDIR_VERIFY_CHAIN, LDIR_VERIFY_FULL + 1, strcmp, NULL };

static void
take_name(LdirReader *reader, const LdirDirective *directive, const char *value, const NameList *list, gint64 *target)
{
	g_autofree char *word = word_of(reader, directive, value, list->letters);

	for (int n = list->first; n < list->end; n++)
		if (list->compare(list->name(n), word) == 0) {
			*target = n;
			return;
		}
	ldir_value_bad(reader, directive, list->advice);
}

void
ldir_word_status(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	static const struct {
		const char *name;
		gint64 bits;
	} known[] = {
		{ "all", LDIR_STATUS_ALL }, { "starting", LDIR_STATUS_STARTING }, { "running", LDIR_STATUS_RUNNING },
		{ "stopping", LDIR_STATUS_STOPPING }, { "reloading", LDIR_STATUS_RELOADING }, { "none", 0 },
	};
	g_auto(GStrv) words = g_strsplit(value, ",", -1);
	const char *other = NULL;       /* the first one that is not none */
	gboolean is_none = FALSE;
	gint64 bits = 0;

	(void)directive;
	for (guint i = 0; words[i] != NULL; i++) {
		const char *word = g_strstrip(words[i]);
		guint k = 0;

		while (k < G_N_ELEMENTS(known) && strcmp(known[k].name, word) != 0)
			k++;
		if (word[0] == '\0')
			continue;
		if (k == G_N_ELEMENTS(known)) {
			ldir_error(reader, "write none, all, or some of starting, running, stopping, reloading with commas",
			           "invalid email alert status at: \"%s\"", word);
			return;
		}
		is_none |= known[k].bits == 0;
		if (known[k].bits != 0 && other == NULL)
			other = word;
		bits |= known[k].bits;
	}
	if (is_none && other != NULL)
		ldir_error(reader, "none stands alone", "invalid email alert status: \"%s\" specified with \"none\"", other);
	else
		out->emailalertstatus = bits;
}

void
ldir_word_checktype(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	g_autofree char *digits = first_run(value, DIGITS);
	guint64 n;

	if (digits[0] != '\0') {        /* a digit anywhere makes it the combined check */
		if (strcmp(digits, value) != 0)
			ldir_value_trailing(reader, directive, value, digits);
		if (!g_ascii_string_to_unsigned(digits, 10, 0, G_MAXINT32, &n, NULL))
			n = G_MAXINT32;
		out->checktype = LDIR_CHECK_COMBINED;
		out->connects = (gint64)n;
		return;
	}
	take_name(reader, directive, value, &checks, &out->checktype);
}

void
ldir_word_service(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	take_name(reader, directive, value, &services, &out->service);
}

void
ldir_word_protocol(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	g_autofree char *word = word_of(reader, directive, value, LETTERS DIGITS "_");
	LdirProtocol protocol = strcmp(word, "tcp") == 0 ? LDIR_PROTOCOL_TCP :
		strcmp(word, "udp") == 0 ? LDIR_PROTOCOL_UDP : LDIR_PROTOCOL_FWM;

	if (word[0] == '\0')
		ldir_value_bad(reader, directive, "write protocol=tcp or protocol=udp");
	else if (reader->is_broken)
		return;
	else if (reader->section->is_mark && strcmp(word, "fwm") != 0)
		ldir_error(reader, "leave the line out", "protocol must be fwm if the virtual service is a fwmark (a number)");
	else if (!reader->section->is_mark && protocol == LDIR_PROTOCOL_FWM)
		ldir_error(reader, "in small letters", "protocol must be tcp or udp if the virtual service is an address and port");
	else
		out->protocol = protocol;
}

void
ldir_word_method(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	take_name(reader, directive, value, &methods, &out->httpmethod);
}

void
ldir_word_version(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	take_name(reader, directive, value, &versions, &out->httpversion);
}

void
ldir_word_verify(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	take_name(reader, directive, value, &verifies, &out->sslverify);
}

void
ldir_word_scheduler(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	static const char *const known[] = {
		"rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh", "twos", NULL,
	};
	g_autofree char *word = word_of(reader, directive, value, SMALL);

	if (word[0] == '\0') {
		ldir_value_bad(reader, directive, "for instance rr, wrr, lc or wlc");
		return;
	}
	if (strlen(word) > SCHEDULER_MAX)
		ldir_error(reader, "for instance rr, wrr, lc or wlc", "invalid scheduler: more than %d letters, which the kernel refuses",
		           SCHEDULER_MAX);
	else if (!g_strv_contains(known, word))
		ldir_warn(reader, "the service is not set up if the kernel has no module of that name",
		          "scheduler \"%s\" is not among those of Linux", word);
	g_free(out->scheduler);
	out->scheduler = g_steal_pointer(&word);
}

static gboolean
netmask_is_good(LdirReader *reader, const char *value)
{
	unsigned part[4];
	char more;

	if (reader->section->family == AF_INET6) {
		guint64 prefix;

		if (g_ascii_string_to_unsigned(value, 10, 1, 128, &prefix, NULL))
			return TRUE;
		ldir_error(reader, NULL, "invalid netmask: a prefix length between 1 and 128 is required");
		return FALSE;
	}
	if (strspn(value, DIGITS ".") == strlen(value) &&
	    sscanf(value, "%3u.%3u.%3u.%3u%c", &part[0], &part[1], &part[2], &part[3], &more) == 4 &&
	    part[0] < 256 && part[1] < 256 && part[2] < 256 && part[3] < 256)
		return TRUE;
	ldir_error(reader, "such as 255.255.255.0", "invalid netmask: dotted quad notation is required");
	return FALSE;
}

void
ldir_word_netmask(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	(void)directive;
	if (!netmask_is_good(reader, value))
		return;
	g_free(out->netmask);
	out->netmask = g_strdup(value);
}

void
ldir_word_flags(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	static const char *const known[] = {
		"flag-1", "flag-2", "flag-3", "sh-fallback", "sh-port", "mh-fallback", "mh-port", NULL,
	};
	g_autofree char *word = word_of(reader, directive, value, LETTERS DIGITS "_-,");
	g_auto(GStrv) flags = g_strsplit(word, ",", -1);

	if (word[0] == '\0') {
		ldir_value_bad(reader, directive, "such as sh-port");
		return;
	}
	for (guint i = 0; flags[i] != NULL; i++)
		if (flags[i][0] != '\0' && !g_strv_contains(known, flags[i])) {
			ldir_error(reader, "flag-1, flag-2, flag-3, sh-fallback, sh-port, mh-fallback and mh-port are known",
			           "invalid sched-flags: \"%s\"", flags[i]);
			return;
		}
	reader->flags_line = reader->line;
	g_free(out->schedflags);
	out->schedflags = g_steal_pointer(&word);
}

void
ldir_word_sync(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	char interface[LDIR_INTERFACE_MAX];
	guint32 id;

	if (!ldir_sync_words(value, interface, &id)) {
		ldir_value_bad(reader, directive, "write syncdaemon=INTERFACE or syncdaemon=INTERFACE,N with N from 0 to 255");
		return;
	}
	g_free(out->syncdaemon);
	out->syncdaemon = g_strdup(value);
}

void
ldir_word_flapmax(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	guint times, seconds;

	if (!ldir_flapmax_words(value, &times, &seconds)) {
		ldir_value_bad(reader, directive, "write flapmax=N/SECONDS, 3/600, with N from 1 to 20, or flapmax=0");
		return;
	}
	g_free(out->flapmax);
	out->flapmax = g_strdup(value);
}

/* Without blanks, as it is asked for later. */
void
ldir_word_codes(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	g_auto(GStrv) ranges = g_strsplit(value, ",", -1);
	gboolean is_good = ranges[0] != NULL;
	guint first, last;

	for (guint i = 0; ranges[i] != NULL; i++)
		is_good = is_good && ldir_httpstatus_range(g_strstrip(ranges[i]), &first, &last);
	if (!is_good) {
		ldir_value_bad(reader, directive, "write httpstatus=200 or httpstatus=200-299,401");
		return;
	}
	g_free(out->httpstatus);
	out->httpstatus = g_strjoinv(",", ranges);
}
