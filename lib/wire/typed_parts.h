/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * typed_parts.h - own fields of each message type, both ways. Internal to lib/wire; see typed.c.
 *
 * A parse function fills typed->u from the container and answers whether all its fields are legal.
 * A put function appends the own fields of the type, in the order of doc/wire-protocol.md 4.
 */
#ifndef HB_WIRE_TYPED_PARTS_H
#define HB_WIRE_TYPED_PARTS_H

#include "wire/fields.h"
#include "wire/typed.h"

typedef gboolean HbTypedParse(const HbMsg *msg, HbTyped *ret);
typedef void HbTypedPut(HbBuild *build, const HbTyped *typed);

/* typed_node.c: what a node says of itself and of others */
HbTypedParse hb_typed_parse_status, hb_typed_parse_ns_st, hb_typed_parse_shutdone,
	hb_typed_parse_repnodes, hb_typed_parse_nodelist, hb_typed_parse_stonith;
HbTypedPut hb_typed_put_status, hb_typed_put_ns_st, hb_typed_put_shutdone, hb_typed_put_repnodes,
	hb_typed_put_nodelist, hb_typed_put_stonith;

/* typed_stream.c: what keeps the numbered streams whole */
HbTypedParse hb_typed_parse_ackmsg, hb_typed_parse_rexmit, hb_typed_parse_nak_rexmit;
HbTypedPut hb_typed_put_ackmsg, hb_typed_put_rexmit, hb_typed_put_nak_rexmit;

/* typed_resource.c: who holds what, and hand-over */
HbTypedParse hb_typed_parse_resource, hb_typed_parse_ask_resources, hb_typed_parse_hb_takeover,
	hb_typed_parse_ip_request;
HbTypedPut hb_typed_put_resource, hb_typed_put_ask_resources, hb_typed_put_hb_takeover,
	hb_typed_put_ip_request, hb_typed_put_ip_request_resp;

#endif
