/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alert.h - mails to emailalert= (doc/ldirectord.md 1.9).
 */
#ifndef LDIR_ALERT_H
#define LDIR_ALERT_H

#include "ldirectord/conf/config.h"
#include "ldirectord/run/jobs.h"

#define LDIR_ALERT_LANE "mail"      /* of the jobs (jobs.h) */

/* In which state the daemon is: one of the bits of emailalertstatus= */
typedef guint LdirStatusWord;

typedef struct {
	const char *host;               /* of this machine */
	const char *user;
	const char *date;               /* as RFC 5322 wants it */
	const char *message_id;         /* without brackets */
} LdirAlertSender;

/* The whole mail as it goes out, lines ended by @eol; NULL: nobody is to be told in this @status. (transfer full) */
char *ldir_alert_message(const LdirConfig *config, const LdirVirtual *vs, const char *subject, LdirStatusWord status,
                         const LdirAlertSender *sender);

/* "running" (static) */
const char *ldir_status_word(LdirStatusWord status);

/* The addresses of emailalert= (transfer full) */
GStrv ldir_alert_recipients(const LdirConfig *config, const LdirVirtual *vs);

/* Sends it by a job: through smtp= by ourselves (@program), else by the local mailer. */
void ldir_alert(LdirJobs *jobs, const char *program, const LdirConfig *config, const LdirVirtual *vs, const char *subject,
                LdirStatusWord status);

#endif
