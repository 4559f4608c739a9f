/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/node.h"

#include "util/banned.h"

G_DEFINE_QUARK(hb-node-error-quark, hb_node_error)
