#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ldirectord asks Debian's nginx by HTTP/2: with TLS and without, redirections and a body; who speaks HTTP/1.1 alone is down then.
set -u
export LC_ALL=C
HB_TOP=${HB_TOP:-$(cd "$(dirname "$0")/../.." && pwd)}
HB_BUILD=${HB_BUILD:-$HB_TOP/build}
NGINX=$HB_BUILD/nginx
if [ -z "${HB_RSC_INSIDE:-}" ]; then
    . "$HB_TOP/tests/lib/tap.sh"
    . "$HB_TOP/tests/lib/debian.sh"
    [ "$(id -u)" = 0 ] || skip_all 'needs root'
    mkdir -p "$HB_BUILD"
    (flock 9; hb_unpack "$NGINX" nginx openssl) 9>"$NGINX.lock" >/dev/null 2>&1 || skip_all 'no nginx to be had'
fi
. "$(dirname "$0")/ldir.sh"
PATH=$PATH:$NGINX/usr/sbin:$NGINX/usr/bin
NAME=www.example.com
WEB='-A -t 10.0.0.1:80 -s wrr' TLS='-A -t 10.0.0.1:443 -s wrr'
server() { echo "-a -t 10.0.0.1:$1 -x 0 -y 0 -r $2:$1 -g -w 1"; }

mkdir /run/nginx
with_libs() { LD_LIBRARY_PATH=$NGINX/usr/lib/$(uname -m)-linux-gnu "$@"; }
printf '[req]\ndistinguished_name=dn\n[dn]\n' >/run/openssl.cnf     # where it is only unpacked it has none
OPENSSL_CONF=/run/openssl.cnf with_libs openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=$NAME" \
    -addext "subjectAltName=DNS:$NAME" -keyout /run/key.pem -out /run/cert.pem </dev/null >/run/openssl.out 2>&1 ||
    { diag "$(cat /run/openssl.out)"; skip_all 'no openssl'; }
cat >/run/nginx/pages <<'CF'
location = /page { return 200 "$server_protocol for $host\n"; }
location = /moved { return 302 /page; }
location = /form { return 200 "$request_method of $content_length\n"; }
CF
cat >/run/nginx/conf <<CF
user root;
daemon off;
worker_processes 1;
pid /run/nginx/pid;
error_log /run/nginx/errors;
events { }
http {
	access_log off;
	client_body_temp_path /run/nginx/body;
	proxy_temp_path /run/nginx/proxy;
	fastcgi_temp_path /run/nginx/fastcgi;
	uwsgi_temp_path /run/nginx/uwsgi;
	scgi_temp_path /run/nginx/scgi;
	ssl_certificate /run/cert.pem;
	ssl_certificate_key /run/key.pem;
	server { listen 127.0.0.2:80 http2; listen 127.0.0.2:443 ssl http2; include /run/nginx/pages; }
	server { listen 127.0.0.3:80; listen 127.0.0.3:443 ssl; include /run/nginx/pages; }
}
CF
with_libs nginx -c /run/nginx/conf -p /run/nginx -e /run/nginx/errors </dev/null >/run/nginx/out 2>&1 &
listens() { [ "$(ss -Hltn 'src 127.0.0.0/24' | wc -l)" = 4 ]; }
soon listens || { diag "$(cat /run/nginx/out /run/nginx/errors)"; fail 'nginx listens'; }

# page VERSION PATH ANSWER [MORE]: both services ask for it
page() {
    local port service
    for port in 80:http 443:https; do
        service=${port#*:} port=${port%:*}
        printf 'virtual=10.0.0.1:%s\n\treal=127.0.0.2:%s gate\n\treal=127.0.0.3:%s gate\n\tservice=%s\n\thttpversion=%s\n' \
            "$port" "$port" "$port" "$service" "$1"
        printf '\trequest="%s"\n\treceive="%s"\n\tvirtualhost=%s\n\tsslverify=full\n\tsslca=/run/cert.pem\n' "$2" "$3" "$NAME"
        printf '%b' "${4:-}"
    done | conf
}

page 2 page "^HTTP/2.0 for $NAME\$"
ld "$CF" start
is "$CODE" 0 'start succeeds'
table 'who speaks HTTP/2 enters, with TLS and without' "$WEB" "$(server 80 127.0.0.2)" "$TLS" "$(server 443 127.0.0.2)"


# last SERVER TEXT: that is what its last check has said
last() {
    ld "$CF" status --json
    [ "$2" = "$(perl -MJSON::PP -e 'local $/; my $s = decode_json(<STDIN>)->{services};
        print map { map { $_->{last} } grep { $_->{server} eq $ARGV[0] } @{$_->{servers}} } @$s' "$1" <<<"$OUT")" ]
}
check 'which is told' soon last 127.0.0.2:443 'HTTP/2 200'
check 'as is the answer of who does not speak it' soon last 127.0.0.3:80 'the server answers by HTTP/1'
check 'or what is chosen' soon last 127.0.0.3:443 "500 Can't connect to 127.0.0.3:443 (the server does not choose HTTP/2 (h2) by ALPN)"

again() { page "$@"; ld "$CF" reload; }
again 2 form '^POST of 3$'
table 'by GET nothing is sent, so none is good' "$WEB" "$TLS"
again 2 form '^POST of 3$' '\thttpmethod=POST\n\thttpbody="a=1"\n'
table 'by POST a body is' "$WEB" "$(server 80 127.0.0.2)" "$TLS" "$(server 443 127.0.0.2)"
again 2 moved '^HTTP/2.0 for' '\thttpredirect=no\n'
table 'a redirection is no answer' "$WEB" "$TLS"
again 2 moved '^HTTP/2.0 for'
table 'but where it leads to one is' "$WEB" "$(server 80 127.0.0.2)" "$TLS" "$(server 443 127.0.0.2)"

again 1.1 page "^HTTP/1.1 for $NAME\$"
table 'by HTTP/1.1 those are good that speak it' "$WEB" "$(server 80 127.0.0.3)" "$TLS" "$(server 443 127.0.0.2)" "$(server 443 127.0.0.3)"
again 2 page "^HTTP/2.0 for $NAME\$"
table 'and by HTTP/2 again the others' "$WEB" "$(server 80 127.0.0.2)" "$TLS" "$(server 443 127.0.0.2)"
kill "$(cat /run/nginx/pid)"
table 'who is dead is out' "$WEB" "$TLS"
ld "$CF" stop
is "$CODE" 0 'it stops'
tap_end
