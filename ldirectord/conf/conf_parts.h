/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf_parts.h - what the files of the reader share.
 */
#ifndef LDIR_CONF_PARTS_H
#define LDIR_CONF_PARTS_H

#include "ldirectord/conf/conf.h"

typedef enum {
	LDIR_KIND_SECONDS,      /* the first number; milliseconds in LdirSettings */
	LDIR_KIND_NUMBER,
	LDIR_KIND_PORT,
	LDIR_KIND_SWITCH,       /* yes or no */
	LDIR_KIND_SUPERVISED,   /* the same, or nothing at all */
	LDIR_KIND_QUOTED,       /* "text", quotes required */
	LDIR_KIND_PATTERN,      /* the same, a regular expression */
	LDIR_KIND_UNQUOTED,     /* text or "text" */
	LDIR_KIND_COMMAND,      /* the same, and not empty */
	LDIR_KIND_TEXT,         /* to the end of the line */
	LDIR_KIND_LIST,         /* the same, once for each line */
	LDIR_KIND_HOST,
	LDIR_KIND_STATUS,
	LDIR_KIND_CHECKTYPE,
	LDIR_KIND_SERVICE,
	LDIR_KIND_PROTOCOL,
	LDIR_KIND_METHOD,
	LDIR_KIND_VERIFY,
	LDIR_KIND_VERSION,      /* of http */
	LDIR_KIND_SCHEDULER,
	LDIR_KIND_NETMASK,
	LDIR_KIND_FLAGS,
	LDIR_KIND_SYNC,         /* interface[,syncid] */
	LDIR_KIND_FLAPMAX,      /* 3/600 */
	LDIR_KIND_CODES,        /* 200-299,401 */
	LDIR_KIND_HEADER,       /* "Name: value" in quotes, once for each line */
	LDIR_KIND_BODY,         /* "text", quotes required */
	LDIR_KIND_FALLBACK,
	LDIR_KIND_NEXTFALLBACK, /* the same, once for each line */
	LDIR_KIND_REAL,
	LDIR_KIND_CHECK,        /* a type and words, once for each line */
	LDIR_KIND_REFUSED,      /* once known, now an error */
	LDIR_N_KINDS
} LdirKind;

enum {
	LDIR_IN_GLOBAL = 1,
	LDIR_IN_SECTION = 2
};

enum {
	LDIR_FLAG_OURS = 1,
	LDIR_FLAG_UDP = 2,
	LDIR_FLAG_HASH = 4,
	LDIR_FLAG_MS = 8,
	LDIR_FLAG_DIGIT = 16,
	LDIR_FLAG_ZEROS_V = 32,
	LDIR_FLAG_ZEROS_G = 64
};

#define LDIR_NOWHERE ((gsize)-1)

typedef struct {
	const char *name;
	LdirKind kind;
	gsize target;           /* offset in LdirSettings, or LDIR_NOWHERE */
	guint where;
	gint64 min, max;
	const char *otherwise;  /* the default as text, or NULL */
	guint flags;
	const char *bad_global, *bad_section;
	const char *text;
} LdirDirective;

extern const LdirDirective ldir_directives[];
extern const guint ldir_n_directives;

/* conf.c: that of this name, or NULL */
const LdirDirective *ldir_directive_find(const char *name);
/* How many letters must be changed to make @a of @b; only short words are compared. */
guint ldir_word_distance(const char *a, const char *b);

/* A line real=: kept as @text until the section is complete, then parsed, then its names are asked for. */
typedef struct {
	guint line;
	char *text;
	gboolean has_blank;             /* behind it, where there may be a comment */
	char *host, *end_host;          /* end_host NULL: not a range */
	char *port_text;                /* NULL: not given */
	char *tail;                     /* what stands behind them */
	LdirForward forward;
	guint32 weight, lower, upper;
	char *request, *receive;
	LdirPattern *pattern;
} LdirRealLine;

typedef struct {
	const LdirConfInput *input;
	GPtrArray *problems;
	LdirConfig *config;
	guint line;                     /* that is being read */
	const char *raw;                /* as it stands in the file */
	guint line_after;               /* the one behind the section that is being finished */
	guint flags_line;               /* of its schedflags= */
	/* the section that is open, or the last one */
	LdirVirtual *section;           /* owned by config, or by the reader while it is not finished */
	char *section_host;
	GPtrArray *real_lines;          /* LdirRealLine * */
	gboolean is_open;
	gboolean is_six;                /* opened by virtual6= */
	guint end_place;                /* how many problems there were at its end; G_MAXUINT: it has not come */
	guint end_line;                 /* the line that was its end */
	gboolean is_suspect;            /* something was wrong before its end: what it lacks may be that */
	gboolean is_broken;             /* its address is no good: nothing can be resolved */
	GHashTable *seen;               /* identity of a virtual service -> its line */
	GRegex *real_shape, *real_pair;
	GHashTable *patterns;           /* text -> LdirPattern: most servers are asked the same */
} LdirReader;

