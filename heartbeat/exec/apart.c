/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#include "exec/apart.h"
#include "exec/options.h"
#include "plugin/plugin.h"
#include "stonith/stonith.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define WORDS_MAX 8192                  /* more than a line can have */
#define TEXT_MAX 1024
#define STONITH_LIMIT_MS (20 * HB_MS_PER_S)     /* some of cluster-glue's scripts load much before they answer */

typedef enum {
	ASK_MEDIUM_KNOWN,
	ASK_MEDIUM_WORD_EACH,
	ASK_MEDIUM_CHECK,
	ASK_AUTH_KNOWN,
	ASK_AUTH_NEEDS_KEY,
	ASK_STONITH_NAMES
} What;

typedef struct {
	guint32 what;
	guint32 udpport, baud;
	char name[WORDS_MAX];
	char words[WORDS_MAX];
} Question;

typedef struct {
	guint32 yes;
	char far_name[TEXT_MAX];        /* empty: none; of STONITH_NAMES: the names */
	char err[TEXT_MAX];             /* empty: none */
} Answer;

/* Of the process that was started; conf's judge has no place for it. */
static int channel = -1;
static pid_t child;
static char *why_ended;

/* --- the process without rights ---------------------------------------------------------------- */

static void
drop_rights(void)
{
	const struct passwd *user;

	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (geteuid() != 0)
		return;
	user = getpwnam(HB_USER);
	if (user == NULL)
		user = getpwnam("nobody");
	if (user == NULL || setgroups(0, NULL) < 0 || setresgid(user->pw_gid, user->pw_gid, user->pw_gid) < 0 ||
	    setresuid(user->pw_uid, user->pw_uid, user->pw_uid) < 0) {
		fprintf(stderr, "heartbeat: cannot give up root's rights to check the configuration: %s\n",
		        g_strerror(errno));
		_exit(HB_EXIT_PERMISSION);
	}
}

/* In far_name, parted by blanks. */
static void
answer_stonith(const char *type, Answer *ret_answer)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) names = hb_stonith_names(type, hb_time_now_ms() + STONITH_LIMIT_MS, &error);
	g_autofree char *list = names != NULL ? g_strjoinv(" ", names) : NULL;

	ret_answer->yes = names != NULL ? 1 : 0;
	g_strlcpy(ret_answer->far_name, list != NULL ? list : "", sizeof ret_answer->far_name);
	g_strlcpy(ret_answer->err, error != NULL ? error->message : "", sizeof ret_answer->err);
}

static void
answer(const Question *question, Answer *ret_answer)
{
	const HbPluginJudge *judge = hb_plugin_judge();
	g_autofree char *far_name = NULL;
	g_autofree char *err = NULL;

	switch ((What)question->what) {
	case ASK_MEDIUM_KNOWN:
		ret_answer->yes = judge->medium_known(question->name) ? 1 : 0;
		break;
	case ASK_MEDIUM_WORD_EACH:
		ret_answer->yes = judge->medium_word_each(question->name) ? 1 : 0;
		break;
	case ASK_MEDIUM_CHECK:
		ret_answer->yes = judge->medium_check(question->name, question->words, question->udpport, question->baud,
		                                      &far_name, &err) ? 1 : 0;
		break;
	case ASK_AUTH_KNOWN:
		ret_answer->yes = judge->auth_known(question->name) ? 1 : 0;
		break;
	case ASK_AUTH_NEEDS_KEY:
		ret_answer->yes = judge->auth_needs_key(question->name) ? 1 : 0;
		break;
	case ASK_STONITH_NAMES:
		answer_stonith(question->name, ret_answer);
		return;
	}
	g_strlcpy(ret_answer->far_name, far_name != NULL ? far_name : "", sizeof ret_answer->far_name);
	g_strlcpy(ret_answer->err, err != NULL ? err : "", sizeof ret_answer->err);
}

static void G_GNUC_NORETURN
serve(int fd)
{
	static Question question;

	drop_rights();
	while (recv(fd, &question, sizeof question, 0) == (gssize)sizeof question) {
		Answer reply = { 0 };

		answer(&question, &reply);
		if (send(fd, &reply, sizeof reply, MSG_NOSIGNAL) != (gssize)sizeof reply)
			break;
	}
	_exit(HB_EXIT_OK);
}

