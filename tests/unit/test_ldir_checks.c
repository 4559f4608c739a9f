/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines check= in ldirectord.cf: what is taken and refused, what they take over from their section, which ports they ask
 * (doc/ldirectord.md 3.8). */
#include <glib.h>

#include "ldir_fixture.h"
#include "ldirectord/conf/conf_parts.h"
#include "util/banned.h"

#define BASE "virtual=10.0.0.1:80\n\treal=10.0.0.9:80 gate\n"

typedef enum { GOOD, WARNED, REFUSED } Verdict;

static const struct {
	Verdict verdict;
	const char *lines;
	const char *says;       /* NULL: nothing is said */
} rows[] = {
	{ GOOD, "\tcheck=connect checkport=22", NULL },
	{ GOOD, "\tcheck = connect   checkport=22   # sshd", NULL },
	{ GOOD, "\tcheck=ping", NULL },
	{ GOOD, "\tcheck=external checkcommand=/usr/bin/probe", NULL },
	{ GOOD, "\tcheck=external-perl checkcommand=\"/usr/bin/probe -x 1\" checktimeout=3 externalweight=yes", NULL },
	{ GOOD, "\tcheck=negotiate service=http checkport=8080 request=\"/health\" receive=\"all is well\"", NULL },
	{ GOOD, "\tcheck=negotiate checkport=8080 request=/health receive=OK httpstatus=\"200, 204\" httpredirect=no", NULL },
	{ GOOD, "\tcheck=negotiate service=ldaps login=cn=x passwd=\"a b\" request=dc=x", NULL },
	{ GOOD, "\tcheck=negotiate service=dns protocol=udp request=www.example.com receivenot=\"^10\\.\"", NULL },
	{ GOOD, "\tcheck=negotiate service=smtp starttls=yes sslverify=full sslca=/a sslcert=/b sslkey=/c virtualhost=mail", NULL },
	{ GOOD, "\tcheck=negotiate request=/a httpmethod=POST httpbody=\"{\"a\": \"b c\"}\" httpheader=\"A: b\" httpheader=\"C: d\"", NULL },
	{ GOOD, "\tcheck=negotiate request=/a negotiatetimeout=500ms checktimeout=2", NULL },
	{ GOOD, "\tcheck=negotiate request=\"/a\"b=c\"", NULL },
	{ GOOD, "\tcheck=negotiate service=radius secret=s login=l passwd=p", NULL },
	{ GOOD, "\tcheck=negotiate service=mysql database=d login=l", NULL },
	{ GOOD, "\tcheck=negotiate request=/a virtualhost= httpstatus=200", NULL },
	{ GOOD, "\tcheck=negotiate httpversion=2", NULL },
	/* the type */
	{ REFUSED, "\tcheck=",
	  "at line 3: check must begin with \"connect\", \"negotiate\", \"ping\", \"external\" or \"external-perl\"; write check=TYPE" },
	{ REFUSED, "\tcheck=tcp", "check must begin with" },
	{ REFUSED, "\tcheck=on", "leave the line out: it would say nothing" },
	{ REFUSED, "\tcheck=off", "checktype=off takes out all servers" },
	{ REFUSED, "\tcheck=3", "a number is for checktype=" },
	{ REFUSED, "\tcheck=service=http", "the type stands first, as in check=connect" },
	{ REFUSED, "\tcheck=foo=1", "unknown word \"foo\"" },
	{ REFUSED, "\tcheck=\"connect\"", "check must begin with" },
	/* words */
	{ REFUSED, "\tcheck=connect checkport", "at line 3: check: \"checkport\" says nothing; write WORD=VALUE" },
	{ REFUSED, "\tcheck=connect checkport = 22", "without blanks around =" },
	{ REFUSED, "\tcheck=connect chekport=22", "check: unknown word \"chekport\"; did you mean checkport?" },
	{ REFUSED, "\tcheck=connect color=red", "check: unknown word \"color\"; words are names of directives" },
	{ REFUSED, "\tcheck=connect failurecount=2",
	  "check: unknown word \"failurecount\"; failurecount is not for one check: it is a line of its own" },
	{ REFUSED, "\tcheck=connect checktype=ping", "the type stands first" },
	{ REFUSED, "\tcheck=connect checkport=22 checkport=23", "check: checkport is written twice; leave one of them out" },
	{ REFUSED, "\tcheck=connect request=/a", "check: connect has no request; it is for negotiate" },
	{ REFUSED, "\tcheck=ping checkport=2", "check: ping has no checkport; it is for negotiate or connect" },
	{ REFUSED, "\tcheck=negotiate checkcommand=/a", "check: negotiate has no checkcommand; it is for external or external-perl" },
	{ REFUSED, "\tcheck=negotiate request=\"/a", "check: the value of request has no end; behind a closing quote" },
	{ REFUSED, "\tcheck=negotiate request=\"/a\" b", "check: the value of request has no end" },
	/* values, as in lines of their own */
	{ REFUSED, "\tcheck=connect checkport=0", "at line 3: checkport must be in range 1..65536" },
	{ REFUSED, "\tcheck=connect checkport=", "at line 3: invalid port" },
	{ REFUSED, "\tcheck=negotiate receive=\"(\"", "receive is not a regular expression" },
	{ REFUSED, "\tcheck=negotiate receive=\"\"", "invalid receive string" },
	{ REFUSED, "\tcheck=negotiate service=htpp", "service must be dns, ftp" },
	{ REFUSED, "\tcheck=negotiate httpheader=\"Host: x\"", "invalid http header; write virtualhost=NAME" },
	{ REFUSED, "\tcheck=negotiate httpredirect=maybe", "httpredirect must be 'yes' or 'no'" },
	{ REFUSED, "\tcheck=negotiate protocol=fwm", "protocol must be tcp or udp" },
	{ WARNED, "\tcheck=connect checkport=x22", "at line 3: checkport: of \"x22\" only \"22\" counts" },
	{ WARNED, "\tcheck=ping checkcount=3", "checkcount option is deprecated" },
	{ WARNED, "\tcheck=negotiate request=\"/a#b\"", "'#' within quotes" },
	{ WARNED, "\tcheck=negotiate httpheader=\"A: x#y\" request=/a receive=\"z #\"", "'#' within quotes" },
	{ REFUSED, "\tcheck=negotiate httpheader=\"A: x#y\" request=\"a\"b\"",
	  "check: a quote within the value of request, and '#' in the same line" },
	/* the line as a whole, at its own line */
	{ REFUSED, "\tcheckport=81\n\tcheck=external", "at line 4: check: external without a program; add checkcommand=" },
	{ REFUSED, "\tcheckport=81\n\tcheck=negotiate service=smtp httpstatus=200", "at line 4: httpstatus: service smtp has none" },
	{ REFUSED, "\tcheckport=81\n\tcheck=negotiate service=smtp httpversion=2", "at line 4: httpversion: service smtp has none" },
	{ REFUSED, "\tcheckport=81\n\tcheck=negotiate httpheader=\"TE: a\" httpversion=2", "at line 4: httpheader: \"TE: a\" is not for" },
	{ WARNED, "\thttpversion=2\n\tcheck=negotiate", "at line 4: check: checktype= of the section asks the same" },
	{ GOOD, "\thttpversion=2\n\tcheck=negotiate httpversion=1.1\n\tcheck=negotiate service=smtp", NULL },
	{ REFUSED, "\tcheckport=81\n\tcheck=negotiate httpbody=x", "at line 4: httpbody: GET and HEAD send none" },
	{ REFUSED, "\tcheckport=81\n\tcheck=negotiate starttls=yes", "at line 4: starttls: service http has none" },
	{ REFUSED, "\tcheckport=81\n\tcheck=negotiate service=https sslkey=/a", "at line 4: sslkey without sslcert" },
	{ REFUSED, "\tcheck=negotiate service=simpletcp", "at line 3: check: no port is known; add checkport=N" },
	{ REFUSED, "\tcheck=negotiate service=none", "check: negotiate with service none asks nothing" },
	{ WARNED, "\tchecktype=off\n\tcheck=ping", "at line 4: check: with checktype=off no check is made" },
	{ WARNED, "\tcheck=ping\n\tcheck=ping", "at line 4: check: line 3 asks the same; one of the lines may go" },
	{ WARNED, "\tcheck=negotiate", "at line 3: check: checktype= of the section asks the same; leave the line out" },
	{ WARNED, "\tchecktype=connect\n\tcheck=connect checkport=80", "at line 4: check: checktype= of the section asks the same" },
	{ GOOD, "\tchecktype=5\n\tcheck=negotiate", NULL },
	{ GOOD, "\tchecktype=on\n\tcheck=connect", NULL },
	{ GOOD, "\tcheck=ping\n\tcheck=connect\n\tcheck=connect checktimeout=3", NULL },
};

