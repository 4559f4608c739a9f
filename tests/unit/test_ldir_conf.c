/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ldirectord.cf: which lines are taken, as what, which are refused, and with what words (doc/ldirectord.md 2). */
#include <glib.h>

#include "ldir_fixture.h"
#include "util/banned.h"

typedef enum { GOOD, WARNED, REFUSED } Verdict;

typedef struct {
	Verdict verdict;
	const char *line;
	const char *says;       /* NULL: nothing is said */
} Case;

/* Put in front of a complete section. */
static const Case globals[] = {
	{ GOOD, "", NULL },
	{ GOOD, "  \t", NULL },
	{ GOOD, "  # comment", NULL },
	{ GOOD, "checktimeout=3", NULL },
	{ GOOD, "checktimeout = 3   # comment", NULL },
	{ WARNED, "checktimeout=3#glued", "of \"3#glued\" only \"3\" counts" },
	{ WARNED, "checktimeout=-5", "only \"5\" counts" },
	{ REFUSED, "checktimeout=0", "at line 1: invalid check timeout value; checktimeout is a number from 1" },
	{ REFUSED, "checktimeout=00", "invalid check timeout value" },
	{ WARNED, "failurecount=00", "failurecount: 00 is no number of its own, the line is ignored; leave the line out" },
	{ REFUSED, "risecount=00", "invalid rise count value" },
	{ REFUSED, "checktimeout=x", "invalid check timeout value" },
	{ REFUSED, "checktimeout", "Unknown command checktimeout; write NAME=VALUE" },
	{ REFUSED, " checktimeout=3", "Unknown command  checktimeout=3; outside of sections a directive begins in the first column" },
	{ REFUSED, "CheckTimeout=3", "write checktimeout in small letters" },
	{ REFUSED, "negotiatetimeout=0", "invalid negotiate timeout value" },
	{ REFUSED, "checkinterval=0", "invalid check interval value" },
	{ WARNED, "checkcount=2", "checkcount option is deprecated and slated for removal.  please see 'failurecount'" },
	{ REFUSED, "failurecount=0", "invalid failure count value" },
	{ GOOD, "checkinterval=500ms", NULL },
	{ GOOD, "fastinterval=1", NULL },
	{ WARNED, "checkinterval=5ms", "only \"5\" counts" },
	{ WARNED, "emailalertfreq=500ms", "only \"500\" counts" },
	{ REFUSED, "fastinterval=0", "invalid fast interval value" },
	{ GOOD, "downinterval=2500ms", NULL },
	{ REFUSED, "downinterval=0", "invalid down interval value" },
	{ GOOD, "risecount=3", NULL },
	{ GOOD, "quorum=3", NULL },
	{ GOOD, "externalweight=yes", NULL },
	{ GOOD, "standby=yes", NULL },
	{ REFUSED, "standby=1", "standby must be 'yes' or 'no'" },
	{ GOOD, "fallbackcheck=yes", NULL },
	{ GOOD, "fallbackcheck=service", NULL },
	{ REFUSED, "fallbackcheck=Service", "fallbackcheck must be 'yes' or 'no'; or 'service'; in small letters" },
	{ REFUSED, "readdquiescent=service", "must be 'yes' or 'no'; in small letters" },
	{ GOOD, "nextfallback=10.0.0.8:81 masq", NULL },
	{ REFUSED, "nextfallback=", "invalid IPv4 address or could not resolve for fallback server" },
	{ REFUSED, "nextfallback=10.0.0.8 nat", "forward method must be gate, masq or ipip" },
	{ GOOD, "weightfile=/etc/ha.d/weights", NULL },
	{ REFUSED, "weightfile=", "weight file not specified" },
	{ GOOD, "flapmax=3/600", NULL },
	{ GOOD, "flapmax=0", NULL },
	{ REFUSED, "flapmax=3", "invalid number of times; write flapmax=N/SECONDS" },
	{ REFUSED, "flapmax=21/600", "invalid number of times" },
	{ REFUSED, "flapmax=3/0", "invalid number of times" },
	{ GOOD, "syncdaemon=eth0", NULL },
	{ GOOD, "syncdaemon=eth0.7,255", NULL },
	{ REFUSED, "syncdaemon=", "invalid sync daemon" },
	{ REFUSED, "syncdaemon=eth0,256", "invalid sync daemon; write syncdaemon=INTERFACE" },
	{ REFUSED, "syncdaemon=eth0,", "invalid sync daemon" },
	{ REFUSED, "syncdaemon=eth0 5", "invalid sync daemon" },
	{ REFUSED, "syncdaemon=an-interface-too-long", "invalid sync daemon" },
	{ GOOD, "quorumhysteresis=0", NULL },
	{ GOOD, "quorumdown=/bin/page", NULL },
	{ GOOD, "slowstart=30", NULL },
	{ GOOD, "fallbackcommandonstop=yes", NULL },
	{ GOOD, "sslca=\"/a\"", NULL },
	{ GOOD, "sslexpiry=30", NULL },
	{ GOOD, "notify=/usr/local/bin/told", NULL },
	{ GOOD, "notify=told \"a b\"", NULL },
	{ GOOD, "notify=\"told\" \"a b\"", NULL },
	{ GOOD, "notify=\"told", NULL },
	{ GOOD, "emailalert=(root@example.com\"", NULL },
	{ GOOD, "emailalert=\"(root@example.com\"\"", NULL },
	{ REFUSED, "notify=", "invalid notify command" },
	{ REFUSED, "slowstart=x", "invalid slow start time" },
	{ REFUSED, "risecount=0", "invalid rise count value" },
	{ REFUSED, "quorum=many", "invalid quorum value" },
	{ REFUSED, "quorumup=", "invalid quorum command" },
	{ GOOD, "quiescent=yes", NULL },
	{ GOOD, "quiescent= yes  ", NULL },
	{ GOOD, "quiescent=yes # comment", NULL },
	{ GOOD, "quiescent=no\r", NULL },
	{ REFUSED, "quiescent=Yes", "quiescent must be 'yes' or 'no'" },
	{ REFUSED, "quiescent=\"yes\"", "quiescent must be 'yes' or 'no'" },
	{ REFUSED, "fork=1", "fork must be 'yes' or 'no'" },
	{ WARNED, "supervised", "please update your config not to use a bare supervised directive" },
	{ REFUSED, "supervised=", "supervised must be 'yes' or 'no'" },
	{ GOOD, "emailalertstatus=starting, running", NULL },
	{ GOOD, "emailalertstatus=none", NULL },
	{ REFUSED, "emailalertstatus=starting running", "invalid email alert status at: \"starting running\"" },
	{ REFUSED, "emailalertstatus=none,all", "invalid email alert status: \"all\" specified with \"none\"" },
	{ REFUSED, "emailalertfreq=x", "invalid email alert frequency" },
	{ GOOD, "emailalertfreq=0", NULL },
	{ GOOD, "emailalertfrom=a # b", NULL },
	{ REFUSED, "emailalertfrom=", "no email from address specified" },
	{ REFUSED, "emailalert=\"\"", "no email address specified" },
	{ WARNED, "smtp=a b", "only \"a\" counts" },
	{ REFUSED, "smtp=\"a\"", "invalid SMTP server address" },
	{ GOOD, "logfile=\"local0\"", NULL },
	{ REFUSED, "logfile=/var/log/x", "Unknown command logfile=/var/log/x; write logfile=\"...\" with double quotes" },
	{ GOOD, "callback=\"\"", NULL },
	{ GOOD, "fallbackcommand=\"\"", NULL },
	{ REFUSED, "fallbackcommand=", "invalid fallback command" },
	{ REFUSED, "maintenancedir=", "maintenance directory not specified" },
	{ GOOD, "execute=a b", NULL },
	{ GOOD, "fallback=127.0.0.1", NULL },
	{ GOOD, "fallback=127.0.0.1:8080 masq # comment", NULL },
	{ GOOD, "fallback=127.0.0.1:http", NULL },
	{ GOOD, "fallback6=[::1]:80 gate", NULL },
	{ WARNED, "fallback=", "fallback without an address is 127.0.0.1" },
	{ WARNED, "fallback=:81 masq", "fallback without an address is 127.0.0.1" },
	{ WARNED, "fallback6=[]:81", "fallback6 without an address is [::1]" },
	{ WARNED, "fallback=127.0.0.1:80 10.0.0.9:81 masq", "only \"10.0.0.9:81 masq\" counts" },
	{ REFUSED, "fallback=[::1]", "invalid IPv4 address or could not resolve for fallback server: [::1]" },
	{ REFUSED, "fallback6=127.0.0.1", "invalid IPv6 address or could not resolve for fallback server: 127.0.0.1" },
	{ REFUSED, "fallback=127.0.0.1:80 foo", "forward method must be gate, masq or ipip" },
	{ REFUSED, "fallback=127.0.0.1:80 masq x", "forward method must be gate, masq or ipip" },
	{ REFUSED, "fallback=127.0.0.1:80:90", "invalid IPv4 address or could not resolve for fallback server: 127.0.0.1:80" },
	{ REFUSED, "fallback=127.0.0.1:nosuch", "invalid port for fallback server" },
	{ REFUSED, "timeout=3", "timeout directive deprecated in favour of checktimeout and negotiatetimeout" },
	{ REFUSED, "connecttimeout=3", "connecttimeout directive deprecated in favour of negotiatetimeout" },
	{ REFUSED, "receive=\"x\"", "receive belongs into a section" },
	{ REFUSED, "nonsense=1", "no directive has this name" },
	{ REFUSED, "checkintervall=1", "did you mean checkinterval?" },
	{ REFUSED, "f=1", "no directive has this name" },
	{ REFUSED, "virtual", "Unknown command virtual" },
	{ REFUSED, "virtualx=1", "Unknown command virtualx=1" },
	{ WARNED, "virtual= 7 x\n\treal=10.0.0.9 gate", "text behind the address is ignored:  x" },
	{ REFUSED, "virtual=0", "a firewall mark is a number from 1 to 4294967295" },
	{ REFUSED, "virtual=4294967296", "a firewall mark is a number from 1 to 4294967295" },
	{ REFUSED, "virtual=foo bar", "invalid address for virtual server" },
	{ REFUSED, "virtual=10.0.0.300:80", "invalid address for virtual service" },
	{ REFUSED, "virtual=10.0.0.7:99999", "invalid address for virtual service" },
	{ REFUSED, "virtual=10.0.0.7:80x", "invalid address for virtual service" },
	{ REFUSED, "virtual=10.0.0.7:0", "virtual service with port 0" },
	{ REFUSED, "virtual=\"10.0.0.7:80\"", "invalid address for virtual server" },
	{ REFUSED, "virtual=[::1]:80", "cannot specify an IPv6 address here. please use \"virtual6\" instead." },
	{ REFUSED, "virtual6=10.0.0.7:80", "invalid address for virtual service" },
	{ REFUSED, "virtual6=::1:80", "invalid address for virtual server" },
	{ REFUSED, "virtual6=[::ffff:10.0.0.1]:80", "invalid address for virtual server" },
	{ GOOD, "virtual=10.7:http\n\treal=10.0.0.2:80 gate", NULL },
	{ REFUSED, "virtual=10.1:http\n\treal=10.0.0.2:80 gate",
	  "at line 4: duplicate virtual server; tcp:10.0.0.1:80 of line 3 is in line 1 already" },
	{ REFUSED, "virtual6=[::1]:80\n\treal=10.0.0.2:80 masq", "at line 2: cannot specify \"real\" here.  please use \"real6\" instead" },
	{ REFUSED, "virtual6=[::1]:80\n\tfallback=10.0.0.2:80", "cannot specify \"fallback\" here.  please use \"fallback6\" instead" },
	{ REFUSED, "virtual6=[::1]:80\n\treal6=[::2]->[::3]:80 masq", "Address range for IPv6 is not supported yet" },
	{ REFUSED, "virtual6=[::1]:80\n\tnetmask=129", "invalid netmask: a prefix length between 1 and 128 is required" },
	{ REFUSED, "virtual=7\n\tprotocol=tcp", "protocol must be fwm if the virtual service is a fwmark (a number)" },
	{ REFUSED, "\xff\xfe=\x01", "Unknown command \\xff\\xfe=\\x01" },
};

