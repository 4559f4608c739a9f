/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cl_misc.h - small conversions of text.
 */
#ifndef HB_CL_MISC_H
#define HB_CL_MISC_H

#ifdef __cplusplus
extern "C" {
#endif

/* true, on, yes, y, 1 and false, off, no, n, 0 in any case. HA_OK, or HA_FAIL: none of these. */
int cl_str_to_boolean(const char *s, int *ret);
/* "2", "2s", "200ms", "1min", ... as in ha.cf, in milliseconds; -1: no duration. */
long cl_get_msec(const char *input);

#ifdef __cplusplus
}
#endif

#endif
