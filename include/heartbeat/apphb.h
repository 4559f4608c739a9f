/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * apphb.h - a program tells apphbd at intervals that it is alive; link with -lapphb.
 *
 * One registration per process. All functions return 0, or -1 with errno: EBADF no apphbd, ESRCH not
 * registered, EEXIST registered already, ENAMETOOLONG, EINVAL, EPERM, or what the socket said.
 */
#ifndef HB_APPHB_H
#define HB_APPHB_H

#ifdef __cplusplus
extern "C" {
#endif

/* Names of at most 255 octets. The interval is ten minutes until it is set. */
int apphb_register(const char *appname, const char *appinstance);
/* Ends it without a complaint of apphbd. */
int apphb_unregister(void);
/* At least one apphb_hb() in that many milliseconds; 0: no limit. */
int apphb_setinterval(unsigned long hbms);
/* A beat that is later than that is logged; 0: none is. */
int apphb_setwarn(unsigned long hbms);
/* Is the machine to be rebooted when this program misses its interval, or dies? For root and the
 * user of the cluster. */
int apphb_setreboot(unsigned int truefalse);
/* I am alive. Is not answered. */
int apphb_hb(void);

#ifdef __cplusplus
}
#endif

#endif