/* Put into a section with a server, line 3. */
static const Case sections[] = {
	{ GOOD, "# comment", NULL },
	{ GOOD, "\t# comment", NULL },
	{ GOOD, "\tchecktimeout=3#comment", NULL },
	{ GOOD, "    quiescent=no # comment", NULL },
	{ REFUSED, "     ", "Unknown command \"     \"" },
	{ REFUSED, "\ttimeout=3", "Unknown command \"\ttimeout=3\"" },
	{ REFUSED, "\tconnecttimeout=3", "connecttimeout directive deprecated in favour of negotiatetimeout" },
	{ REFUSED, "\tautoreload=yes", "autoreload is not for a section" },
	{ REFUSED, "\tRequest=\"a\"", "write request in small letters" },
	{ REFUSED, "\tvirtual=10.0.0.2:80", "Unknown command" },
	{ REFUSED, "\tschedular=rr", "did you mean scheduler?" },
	{ REFUSED, "\tchecktimeout=0", "at line 3: invalid check timeout; " },
	{ WARNED, "\tchecktimeout=00", "checktimeout: 00 is no number of its own" },
	{ REFUSED, "\tcheckinterval=0", "invalid checkinterval" },
	{ REFUSED, "\tfailurecount=0", "invalid failure count; " },
	/* real servers */
	{ GOOD, "\treal=10.0.0.2:80 gate", NULL },
	{ GOOD, "\treal=10.0.0.2:80 gate 0", NULL },
	{ GOOD, "\treal=10.0.0.2 masq", NULL },
	{ GOOD, "\treal=www.example.com:http masq 3 \"a\",\"b\" l:1 u:2", NULL },
	{ GOOD, "\treal=10.0.0.2:80 gate \"a\" \"b\"", NULL },
	{ GOOD, "\treal=10.0.0.2:80 (gate) 5", NULL },
	{ GOOD, "\treal=10.0.0.2:80 gate weight 5", NULL },
	{ GOOD, "\treal=10.0.0.2->10.0.0.4:80 gate", NULL },
	{ WARNED, "\treal=10.0.0.2:80 gate 1 u:9 l:3", "ldirectord 4.12 loses u: in front of l:" },
	{ WARNED, "\treal=(10.0.0.2:80 masq", "text in front of" },
	{ WARNED, "\treal=10.0.0.2:80 gate \"/a\",\"b\"", "ldirectord 4.12 ignored them for the slash" },
	{ WARNED, "\treal=10.0.0.2:81 gate", "gate cannot change ports" },
	{ REFUSED, "\treal=", "invalid address for real server (wrong format)" },
	{ REFUSED, "\treal=10.0.0.2:80", "invalid address for real server (wrong format)" },
	{ REFUSED, "\treal=10.0.0.2:80gate", "invalid address for real server (wrong format)" },
	{ REFUSED, "\treal=10.0.0.2:80 foo", "forward method must be gate, masq or ipip" },
	{ REFUSED, "\treal=10.0.0.2:80 Gate", "forward method must be gate, masq or ipip" },
	{ REFUSED, "\treal=10.0.0.2:80 gate1", "forward method must be gate, masq or ipip" },
	{ REFUSED, "\treal=10.0.0.2 -> 10.0.0.4:80 gate", "forward method must be gate, masq or ipip" },
	{ REFUSED, "\treal=10.0.0.2:80 gate x", "Invalid real server line, around \" x\"" },
	{ REFUSED, "\treal=10.0.0.2:80 gate,1", "Invalid real server line, around \",1\"" },
	{ REFUSED, "\treal=10.0.0.2:80 gate -1", "Invalid real server line, around \" -1\"" },
	{ REFUSED, "\treal=10.0.0.2:80 gate 1.5", "Invalid real server line, around \".5\"" },
	{ REFUSED, "\treal=10.0.0.2:80 gate 5 6", "Invalid real server line, around \" 6\"" },
	{ REFUSED, "\treal=10.0.0.2:80 gate 1 \"a\"", "Invalid real server line, around \" \"a\"\"" },
	{ REFUSED, "\treal=10.0.0.2:80 gate 1 \"a\",\"b\" x", "Invalid real server line, around \" x\"" },
	{ REFUSED, "\treal=10.0.0.2:80 gate \"page 5.html\",\"ok\"", "Invalid real server line" },
	{ REFUSED, "\treal=10.0.0.2:80 gate 1 \"a\",\"(\"", "receive is not a regular expression" },
	{ REFUSED, "\treal=10.0.0.2:80 gate 2147483648", "invalid weight for real server" },
	{ REFUSED, "\treal=10.0.0.2:80 gate 1 l:3", "lower threshold 3 above the upper threshold 0" },
	{ REFUSED, "\treal=10.0.0.2:nosuch gate", "invalid port (nosuch) for real server (could not resolve port)" },
	{ REFUSED, "\treal=10.0.0.2:99999 gate", "invalid port (99999) for real server (could not resolve port)" },
	{ REFUSED, "\treal=nosuch.example:80 gate", "invalid address (nosuch.example) for real server (could not resolve host)" },
	{ REFUSED, "\treal=10.0.0.3->10.0.0.2:80 gate", "Invalid Range: 10.0.0.3-10.0.0.2: First value must be greater" },
	{ REFUSED, "\treal=10.0.0.3->nosuch:80 gate", "invalid address (nosuch) for real server (could not resolve end host)" },
	{ REFUSED, "\treal=0.0.0.1->255.0.0.0:80 gate", "more than 65536 servers" },
	{ REFUSED, "\treal=[::1]:80 gate", "invalid address ([::1]) for real server (could not resolve host)" },
	{ REFUSED, "\treal6=[::1]:80 gate", "cannot specify \"real6\" here.  please use \"real\" instead" },
	{ REFUSED, "\treal=0.0.0.0:80 gate", "the kernel refuses it" },
	{ REFUSED, "\treal=224.0.0.1:80 gate", "the kernel refuses it" },
	{ WARNED, "\treal=10.0.0.9:80 gate", "real server 10.0.0.9:80 is that of line 2 already: only the last one counts" },
	{ WARNED, "\treal=10.0.0.9 gate", "real server 10.0.0.9:80 is that of line 2 already" },
	{ WARNED, "\treal=10.0.0.8->10.0.0.10:80 gate 5", "real server 10.0.0.9:80 is that of line 2 already" },
	{ REFUSED, "\treal=10.0.0.9:8080 gate", "duplicate real server: 10.0.0.9:80 is that of line 2 already" },
	{ GOOD, "\treal=10.0.0.9:8080 masq", NULL },
	/* words */
	{ GOOD, "\trequest = \"a\"", NULL },
	{ WARNED, "\trequest=\"a\" x", "text behind the closing quote is ignored:  x" },
	{ REFUSED, "\trequest=a", "Unknown command \"\trequest=a\"" },
	{ REFUSED, "\trequest=\"\"", "no request string specified" },
	{ REFUSED, "\treceive=\"\"", "invalid receive string" },
	{ REFUSED, "\treceive=\"a(b\"", "receive is not a regular expression: " },
	{ GOOD, "\treceivenot=\"Fatal|Warning\"", NULL },
	{ REFUSED, "\treceivenot=\"\"", "invalid receivenot string" },
	{ REFUSED, "\treceivenot=\"a(b\"", "receivenot is not a regular expression: " },
	{ REFUSED, "\tservice=smtp\n\treceivenot=\"x\"", "receivenot: service smtp has none; it is for http" },
	{ GOOD, "\thttpredirect=no", NULL },
	{ REFUSED, "\thttpredirect=never", "httpredirect must be 'yes' or 'no'" },
	{ REFUSED, "\tservice=ftp\n\thttpredirect=no", "httpredirect: service ftp has none" },
	{ GOOD, "\tchecktype=external-perl", NULL },
	{ GOOD, "\tchecktype=0", NULL },
	{ WARNED, "\tchecktype=(ping)", "only \"ping\" counts" },
	{ WARNED, "\tchecktype=connect3", "only \"3\" counts" },
	{ REFUSED, "\tchecktype=Connect", "checktype must be \"connect\", \"negotiate\"" },
	{ REFUSED, "\tchecktype=connect-x", "checktype must be" },
	{ REFUSED, "\tchecktype=", "checktype must be" },
	{ REFUSED, "\tcheckport=http", "invalid port" },
	{ REFUSED, "\tcheckport=65536", "checkport must be in range 1..65536" },
	{ WARNED, "\tservice=http-x", "only \"http\" counts" },
	{ REFUSED, "\tservice=HTTP", "service must be dns, ftp" },
	{ WARNED, "\tprotocol=tcp udp", "only \"tcp\" counts" },
	{ REFUSED, "\tprotocol=TCP", "protocol must be tcp or udp if the virtual service is an address and port" },
	{ REFUSED, "\tprotocol=", "invalid protocol" },
	{ WARNED, "\tscheduler=Wlc", "only \"lc\" counts" },
	{ WARNED, "\tscheduler=best", "scheduler \"best\" is not among those of Linux" },
	{ REFUSED, "\tscheduler=RR", "invalid scheduler, should be only lowercase letters (a-z)" },
	{ REFUSED, "\tpersistent=0", "invalid persistent timeout" },
	{ REFUSED, "\tpersistent=2678401", "invalid persistent timeout" },
	{ WARNED, "\tnetmask=255.255.255.0", "netmask without persistent is ignored" },
	{ REFUSED, "\tnetmask=24", "invalid netmask: dotted quad notation is required" },
	{ REFUSED, "\tnetmask=999.1.1.1", "invalid netmask: dotted quad notation is required" },
	{ REFUSED, "\tschedflags=", "invalid sched-flags" },
	{ REFUSED, "\tschedflags=sh-port", "invalid sched-flags: sh-port is for another scheduler than wrr" },
	{ WARNED, "\tops=yes", "ops=yes is for udp, and ignored" },
	{ GOOD, "\tservice=smtp\n\tstarttls=yes", NULL },
	{ REFUSED, "\tservice=nntp\n\tstarttls=yes", "starttls: service nntp has none" },
	{ REFUSED, "\tservice=smtp\n\tstarttls=maybe", "starttls must be 'yes' or 'no'" },
	{ GOOD, "\tservice=https\n\tsslca=/a\n\tsslexpiry=30", NULL },
	{ REFUSED, "\tservice=https\n\tsslexpiry=x", "invalid number of days" },
	{ GOOD, "\tservice=https\n\tsslcert=/a\n\tsslkey=\"/b\"", NULL },
	{ REFUSED, "\tservice=https\n\tsslkey=/b", "sslkey without sslcert" },
	{ GOOD, "\thttpmethod=head", NULL },
	{ GOOD, "\thttpstatus=200-299, 401,503", NULL },
	{ REFUSED, "\thttpstatus=", "invalid status codes" },
	{ REFUSED, "\thttpstatus=2xx", "invalid status codes; write httpstatus=200" },
	{ REFUSED, "\thttpstatus=299-200", "invalid status codes" },
	{ REFUSED, "\thttpstatus=200,", "invalid status codes" },
	{ REFUSED, "\thttpstatus=200-99", "invalid status codes" },
	{ REFUSED, "\thttpstatus=0200", "invalid status codes" },
	{ REFUSED, "\tservice=smtp\n\thttpstatus=200", "httpstatus: service smtp has none" },
	{ REFUSED, "\tlogin=\"\"", "invalid login string" },
	{ REFUSED, "\tpasswd=\"\"", "invalid password" },
	{ REFUSED, "\tdatabase=\"\"", "invalid database" },
	{ REFUSED, "\tsecret=\"\"", "invalid secret" },
	{ REFUSED, "\tload=\"\"", "invalid string for load testing" },
	{ REFUSED, "\tcheckcommand=", "invalid check command" },
	{ REFUSED, "\tfallbackcommand=", "invalid fallback command" },
	{ REFUSED, "\temailalertfrom=x", "emailalertfrom is not for a section" },
	{ GOOD, "\temailalert=(root@example.com\"", NULL },
	{ GOOD, "\temailalert=\"a\" <b@example.com>", NULL },
	{ WARNED, "\tnotify=told\"a#b\"c", "'#' within quotes" },
	{ GOOD, "\tnotify=\"\"told\" a\"", NULL },
	{ GOOD, "\tnotify=\" told \"a\"\"", NULL },
	{ GOOD, "\tnotify=\"told", NULL },
	{ GOOD, "\tvirtualhost=", NULL },
	{ WARNED, "\tvirtualhost=\"a\" b", "only \"a\" counts" },
	{ GOOD, "\tfallback=127.0.0.1", NULL },
};

