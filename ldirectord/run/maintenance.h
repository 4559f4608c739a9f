/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * maintenance.h - maintenancedir=: a file with the name of a server takes it out of service, one that begins with the word "drain" lets it
 * end what it has begun (doc/ldirectord.md 3.6).
 */
#ifndef LDIR_MAINTENANCE_H
#define LDIR_MAINTENANCE_H

#include "ldirectord/conf/config.h"
#include "ldirectord/check/reverse.h"

typedef struct LdirMaintenance LdirMaintenance;

/* @reverse tells names of servers; it is asked only where a file there is called other than an address, must live as long, and
 * when it has news ldir_maintenance_look() is to be called. (transfer full) */
LdirMaintenance *ldir_maintenance_new(const char *dir, LdirReverse *reverse);
void ldir_maintenance_free(LdirMaintenance *maintenance);       /* NULL is allowed */

typedef enum { LDIR_MAINTENANCE_NONE, LDIR_MAINTENANCE_DRAIN, LDIR_MAINTENANCE_DOWN } LdirMaintenanceState;

/* Looks at the directory, and tells of each server of which something else is wanted than before. FALSE: names that it takes to know that of
 * all are still being asked for; there will be news. */
typedef void LdirMaintenanceChange(guint service, guint server, LdirMaintenanceState was, LdirMaintenanceState is, gpointer user);
gboolean ldir_maintenance_look(LdirMaintenance *maintenance, const LdirConfig *config, gint64 now_ms, LdirMaintenanceChange *change,
                           gpointer user);

#endif
