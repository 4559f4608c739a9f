/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/check/icmp_echo.h"
#include "util/banned.h"

#define HEADER_LEN    8
#define IP_HEADER_MIN 20

static guint16
checksum(const guint8 *data, gsize len)
{
	guint32 sum = 0;

	for (gsize i = 0; i + 1 < len; i += 2)
		sum += (guint32)(data[i] << 8 | data[i + 1]);
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (guint16)~sum;
}

static void
put16(guint8 *out, guint16 value)
{
	out[0] = (guint8)(value >> 8);
	out[1] = (guint8)value;
}

void
ldir_echo_write(guint8 out[LDIR_ECHO_LEN], int family, guint16 ident, guint16 seq, const LdirEcho *echo)
{
	memset(out, 0, LDIR_ECHO_LEN);
	out[0] = family == AF_INET6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
	put16(out + 4, ident);
	put16(out + 6, seq);
	memcpy(out + HEADER_LEN, echo, sizeof *echo);
	put16(out + 2, checksum(out, LDIR_ECHO_LEN));
}

gboolean
ldir_echo_read(const guint8 *data, gsize len, int family, gboolean has_ip_header, int ident, guint64 secret,
               LdirEcho *ret_echo)
{
	LdirEcho echo;

	if (has_ip_header) {
		gsize header_len = len > 0 ? (gsize)(data[0] & 0x0f) * 4 : 0;

		if (header_len < IP_HEADER_MIN || len < header_len)
			return FALSE;
		data += header_len;
		len -= header_len;
	}
	if (len != LDIR_ECHO_LEN || data[0] != (family == AF_INET6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY) || data[1] != 0)
		return FALSE;
	if (ident >= 0 && (data[4] << 8 | data[5]) != ident)
		return FALSE;
	memcpy(&echo, data + HEADER_LEN, sizeof echo);
	if (echo.secret != secret)
		return FALSE;
	*ret_echo = echo;
	return TRUE;
}