static void
judge(const Case *row, const char *text)
{
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(LdirConfig) config = fixture_parse(text, strlen(text), problems);
	g_autofree char *said = fixture_problems(problems);
	Verdict verdict = config == NULL ? REFUSED : problems->len > 0 ? WARNED : GOOD;

	g_test_message("[%s] %s", row->line, said);
	g_assert_cmpint(verdict, ==, row->verdict);
	if (row->says != NULL)
		g_assert_nonnull(strstr(said, row->says));
	if (config != NULL)
		fixture_assert_normal(config);
}

static void
test_globals(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(globals); i++) {
		g_autofree char *text = g_strconcat(globals[i].line, "\nvirtual=10.0.0.1:80\n\treal=10.0.0.9:80 gate\n", NULL);

		judge(&globals[i], text);
	}
}

static void
test_sections(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(sections); i++) {
		g_autofree char *text = g_strconcat("virtual=10.0.0.1:80\n\treal=10.0.0.9:80 gate\n", sections[i].line, "\n", NULL);

		judge(&sections[i], text);
	}
}

static LdirConfig *
good(const char *text)
{
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	LdirConfig *config = fixture_parse(text, strlen(text), problems);

	g_assert_nonnull(config);
	return config;
}

static void
test_all_errors_are_said_in_order(void)
{
	static const char text[] =
		"checktimeout=0\nbogus=1\nvirtual=10.0.0.1:80\n\treal=10.0.0.9:80 foo\n\tservice=x\n\nquiescent=maybe\n";
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	static const guint lines[] = { 1, 2, 5, 4, 7 };        /* servers behind the rest of their section */

	g_assert_null(fixture_parse(text, strlen(text), problems));
	g_assert_cmpuint(problems->len, ==, G_N_ELEMENTS(lines));
	for (guint i = 0; i < problems->len; i++)
		g_assert_cmpuint(((const LdirProblem *)problems->pdata[i])->line, ==, lines[i]);
}