/* Problems of the line that is being read. */
#define ldir_error(reader, advice, ...) \
	ldir_problem_add((reader)->problems, LDIR_ERROR, (reader)->line, advice, __VA_ARGS__)
#define ldir_warn(reader, advice, ...) \
	ldir_problem_add((reader)->problems, LDIR_WARNING, (reader)->line, advice, __VA_ARGS__)

/* conf_value.c, conf_words.c: @value is what follows '=', without comment. */
void ldir_value_read(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out);
typedef void LdirWordReader(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out);
LdirWordReader ldir_word_status, ldir_word_checktype, ldir_word_service, ldir_word_protocol, ldir_word_method,
	ldir_word_verify, ldir_word_version,
	ldir_word_scheduler, ldir_word_netmask, ldir_word_flags, ldir_word_sync, ldir_word_flapmax, ldir_word_codes;

/* The text between quotes (transfer full), or NULL: that has been said; for one without quotes 4.12 knows no command. */
char *ldir_value_quoted(LdirReader *reader, const LdirDirective *directive, const char *value);

/* Says what is the matter with the value of @directive here. */
void ldir_value_bad(LdirReader *reader, const LdirDirective *directive, const char *advice);
/* Warns that of @value only @used counts. */
void ldir_value_trailing(LdirReader *reader, const LdirDirective *directive, const char *value, const char *used);

/* conf_ask.c: what a check asks for, and wants to hear. The regular expression @text of @name= (transfer full), or NULL: it is none,
 * and that has been said. */
LdirPattern *ldir_value_pattern(LdirReader *reader, const char *name, const char *text);
LdirWordReader ldir_pattern_read, ldir_header_read, ldir_body_read;
/* Says what the service of the section does not know. */
void ldir_ask_judge(LdirReader *reader);

/* conf_real.c */
void ldir_real_read(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out);
/* Its address, and then, when that is known, what stands behind it. FALSE: it is wrong, and that has been said */
gboolean ldir_real_parse_place(LdirReader *reader, LdirRealLine *line);
gboolean ldir_real_parse_tail(LdirReader *reader, LdirRealLine *line);
void ldir_real_line_free(gpointer real_line);
/* The forward method: the first word of *@p, which moves behind it. */
gboolean ldir_word_forward(const char **p, LdirForward *ret_forward);
/* Is this the family of the section? */
gboolean ldir_family_fits(LdirReader *reader, const LdirDirective *directive);

/* conf_fallback.c */
void ldir_fallback_read(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out);
/* Those of the section */
void ldir_resolve_fallbacks(LdirReader *reader);
/* Behind the last line: which of them each service has. */
void ldir_conf_fallbacks(LdirConfig *config);

/* conf_check.c: a line check=. */
LdirWordReader ldir_check_read;

/* Where a check= has what its line does not say. */
typedef enum {
	LDIR_TAKE_NOTHING,      /* nowhere */
	LDIR_TAKE_SAME,         /* from its section, where both speak the same service */
	LDIR_TAKE_SECTION       /* from its section */
} LdirTake;

/* A word of check=, which is the name of a directive. */
typedef struct {
	const char *name;
	guint types;            /* that know it, a bit for each LdirCheck */
	LdirTake take;
} LdirCheckWord;

extern const LdirCheckWord ldir_check_words[];
extern const guint ldir_n_check_words;

gboolean ldir_check_says(const LdirCheckLine *line, const char *word);

/* conf_check_fill.c: what the lines check= of a section that is complete take over from it, and what is wrong with them. */
void ldir_checks_finish(LdirReader *reader);

/* conf_resolve.c: names and ports become addresses, ranges become servers; in a section that is broken nothing but shapes is looked at. */
gboolean ldir_resolve_host(const LdirReader *reader, const char *host, int family, LdirAddress *ret_addr);
gboolean ldir_resolve_port(const LdirReader *reader, const char *text, const char *protocol, guint16 *ret_port);
void ldir_resolve_fallback(LdirReader *reader, LdirFallback *fallback, int family, const LdirVirtual *vs);
void ldir_resolve_reals(LdirReader *reader);

/* conf_virtual.c: a section begins with @value of virtual= or virtual6=, and is judged as a whole at its end. */
void ldir_section_open(LdirReader *reader, gboolean is_six, const char *value);
void ldir_section_finish(LdirReader *reader);
/* Says what is wrong with what a check of type negotiate is to do. */
void ldir_negotiate_judge(LdirReader *reader);

#endif
