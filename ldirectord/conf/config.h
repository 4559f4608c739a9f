/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config.h - a configuration that has been read: data, never changed afterwards.
 *
 * Times are milliseconds. What a file does not say is LDIR_UNSET or NULL in LdirSettings;
 * ldir_virtual_...() answer with the defaults (doc/ldirectord.md 2.3, 3.1).
 */
#ifndef LDIR_CONFIG_H
#define LDIR_CONFIG_H

#include "ldirectord/conf/address.h"
#include "ldirectord/conf/pattern.h"

#define LDIR_UNSET (-1)

typedef enum {
#define X(id, name, port, text) LDIR_SERVICE_##id,
#include "ldirectord/conf/services.def"
#undef X
	LDIR_N_SERVICES
} LdirService;

typedef enum {
#define X(id, name, text) LDIR_CHECK_##id,
#include "ldirectord/conf/checks.def"
#undef X
	LDIR_N_CHECKS
} LdirCheck;

typedef enum { LDIR_PROTOCOL_TCP, LDIR_PROTOCOL_UDP, LDIR_PROTOCOL_FWM } LdirProtocol;
typedef enum { LDIR_METHOD_GET, LDIR_METHOD_HEAD, LDIR_METHOD_POST, LDIR_METHOD_PUT, LDIR_N_METHODS } LdirMethod;
typedef enum { LDIR_HTTP_1_1, LDIR_HTTP_2, LDIR_N_HTTP_VERSIONS } LdirHttpVersion;
typedef enum { LDIR_VERIFY_CHAIN, LDIR_VERIFY_NONE, LDIR_VERIFY_FULL } LdirVerify;
typedef enum { LDIR_FORWARD_GATE, LDIR_FORWARD_MASQ, LDIR_FORWARD_IPIP } LdirForward;

/* What a check has said of the weight of its server. */
typedef enum {
	LDIR_SAID_NOTHING,
	LDIR_SAID_WEIGHT,       /* it is .n */
	LDIR_SAID_PERCENT       /* .n hundredths of that of the configuration */
} LdirSaidKind;

typedef struct {
	LdirSaidKind kind;
	guint32 n;
	gboolean has_certificate;       /* over TLS: that of the server ends in */
	gint64 certificate_days;        /* below 0: it has ended */
} LdirSaid;

/* fallbackcheck=service, beside yes (1) and no (0): as the servers of their service */
#define LDIR_FALLBACKS_AS_SERVERS 2

/* bits of emailalertstatus */
enum {
	LDIR_STATUS_STARTING = 1,
	LDIR_STATUS_RUNNING = 2,
	LDIR_STATUS_STOPPING = 4,
	LDIR_STATUS_RELOADING = 8,
	LDIR_STATUS_ALL = 15
};

/* fallback= as it was written, and what it came to. */
typedef struct {
	char *host;             /* NULL: there is none */
	char *port_text;        /* NULL: not given */
	LdirForward forward;
	guint line;
	LdirAddress addr;
	guint16 port;           /* what port_text means */
} LdirFallback;

/* Everything that directives say, of the whole file or of one section. */
typedef struct {
	gint64 checktimeout_ms, negotiatetimeout_ms, checkinterval_ms, fastinterval_ms, downinterval_ms, slowstart_ms;
	gint64 emailalertfreq_ms, persistent_ms;
	gint64 checkcount, failurecount, risecount, checkport, quorum, quorumhysteresis, sslexpiry;
	gint64 autoreload, supervised, fork, quiescent, readdquiescent, cleanstop, strict, standby, externalweight, ops, fallbackcommandonstop;
	gint64 fallbackcheck;
	gint64 emailalertstatus;        /* bits */
	gint64 checktype, connects;     /* LdirCheck; N of the combined check */
	gint64 service, protocol, httpmethod, httpredirect, httpversion, sslverify, starttls;
	char *callback, *fallbackcommand, *notify, *quorumup, *quorumdown, *logfile, *maintenancedir, *syncdaemon;
	char *flapmax, *weightfile;
	char *emailalert, *emailalertfrom, *smtp;
	char *httpbody, *httpstatus, *request, *receive, *receivenot, *checkcommand, *login, *passwd, *database, *secret, *load;
	char *sslca, *sslcert, *sslkey;
	char *scheduler, *netmask, *schedflags, *virtualhost, *monitorfile, *servicename, *comment;
	GPtrArray *execute;             /* char * */
	GPtrArray *httpheaders;         /* char *, "Name: value" */
	GPtrArray *checks;              /* LdirCheckLine *: check=, in the order of the file */
	LdirFallback fallback, fallback6;
	GPtrArray *nexts, *nexts6;      /* LdirFallback *: nextfallback=, nextfallback6= */
} LdirSettings;