static void
test_rows(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) problems = ldir_problems_new();
		g_autofree char *text = g_strconcat(BASE, rows[i].lines, "\n", NULL);
		g_autoptr(LdirConfig) config = fixture_parse(text, strlen(text), problems);
		g_autofree char *said = fixture_problems(problems);

		g_test_message("[%s] %s", rows[i].lines, said);
		g_assert_cmpint(config == NULL ? REFUSED : problems->len > 0 ? WARNED : GOOD, ==, rows[i].verdict);
		if (rows[i].says != NULL)
			g_assert_nonnull(strstr(said, rows[i].says));
		if (config != NULL)
			fixture_assert_normal(config);
	}
}

static void
test_all_that_is_wrong_with_a_line_is_said(void)
{
	static const char text[] = BASE "\tcheck=on request=/a foo=1 checkport=x bar receive=\"(\"\n\tscheduler=rr\n";
	static const char *const wanted[] = {
		"leave the line out", "unknown word \"foo\"", "invalid port", "\"bar\" says nothing", "receive is not a regular expression",
	};
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(LdirConfig) config = fixture_parse(text, sizeof text - 1, problems);
	g_autofree char *said = fixture_problems(problems);

	g_assert_null(config);
	g_assert_cmpuint(problems->len, ==, G_N_ELEMENTS(wanted));
	for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
		g_assert_nonnull(strstr(said, wanted[i]));
}

