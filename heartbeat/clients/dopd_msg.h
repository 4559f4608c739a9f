/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dopd_msg.h - the words between drbd-peer-outdater and dopd, and between two dopds (doc/client-api.md 6.3).
 */
#ifndef HB_CLIENTS_DOPD_MSG_H
#define HB_CLIENTS_DOPD_MSG_H

#define HB_DOPD_SOCKET HB_RUN_DIR "/dopd/outdater"

#define HB_DOPD_T_REQUEST         "outdater"
#define HB_DOPD_F_WANTED_PEER     "outdater_peer"
#define HB_DOPD_F_WANTED_RESOURCE "outdater_res"
#define HB_DOPD_T_ANSWER          "outdater_rc"
#define HB_DOPD_T_START           "start_outdate"
#define HB_DOPD_T_CODE            "outdate_rc"
#define HB_DOPD_F_RESOURCE        "dop_res"
#define HB_DOPD_F_CODE            "dop_value"

#endif