static void
test_strict_makes_errors_of_warnings(void)
{
	static const char text[] = "virtual=10.0.0.1:80\n\treal=10.0.0.9:81 gate\n\nstrict=yes\n";
	g_autoptr(GPtrArray) problems = ldir_problems_new();

	g_assert_null(fixture_parse(text, strlen(text), problems));
	g_assert_cmpuint(ldir_problems_count(problems, LDIR_ERROR), ==, 1);
}

static void
test_timeouts_follow_each_other(void)
{
	g_autoptr(LdirConfig) none = good("virtual=10.0.0.1:80\n\treal=10.0.0.9:80 gate\n");
	g_autoptr(LdirConfig) some = good("checktimeout=3\nvirtual=10.0.0.1:80\n\treal=10.0.0.9:80 gate\n"
	                                  "virtual=10.0.0.2:80\n\treal=10.0.0.9:80 gate\n\tnegotiatetimeout=7\n");

	g_assert_cmpint(ldir_virtual_checktimeout_ms(none, none->virtuals->pdata[0]), ==, 5000);
	g_assert_cmpint(ldir_virtual_negotiatetimeout_ms(none, none->virtuals->pdata[0]), ==, 30000);
	g_assert_cmpint(ldir_virtual_checktimeout_ms(some, some->virtuals->pdata[0]), ==, 3000);
	g_assert_cmpint(ldir_virtual_negotiatetimeout_ms(some, some->virtuals->pdata[0]), ==, 3000);
	g_assert_cmpint(ldir_virtual_checktimeout_ms(some, some->virtuals->pdata[1]), ==, 7000);
	g_assert_cmpint(ldir_virtual_negotiatetimeout_ms(some, some->virtuals->pdata[1]), ==, 7000);
}