static void
test_what_is_wrong_with_a_line_is_said_once(void)
{
	static const char *const lines[] = {
		"\tcheck=negotiate request=\"/a foo bar=\"x\" baz\n", "\tcheck=external checkcomand=/a\n", "\tcheck=negotiate rquest=/a\n",
		"\tcheck=negotiate service=simpletcp chckport=9\n", "\tchecktype=off\n\tcheck=on\n",
	};

	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autofree char *text = g_strconcat(BASE, lines[i], NULL);
		g_autoptr(GPtrArray) problems = ldir_problems_new();

		g_assert_null(fixture_parse(text, strlen(text), problems));
		g_assert_cmpuint(problems->len, ==, 1);
	}
}

static LdirConfig *
good(const char *text)
{
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	LdirConfig *config = fixture_parse(text, strlen(text), problems);
	g_autofree char *said = fixture_problems(problems);

	if (config == NULL || problems->len > 0)
		g_error("%s%s", text, said);
	return config;
}

static void
test_a_section_has_so_many(void)
{
	g_autoptr(GString) text = g_string_new(BASE);
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(LdirConfig) most = NULL;
	g_autofree char *said = NULL;

	for (guint i = 0; i < 16; i++)
		g_string_append_printf(text, "\tcheck=connect checkport=%u\n", 100 + i);
	most = good(text->str);
	g_string_append(text, "\tcheck=ping\n");
	g_assert_null(fixture_parse(text->str, text->len, problems));
	said = fixture_problems(problems);
	g_assert_nonnull(strstr(said, "at line 19: check: more than 16 in one section"));
}

