/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor.h - monitorfile=: a line for each check of each service (doc/ldirectord.md 3.7).
 */
#ifndef LDIR_MONITOR_H
#define LDIR_MONITOR_H

#include "ldirectord/check/schedule.h"

/* What ldirectord 4.12 calls the check of @real as a server of @vs: "negotiate:http:tcp:127.0.0.2:80:::3:gate:/:", without the
 * backslashes of its regular expressions (transfer full) */
char *ldir_monitor_name(const LdirVirtual *vs, const LdirReal *real);

/* What ldirectord 4.12 notes, without date: "negotiate http tcp 127.0.0.2 80 3 gate /  [up] 200 OK" (transfer full) */
char *ldir_monitor_text(const LdirScheduleEffect *verdict);

/* Appends it, if the service has a file for that. */
void ldir_monitor_note(const LdirScheduleEffect *verdict);

#endif