static void
test_ports_and_services_are_worked_out(void)
{
	static const struct {
		const char *text;
		LdirService service;
		LdirProtocol protocol;
		guint16 ipvs_port, check_port;
	} rows[] = {
		{ "virtual=10.0.0.1:443\n\treal=10.0.0.9:8443 masq\n", LDIR_SERVICE_HTTPS, LDIR_PROTOCOL_TCP, 8443, 8443 },
		{ "virtual=10.0.0.1:443\n\treal=10.0.0.9:8443 gate\n", LDIR_SERVICE_HTTPS, LDIR_PROTOCOL_TCP, 443, 8443 },
		{ "virtual=10.0.0.1:80\n\treal=10.0.0.9 gate\n", LDIR_SERVICE_HTTP, LDIR_PROTOCOL_TCP, 80, 80 },
		{ "virtual=10.0.0.1:80\n\treal=10.0.0.9 masq\n\tcheckport=81\n", LDIR_SERVICE_HTTP, LDIR_PROTOCOL_TCP, 0, 81 },
		{ "virtual=10.0.0.1:domain\n\treal=10.0.0.9:53 gate\n", LDIR_SERVICE_DNS, LDIR_PROTOCOL_UDP, 53, 53 },
		{ "virtual=10.0.0.1:53\n\treal=10.0.0.9:53 gate\n\tprotocol=tcp\n", LDIR_SERVICE_DNS, LDIR_PROTOCOL_TCP, 53, 53 },
		{ "virtual=10.0.0.1:81\n\treal=10.0.0.9:81 gate\n", LDIR_SERVICE_NONE, LDIR_PROTOCOL_TCP, 81, 81 },
		{ "virtual=7\n\treal=10.0.0.9 gate\n", LDIR_SERVICE_NONE, LDIR_PROTOCOL_FWM, 0, 0 },
		{ "virtual=7\n\treal=10.0.0.9 gate\n\tservice=imaps\n", LDIR_SERVICE_IMAPS, LDIR_PROTOCOL_FWM, 0, 993 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(LdirConfig) config = good(rows[i].text);
		const LdirVirtual *vs = config->virtuals->pdata[0];
		const LdirReal *real = vs->reals->pdata[0];

		g_test_message("%s", rows[i].text);
		g_assert_cmpint(ldir_virtual_service(vs), ==, rows[i].service);
		g_assert_cmpint(ldir_virtual_protocol(vs), ==, rows[i].protocol);
		g_assert_cmpuint(real->ipvs_port, ==, rows[i].ipvs_port);
		g_assert_cmpuint(real->check_port, ==, rows[i].check_port);
	}
}

static void
test_a_range_over_a_digit_more(void)
{
	g_autoptr(LdirConfig) config = good("virtual=10.0.0.1:80\n\treal=59.154.201.255->59.154.202.0:80 gate 2\n");
	const LdirVirtual *vs = config->virtuals->pdata[0];

	g_assert_cmpuint(vs->reals->len, ==, 2);
	g_assert_cmpuint(((const LdirReal *)vs->reals->pdata[1])->weight, ==, 2);
}

static void
test_the_parts_of_a_real_line(void)
{
	g_autoptr(LdirConfig) config = good("virtual=10.0.0.1:80\n\treal=10.0.0.9:80 masq 3 \"/a#b\",\"c d\" l:2 u:9\n");
	const LdirVirtual *vs = config->virtuals->pdata[0];
	const LdirReal *real = vs->reals->pdata[0];

	g_assert_cmpint(real->forward, ==, LDIR_FORWARD_MASQ);
	g_assert_cmpuint(real->weight, ==, 3);
	g_assert_cmpstr(real->request, ==, "/a#b");
	g_assert_cmpstr(real->receive, ==, "c d");
	g_assert_nonnull(real->pattern);
	g_assert_cmpuint(real->lower, ==, 2);
	g_assert_cmpuint(real->upper, ==, 9);
}

static void
test_quotes_of_commands(void)
{
	static const struct {
		const char *line, *global, *section;
	} rows[] = {
		{ "/bin/x", "/bin/x", "/bin/x" },
		{ "\"/bin/x y\"", "/bin/x y", "/bin/x y" },
		{ "/bin/x \"a b\" c", "/bin/x \"a b\" c", "/bin/x \"a b\" c" },
		{ "\"/bin/x\" y", "\"/bin/x\" y", "/bin/x" },
		{ "\"/bin/x\" \"a b\"", "\"/bin/x\" \"a b\"", "/bin/x\" \"a b" },
		{ "\"/bin/x y", "\"/bin/x y", "\"/bin/x y" },
		{ "/bin/x\"", "/bin/x\"", "/bin/x\"" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf("fallbackcommand=%s\nvirtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate\n"
		                                        "\tfallbackcommand=%s\n\tcheckcommand=%s\n",
		                                        rows[i].line, rows[i].line, rows[i].line);
		g_autoptr(GPtrArray) problems = ldir_problems_new();
		g_autoptr(LdirConfig) config = fixture_parse(text, strlen(text), problems);
		const LdirVirtual *vs = config->virtuals->pdata[0];

		g_assert_cmpstr(config->global.fallbackcommand, ==, rows[i].global);
		g_assert_cmpstr(vs->own.fallbackcommand, ==, rows[i].section);
		g_assert_cmpstr(vs->own.checkcommand, ==, rows[i].section);
	}
}

static void
test_bytes_that_are_no_text(void)
{
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(LdirConfig) with_mark = fixture_parse("\xef\xbb\xbfquiescent=no\n", 16, problems);
	g_autofree char *giant = g_strnfill(20000, 'a');

	g_assert_nonnull(with_mark);
	g_assert_null(fixture_parse("quiescent=no\0\n", 14, problems));
	g_assert_null(fixture_parse(giant, 20000, problems));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/conf/globals", test_globals);
	g_test_add_func("/ldir/conf/sections", test_sections);
	g_test_add_func("/ldir/conf/all-errors", test_all_errors_are_said_in_order);
	g_test_add_func("/ldir/conf/strict", test_strict_makes_errors_of_warnings);
	g_test_add_func("/ldir/conf/timeouts", test_timeouts_follow_each_other);
	g_test_add_func("/ldir/conf/ports", test_ports_and_services_are_worked_out);
	g_test_add_func("/ldir/conf/range", test_a_range_over_a_digit_more);
	g_test_add_func("/ldir/conf/real", test_the_parts_of_a_real_line);
	g_test_add_func("/ldir/conf/quotes-of-commands", test_quotes_of_commands);
	g_test_add_func("/ldir/conf/bytes", test_bytes_that_are_no_text);
	return g_test_run();
}
