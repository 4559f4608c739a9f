/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * limits.h - the named maxima that more than one module must agree on.
 *
 * The first block is forced on us by heartbeat 3.0.6 (doc/wire-protocol.md 10).
 */
#ifndef HB_UTIL_LIMITS_H
#define HB_UTIL_LIMITS_H

#define HB_NODES_MAX       100          /* configured nodes, ping nodes not counted */
#define HB_PING_NODES_MAX  64
#define HB_MEDIA_MAX       64
#define HB_NODE_NAME_MAX   99           /* characters */
#define HB_UUID_LEN        16
#define HB_MSG_MAX         262144       /* octets of one message in any framing */
#define HB_MSG_INFLATED_MAX 2097152
#define HB_DATAGRAM_MAX    65507
#define HB_AUTH_KEYS_MAX   16
#define HB_HISTORY_MAX     500          /* own messages kept for retransmission */

#define HB_GROUPS_MAX      64           /* lines of haresources */
#define HB_RESOURCES_MAX   64           /* resources of one group */
#define HB_TOKEN_MAX       1023         /* characters of one haresources token */

#endif
