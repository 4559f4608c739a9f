/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GSource.h - descriptors, channels, signals and triggers in the default main context.
 *
 * A dispatch function that returns FALSE ends its source. When a source ends, also by G_main_del_...(),
 * @notify is called (NULL: none); then a channel or listening end that it served is destroyed.
 */
#ifndef HB_GSOURCE_H
#define HB_GSOURCE_H

#include <glib.h>

#include <clplumbing/ipc.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct GFDSource_s GFDSource;
typedef struct GCHSource_s GCHSource;
typedef struct GWCSource_s GWCSource;
typedef struct GSIGSource_s GSIGSource;
typedef struct GTRIGSource_s GTRIGSource;

/* While @fd is readable. */
GFDSource *G_main_add_fd(int priority, int fd, gboolean can_recurse,
                         gboolean (*dispatch)(int fd, gpointer user_data), gpointer userdata,
                         GDestroyNotify notify);
gboolean G_main_del_fd(GFDSource *fdp);

/* While messages, or the end of the connection, wait; it may take several. */
GCHSource *G_main_add_IPC_Channel(int priority, IPC_Channel *ch, gboolean can_recurse,
                                  gboolean (*dispatch)(IPC_Channel *source_data, gpointer user_data),
                                  gpointer userdata, GDestroyNotify notify);
gboolean G_main_del_IPC_Channel(GCHSource *chp);

/* For each connection that @auth_info (NULL: anybody's) lets in; the channel is the callee's. */
GWCSource *G_main_add_IPC_WaitConnection(int priority, IPC_WaitConnection *wch, IPC_Auth *auth_info,
                                         gboolean can_recurse,
                                         gboolean (*dispatch)(IPC_Channel *source_data, gpointer user_data),
                                         gpointer userdata, GDestroyNotify notify);
gboolean G_main_del_IPC_WaitConnection(GWCSource *wcp);

/* After the signal came, outside of the signal handler. One source per signal. */
GSIGSource *G_main_add_SignalHandler(int priority, int signal, gboolean (*dispatch)(int nsig, gpointer user_data),
                                     gpointer userdata, GDestroyNotify notify);
gboolean G_main_del_SignalHandler(GSIGSource *src);

/* Once after each G_main_set_trigger(). */
GTRIGSource *G_main_add_TriggerHandler(int priority, gboolean (*dispatch)(gpointer user_data), gpointer userdata,
                                       GDestroyNotify notify);
gboolean G_main_del_TriggerHandler(GTRIGSource *src);
void G_main_set_trigger(GTRIGSource *src);

#ifdef __cplusplus
}
#endif

#endif