typedef struct {
	guint line;
	LdirAddress addr;
	guint16 port;           /* as written, 0: none */
	guint16 ipvs_port;      /* that of the kernel's table: gate and ipip cannot change it */
	guint16 check_port;     /* 0: none is known, and a check that needs one fails */
	LdirForward forward;
	guint32 weight, lower, upper;
	char *request, *receive;        /* NULL: those of the virtual service */
	LdirPattern *pattern;           /* of receive */
	GPtrArray *more;                /* LdirReal *: itself as each line check= sees it, in their order; NULL: there are none */
	gboolean is_fallback;           /* one of LdirVirtual.spares */
	gboolean is_asked_as_server;    /* of these: by the check of the section, at its own port */
} LdirReal;

typedef struct LdirVirtual LdirVirtual;

/* A line check=: another check of each server of its section. */
typedef struct {
	GPtrArray *words;       /* const LdirDirective *: those that the line says itself */
	LdirVirtual *as;        /* (owned) the section as this check sees it, without servers: .line is that of the check, .own.checktype
	                         * its type, .own what the line says, and what it takes over from the section */
	gboolean is_broken;     /* something in the line is wrong: what else it lacks may be that */
} LdirCheckLine;

struct LdirVirtual {
	guint line;
	int family;
	gboolean is_mark;
	guint32 mark;           /* is_mark */
	LdirAddress addr;       /* not is_mark, as port */
	guint16 port;
	char *port_text;
	LdirSettings own;
	LdirPattern *pattern;   /* of own.receive */
	LdirPattern *forbidden; /* of own.receivenot */
	GPtrArray *reals;       /* LdirReal *, in the order of the file */
	GPtrArray *fallbacks;   /* LdirFallback *, not owned: its own, else those of the file; the first one first */
	GPtrArray *spares;      /* LdirReal *: those of them that are checked, all or none */
};

typedef struct {
	LdirSettings global;
	GPtrArray *virtuals;    /* LdirVirtual *, in the order of the file */
} LdirConfig;

void ldir_config_free(LdirConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LdirConfig, ldir_config_free)

/* For the reader */
LdirConfig *ldir_config_new(void);
LdirVirtual *ldir_virtual_new(void);
void ldir_virtual_free(gpointer virtual_service);
void ldir_real_free(gpointer real);
void ldir_check_line_free(gpointer check_line);

/* Words of the file for enumerators; never NULL. */
const char *ldir_service_name(LdirService service);
guint16 ldir_service_port(LdirService service);
const char *ldir_check_name(LdirCheck check);
const char *ldir_protocol_name(LdirProtocol protocol);
const char *ldir_forward_name(LdirForward forward);
const char *ldir_method_name(LdirMethod method);
const char *ldir_verify_name(LdirVerify verify);
const char *ldir_http_version_name(LdirHttpVersion version);

/* Server number @n, behind the servers their spares (transfer none) */
const LdirReal *ldir_virtual_server(const LdirVirtual *vs, guint n);

/* What holds for one virtual service */
LdirProtocol ldir_virtual_protocol(const LdirVirtual *vs);
LdirService ldir_virtual_service(const LdirVirtual *vs);
LdirCheck ldir_virtual_check(const LdirVirtual *vs);
gint64 ldir_virtual_checktimeout_ms(const LdirConfig *config, const LdirVirtual *vs);
gint64 ldir_virtual_checkcount(const LdirConfig *config, const LdirVirtual *vs);
gint64 ldir_virtual_negotiatetimeout_ms(const LdirConfig *config, const LdirVirtual *vs);
gboolean ldir_virtual_external_weight(const LdirConfig *config, const LdirVirtual *vs);
/* @list as httpstatus= has it, "200-299,401", NULL: 2xx. Is @code one of them? */
gboolean ldir_httpstatus_has(const char *list, guint code);
/* "404" or "200-299", status codes, the first not above the last */
gboolean ldir_httpstatus_range(const char *text, guint *ret_first, guint *ret_last);
/* POST and PUT send a body, if only an empty one. */
gboolean ldir_method_has_body(LdirMethod method);
LdirVerify ldir_virtual_verify(const LdirVirtual *vs);
const char *ldir_virtual_sslca(const LdirConfig *config, const LdirVirtual *vs);        /* NULL: what the system has */
const char *ldir_virtual_scheduler(const LdirVirtual *vs);

#define LDIR_INTERFACE_MAX 16   /* octets of the name, with the one at its end */

/* What syncdaemon= says, "eth0" or "eth0,5" (0 where there is none). FALSE: it is neither. */
gboolean ldir_sync_words(const char *text, char ret_interface[LDIR_INTERFACE_MAX], guint32 *ret_id);

#define LDIR_FLAPMAX_MAX 20     /* times */

/* What flapmax= says, "3/600": times, and in how many seconds; "0" is none. FALSE: it is neither. */
gboolean ldir_flapmax_words(const char *text, guint *ret_times, guint *ret_seconds);

/* "tcp:10.0.0.1:80", "fwm:7", "fwm6:7": what makes it that one (transfer full) */
char *ldir_virtual_id(const LdirVirtual *vs);

#endif