/* --- who asks -------------------------------------------------------------------------------- */

static void
note_end(void)
{
	int status = 0;

	hb_fd_close(channel);
	channel = -1;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	if (WIFSIGNALED(status))
		why_ended = g_strdup_printf("a plugin failed badly (signal %d)", WTERMSIG(status));
	else
		why_ended = g_strdup_printf("the process that asks the plugins ended (exit status %d)", WEXITSTATUS(status));
}

static gboolean
ask(What what, const char *name, const char *words, guint32 udpport, guint32 baud, Answer *ret_answer)
{
	static Question question;
	gssize n;

	memset(ret_answer, 0, sizeof *ret_answer);
	question.what = what;
	question.udpport = udpport;
	question.baud = baud;
	if (g_strlcpy(question.name, name, sizeof question.name) >= sizeof question.name ||
	    g_strlcpy(question.words, words, sizeof question.words) >= sizeof question.words) {
		g_strlcpy(ret_answer->err, "is too long", sizeof ret_answer->err);
		return FALSE;
	}
	if (channel < 0)
		return FALSE;
	if (send(channel, &question, sizeof question, MSG_NOSIGNAL) == (gssize)sizeof question) {
		do
			n = recv(channel, ret_answer, sizeof *ret_answer, 0);
		while (n < 0 && errno == EINTR);
		ret_answer->far_name[sizeof ret_answer->far_name - 1] = '\0';
		ret_answer->err[sizeof ret_answer->err - 1] = '\0';
		if (n == (gssize)sizeof *ret_answer)
			return ret_answer->yes != 0;
	}
	memset(ret_answer, 0, sizeof *ret_answer);
	note_end();
	return FALSE;
}

/* Where nobody is left to ask a word passes as known, so that medium_check() says why. */
static gboolean
medium_known(const char *kind)
{
	Answer reply;

	return ask(ASK_MEDIUM_KNOWN, kind, "", 0, 0, &reply) || channel < 0;
}

static gboolean
medium_word_each(const char *kind)
{
	Answer reply;

	return ask(ASK_MEDIUM_WORD_EACH, kind, "", 0, 0, &reply);
}

static gboolean
medium_check(const char *kind, const char *words, guint32 udpport, guint32 baud, char **ret_far_name, char **ret_err)
{
	Answer reply;

	if (!ask(ASK_MEDIUM_CHECK, kind, words, udpport, baud, &reply)) {
		*ret_err = g_strdup(channel < 0 ? why_ended : reply.err);
		return FALSE;
	}
	if (reply.far_name[0] != '\0')
		*ret_far_name = g_strdup(reply.far_name);
	return TRUE;
}

static gboolean
auth_known(const char *method)
{
	Answer reply;

	return ask(ASK_AUTH_KNOWN, method, "", 0, 0, &reply);
}

static gboolean
auth_needs_key(const char *method)
{
	Answer reply;

	return ask(ASK_AUTH_NEEDS_KEY, method, "", 0, 0, &reply);
}

static char **
stonith_names(const char *type, char **ret_err)
{
	Answer reply;

	if (ask(ASK_STONITH_NAMES, type, "", 0, 0, &reply))
		return g_strsplit(reply.far_name, " ", -1);
	*ret_err = g_strdup(channel < 0 ? why_ended : reply.err);
	return NULL;
}

gboolean
hb_apart_start(GError **error)
{
	int ends[2];

	fflush(NULL);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0 || (child = fork()) < 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot check the configuration: %s",
		            g_strerror(errno));
		return FALSE;
	}
	if (child == 0) {
		hb_fd_close(ends[0]);
		serve(ends[1]);
	}
	hb_fd_close(ends[1]);
	channel = ends[0];
	return TRUE;
}

const HbPluginJudge *
hb_apart_judge(void)
{
	static const HbPluginJudge judge = {
		.medium_known = medium_known,
		.medium_word_each = medium_word_each,
		.medium_check = medium_check,
		.auth_known = auth_known,
		.auth_needs_key = auth_needs_key,
		.stonith_names = stonith_names,
	};

	return &judge;
}

void
hb_apart_stop(void)
{
	if (channel >= 0)
		note_end();
	g_clear_pointer(&why_ended, g_free);
}