static void
test_the_normal_form_says_what_the_line_says(void)
{
	static const struct {
		const char *line, *normal;
	} forms[] = {
		{ "check = connect  checkport=022 checktimeout=2500ms", "\tcheck=connect checktimeout=2500ms checkport=22\n" },
		{ "check=negotiate service=http request=/a receive=\"o k\" protocol=tcp httpmethod=head",
		  "\tcheck=negotiate request=\"/a\" receive=\"o k\" protocol=tcp service=http httpmethod=HEAD\n" },
		{ "check=negotiate httpheader=\"A:b\" httpheader=\"C: \"d\"\" checkport=8",
		  "\tcheck=negotiate checkport=8 httpheader=\"A: b\" httpheader=\"C: \"d\"\"\n" },
		{ "check=external checkcommand=/bin/a", "\tcheck=external checkcommand=\"/bin/a\"\n" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_autofree char *text = g_strdup_printf(BASE "\tlogin=\"l\"\n\tnegotiatetimeout=7\n\t%s\n", forms[i].line);
		g_autoptr(LdirConfig) config = good(text);
		g_autofree char *normal = ldir_conf_print(config);

		if (strstr(normal, forms[i].normal) == NULL)
			g_error("%s%s", forms[i].normal, normal);
	}
}

/* Line number @n of the first section as its check sees it */
static const LdirVirtual *
seen_by(const LdirConfig *config, guint n)
{
	const LdirVirtual *vs = config->virtuals->pdata[0];

	return ((const LdirCheckLine *)vs->own.checks->pdata[n])->as;
}

#define SECTION BASE "\tservice=https\n\trequest=\"/s\"\n\treceive=\"s\"\n\treceivenot=\"t\"\n\thttpmethod=POST\n\thttpbody=\"s\"\n" \
	"\thttpversion=2\n\thttpstatus=201\n\thttpredirect=no\n\thttpheader=\"S: s\"\n\tlogin=\"s\"\n\tpasswd=\"s\"\n\tdatabase=\"s\"\n" \
	"\tsecret=\"s\"\n\tvirtualhost=s\n\tsslverify=full\n\tsslca=/s\n\tsslcert=/s\n\tsslkey=/s\n\tchecktimeout=3\n\tnegotiatetimeout=4\n"

static void
test_what_is_asked_is_what_the_line_says(void)
{
	g_autoptr(LdirConfig) config = good(SECTION "\tcheck=negotiate\n\tcheck=negotiate request=/l receive=l\n");

	for (guint i = 0; i < 2; i++) {
		const LdirVirtual *as = seen_by(config, i);

		g_assert_cmpstr(as->own.request, ==, i == 0 ? NULL : "/l");
		g_assert_cmpstr(as->own.receive, ==, i == 0 ? NULL : "l");
		g_assert_true((as->pattern != NULL) == (i == 1));
		g_assert_null(as->own.receivenot);
		g_assert_null(as->forbidden);
		g_assert_null(as->own.httpbody);
		g_assert_null(as->own.httpstatus);
		g_assert_cmpint(as->own.httpmethod, ==, LDIR_UNSET);
		g_assert_cmpint(as->own.httpredirect, ==, LDIR_UNSET);
	}
}

static void
test_who_is_asked_and_who_asks_is_what_the_section_says(void)
{
	g_autoptr(LdirConfig) config = good(SECTION "\tcheck=negotiate request=/l\n\tcheck=negotiate service=http\n"
	                                    "\tcheck=negotiate request=/m virtualhost=l login=l sslcert=/l "
	                                    "httpheader=\"L: l\" sslverify=none\n");
	const LdirVirtual *same = seen_by(config, 0), *other = seen_by(config, 1), *says = seen_by(config, 2);

	g_assert_cmpint(ldir_virtual_service(same), ==, LDIR_SERVICE_HTTPS);
	g_assert_cmpstr(same->own.virtualhost, ==, "s");
	g_assert_cmpstr(same->own.login, ==, "s");
	g_assert_cmpstr(same->own.passwd, ==, "s");
	g_assert_cmpstr(same->own.database, ==, "s");
	g_assert_cmpstr(same->own.secret, ==, "s");
	g_assert_cmpstr(same->own.sslca, ==, "/s");
	g_assert_cmpstr(same->own.sslcert, ==, "/s");
	g_assert_cmpstr(same->own.sslkey, ==, "/s");
	g_assert_cmpint(ldir_virtual_verify(same), ==, LDIR_VERIFY_FULL);
	g_assert_cmpuint(same->own.httpheaders->len, ==, 1);
	g_assert_cmpint(same->own.httpversion, ==, LDIR_HTTP_2);
	g_assert_cmpint(ldir_virtual_negotiatetimeout_ms(config, same), ==, 4000);
	/* another service is told nobody's password */
	g_assert_cmpint(ldir_virtual_service(other), ==, LDIR_SERVICE_HTTP);
	g_assert_cmpstr(other->own.virtualhost, ==, "s");
	g_assert_null(other->own.login);
	g_assert_null(other->own.passwd);
	g_assert_null(other->own.database);
	g_assert_null(other->own.secret);
	g_assert_cmpuint(other->own.httpheaders->len, ==, 0);
	g_assert_cmpint(other->own.httpversion, ==, LDIR_UNSET);
	/* nor does one name go with the word of another */
	g_assert_cmpstr(says->own.virtualhost, ==, "l");
	g_assert_cmpstr(says->own.login, ==, "l");
	g_assert_null(says->own.passwd);
	g_assert_cmpstr(says->own.sslcert, ==, "/l");
	g_assert_null(says->own.sslkey);
	g_assert_cmpint(ldir_virtual_verify(says), ==, LDIR_VERIFY_NONE);
	g_assert_cmpuint(says->own.httpheaders->len, ==, 1);
	g_assert_cmpstr(says->own.httpheaders->pdata[0], ==, "L: l");
}

static void
test_a_limit_of_the_line_comes_before_any_of_the_section(void)
{
	g_autoptr(LdirConfig) config = good(SECTION "\tcheck=negotiate checktimeout=1\n\tcheck=connect\n\tcheck=connect checktimeout=1\n"
	                                    "\tcheck=negotiate service=ldap negotiatetimeout=1\n");

	g_assert_cmpint(ldir_virtual_negotiatetimeout_ms(config, seen_by(config, 0)), ==, 1000);
	g_assert_cmpint(ldir_virtual_checktimeout_ms(config, seen_by(config, 1)), ==, 3000);
	g_assert_cmpint(ldir_virtual_checktimeout_ms(config, seen_by(config, 2)), ==, 1000);
	g_assert_cmpint(ldir_virtual_checktimeout_ms(config, seen_by(config, 3)), ==, 1000);
}

/* In a section of UDP, too: an echo is check=ping. */
static void
test_connect_is_a_connection(void)
{
	g_autoptr(LdirConfig) config = good("virtual=10.0.0.1:53\n\treal=10.0.0.9:53 gate\n\treceive=\".\"\n\tcheck=connect\n"
	                                    "\tcheck=negotiate request=a\n\tcheck=negotiate protocol=tcp\n");

	g_assert_cmpint(ldir_virtual_protocol(seen_by(config, 0)), ==, LDIR_PROTOCOL_TCP);
	g_assert_cmpint(ldir_virtual_protocol(seen_by(config, 1)), ==, LDIR_PROTOCOL_UDP);
	g_assert_cmpint(ldir_virtual_protocol(seen_by(config, 2)), ==, LDIR_PROTOCOL_TCP);
}

static void
test_a_program_is_told_of_its_own_service(void)
{
	static const struct {
		const char *section, *id;
	} services[] = {
		{ "virtual=10.0.0.1:80\n\treal=10.0.0.9:80 gate\n\tprotocol=udp\n", "udp:10.0.0.1:80" },
		{ "virtual=10.0.0.1:53\n\treal=10.0.0.9:53 gate\n", "udp:10.0.0.1:53" },
		{ "virtual6=[2001:db8::1]:80\n\treal6=[2001:db8::2]:80 gate\n", "tcp:[2001:db8::1]:80" },
		{ "virtual=7\n\treal=10.0.0.9:80 gate\n", "fwm:7" },
		{ "virtual6=7\n\treal6=[2001:db8::2]:80 gate\n", "fwm6:7" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(services); i++) {
		g_autofree char *text = g_strconcat(services[i].section, "\tcheck=external checkcommand=/a\n", NULL);
		g_autoptr(LdirConfig) config = good(text);
		g_autofree char *id = ldir_virtual_id(seen_by(config, 0));

		g_assert_cmpstr(id, ==, services[i].id);
	}
}

static void
test_a_check_has_nothing_that_it_does_not_need(void)
{
	g_autoptr(LdirConfig) config = good(SECTION "\tcheck=connect checkport=22\n\tcheck=ping\n");

	for (guint i = 0; i < 2; i++) {
		g_assert_null(seen_by(config, i)->own.passwd);
		g_assert_null(seen_by(config, i)->own.sslca);
		g_assert_cmpint(ldir_virtual_checktimeout_ms(config, seen_by(config, i)), ==, 3000);
	}
}

/* Of a section that is wrong itself it is said once, unless a line is so, too. */
static void
test_a_line_is_judged_for_what_it_does(void)
{
	static const char text[] = BASE "\tservice=https\n\tsslca=/nowhere\n\tcheck=ping\n\tcheck=negotiate checkport=81\n";
	static const LdirLookup lookup = { fixture_host, fixture_port };
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, sizeof text - 1);
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(LdirConfig) config = ldir_conf_parse(&(LdirConfInput){ .bytes = bytes, .lookup = &lookup, .with_system = TRUE }, problems);

	g_assert_nonnull(config);
	g_assert_cmpuint(problems->len, ==, 2);
	g_assert_cmpuint(((const LdirProblem *)problems->pdata[0])->line, ==, 1);
	g_assert_cmpuint(((const LdirProblem *)problems->pdata[1])->line, ==, 6);
}

/* What a server has of its own is for checktype=. */
static void
test_a_pair_of_a_server_is_not_for_the_lines(void)
{
	g_autoptr(LdirConfig) config = good("virtual=10.0.0.1:80\n\treal=10.0.0.9:80 gate 1 \"a\",\"b\"\n\tcheck=negotiate checkport=81\n");
	const LdirVirtual *vs = config->virtuals->pdata[0];
	const LdirReal *more = ((const LdirReal *)vs->reals->pdata[0])->more->pdata[0];

	g_assert_null(more->request);
	g_assert_null(more->receive);
	g_assert_null(more->pattern);
}

#define TWO "virtual=10.0.0.1:8080\n\treal=10.0.0.8:8080 gate\n\treal=10.0.0.9:8081 masq\n"

static void
test_which_port_is_asked(void)
{
	static const struct {
		const char *section, *line;
		guint16 first, second;
	} ports[] = {
		{ TWO "\tservice=http\n", "connect", 8080, 8081 },
		{ TWO "\tservice=http\n\tcheckport=9000\n", "connect", 9000, 9000 },
		{ TWO "\tservice=http\n\tcheckport=9000\n", "connect checkport=22", 22, 22 },
		{ TWO "\tservice=http\n", "negotiate request=/a", 8080, 8081 },
		{ TWO "\tservice=http\n", "negotiate service=https", 443, 443 },
		{ TWO "\tservice=http\n", "negotiate service=https checkport=8443", 8443, 8443 },
		/* of a section that speaks nothing the service may be any */
		{ TWO "\tchecktype=connect\n", "negotiate service=http", 8080, 8081 },
		{ "virtual=7\n\treal=10.0.0.8 gate\n\treal=10.0.0.9:90 gate\n", "negotiate service=http", 80, 90 },
		{ "virtual=7\n\treal=10.0.0.8 gate\n\treal=10.0.0.9:90 gate\n\tservice=http\n", "connect", 80, 90 },
		/* who asks no port needs none */
		{ "virtual=7\n\treal=10.0.0.8 gate\n\treal=10.0.0.9:90 gate\n", "ping", 0, 90 },
		{ "virtual=7\n\treal=10.0.0.8 gate\n\treal=10.0.0.9:90 gate\n", "external checkcommand=/a", 0, 90 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(ports); i++) {
		g_autofree char *text = g_strdup_printf("%s\tcheck=%s\n", ports[i].section, ports[i].line);
		g_autoptr(LdirConfig) config = good(text);
		const LdirVirtual *vs = config->virtuals->pdata[0];
		const LdirReal *first = vs->reals->pdata[0], *second = vs->reals->pdata[1];

		g_test_message("%s", text);
		g_assert_cmpuint(((const LdirReal *)first->more->pdata[0])->check_port, ==, ports[i].first);
		g_assert_cmpuint(((const LdirReal *)second->more->pdata[0])->check_port, ==, ports[i].second);
		g_assert_true(ldir_address_equal(&((const LdirReal *)second->more->pdata[0])->addr, &second->addr));
		g_assert_cmpuint(((const LdirReal *)second->more->pdata[0])->port, ==, second->port);
	}
}

static void
test_a_server_has_nothing_for_them_where_there_are_none(void)
{
	g_autoptr(LdirConfig) config = good(BASE "virtual=10.0.0.2:80\n\treal=10.0.0.9:80 gate\n\tcheck=ping\n");
	const LdirVirtual *without = config->virtuals->pdata[0], *with = config->virtuals->pdata[1];

	g_assert_null(((const LdirReal *)without->reals->pdata[0])->more);
	g_assert_cmpuint(((const LdirReal *)with->reals->pdata[0])->more->len, ==, 1);
}

/* Everything in the list of words is a directive, and what is taken over is of a kind that can be. */
static void
test_words_are_directives(void)
{
	for (guint i = 0; i < ldir_n_check_words; i++) {
		const LdirDirective *directive = ldir_directive_find(ldir_check_words[i].name);

		g_assert_nonnull(directive);
		g_assert_true((directive->where & LDIR_IN_SECTION) != 0);
		if (ldir_check_words[i].take == LDIR_TAKE_NOTHING)
			continue;
		g_assert_true(directive->kind == LDIR_KIND_HEADER || directive->target != LDIR_NOWHERE);
		g_assert_true(directive->kind != LDIR_KIND_PATTERN && directive->kind != LDIR_KIND_BODY && directive->kind != LDIR_KIND_CODES);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/checks/rows", test_rows);
	g_test_add_func("/ldir/checks/all-that-is-wrong", test_all_that_is_wrong_with_a_line_is_said);
	g_test_add_func("/ldir/checks/said-once", test_what_is_wrong_with_a_line_is_said_once);
	g_test_add_func("/ldir/checks/so-many", test_a_section_has_so_many);
	g_test_add_func("/ldir/checks/normal", test_the_normal_form_says_what_the_line_says);
	g_test_add_func("/ldir/checks/asked", test_what_is_asked_is_what_the_line_says);
	g_test_add_func("/ldir/checks/section", test_who_is_asked_and_who_asks_is_what_the_section_says);
	g_test_add_func("/ldir/checks/limits", test_a_limit_of_the_line_comes_before_any_of_the_section);
	g_test_add_func("/ldir/checks/connect", test_connect_is_a_connection);
	g_test_add_func("/ldir/checks/program", test_a_program_is_told_of_its_own_service);
	g_test_add_func("/ldir/checks/needs", test_a_check_has_nothing_that_it_does_not_need);
	g_test_add_func("/ldir/checks/judged", test_a_line_is_judged_for_what_it_does);
	g_test_add_func("/ldir/checks/pair", test_a_pair_of_a_server_is_not_for_the_lines);
	g_test_add_func("/ldir/checks/ports", test_which_port_is_asked);
	g_test_add_func("/ldir/checks/none", test_a_server_has_nothing_for_them_where_there_are_none);
	g_test_add_func("/ldir/checks/words", test_words_are_directives);
	return g_test_run();
}
