/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.h - the parts of the normal form, each as a file of its own would hold it.
 */
#ifndef HB_CONF_PRINT_H
#define HB_CONF_PRINT_H

#include "conf/config.h"

char *hb_print_hacf(const HbConfig *config);
char *hb_print_haresources(const HbConfig *config);
/* Comments only: which keys there are and which one signs. */
char *hb_print_authkeys(const HbConfig *config);

#endif
