#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# MailTo, Delay, Xinetd, apache: stubs for the programs, real files and processes for the rest.
. "$(dirname "$0")/rsc.sh"
mkdir "$WORK/etc" "$WORK/etc/up" "$WORK/etc/work"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$WORK/etc/up,workdir=$WORK/etc/work" /etc 2>/dev/null || ETC=none

# ---- MailTo
stub mail <<'SH'
cat >/run/trial/mail
[ ! -e /run/trial/no-mail ]
SH
gives 'MailTo' 1 "usage: $RSC/MailTo <email> [<subject>] (start|stop|status|usage|meta-data)"
gives 'MailTo root status' 7 "$DOWN"
gives 'MailTo root stop' 0 "$DONE"
is "$(calls)" '' 'nobody is told of what was not here'
gives 'MailTo root,ops@example.com Web start' 0 "$DONE"
like "$(calls)" '^mail -s Web Takeover in progress at .* on [^ ]+ root,ops@example.com$' 'a mail says that it comes'
like "$(cat "$WORK/mail")" '^Web Takeover in progress' '... in its text, too'
gives 'MailTo root,ops@example.com Web status' 0 "$UP"
gives 'MailTo root status' 7 "$DOWN"
gives 'MailTo root,ops@example.com Web stop' 0 "$DONE"
like "$(calls)" '^mail -s Web Migrating resource away at .* from ' 'a mail says that it goes'
gives 'MailTo root,ops@example.com Web status' 7 "$DOWN"
touch "$WORK/no-mail"
gives 'MailTo root start' 0 "$DONE"
like "$ERR" 'could not be sent' 'a mail server that is away stops nothing'
gives 'MailTo root stop' 0 "$DONE"
like "$(calls)" 'Resource Group Migrating' 'the subject of old'
gives 'MailTo -oQ/run start' 6 'ERROR:  Program is not configured'
is "$(calls)" '' 'what looks like an option is not passed on'

# ---- Delay
gives 'Delay' 1 "usage: $RSC/Delay [delay [stopdelay]] (start|stop|status|usage|meta-data)"
gives 'Delay 0 0 status' 7 "$DOWN"
HA_resource_timeout=09 gives 'Delay 0 0 status' 7 "$DOWN"
gives 'Delay 0.1 0 start' 0 "$DONE"
gives 'Delay 0.1 0 start' 0 "$DONE"
gives 'Delay 0.1 0 status' 0 "$UP"
gives 'Delay 0.1 0 stop' 0 "$DONE"
gives 'Delay 0.1 0 stop' 0 "$DONE"
gives 'Delay x start' 2 'ERROR:  Illegal argument'
gives 'Delay 1 2 3 start' 1 "usage: $RSC/Delay [delay [stopdelay]] (start|stop|status|usage|meta-data)"

# ---- Xinetd
if [ "${ETC:-}" != none ]; then
    mkdir -p /etc/xinetd.d
    printf 'service echo\n{\n\tdisable = yes\n\tid = echo\n}\n' >/etc/xinetd.d/echo
    printf 'service time\n{\n\tid = time\n}\n' >/etc/xinetd.d/time
    disabled() { sed -n 's/^.*disable *= *//p' "/etc/xinetd.d/$1"; }
    gives 'Xinetd echo start' 5 'ERROR:  Program is not installed'
    gives 'Xinetd echo status' 7 "$DOWN"
    gives 'Xinetd echo stop' 0 "$DONE"
    cat >"$WORK/xinetd" <<'PL'
$0 = "xinetd"; $SIG{HUP} = sub { open F, ">>", "/run/trial/hup"; print F "hup\n"; close F };
open F, ">", "/run/trial/xinetd-up"; close F; sleep 1000 while 1
PL
    perl "$WORK/xinetd" &
    XINETD=$!
    soon test -e "$WORK/xinetd-up"
    gives 'Xinetd echo start' 0 "$DONE"
    is "$(disabled echo)" no 'the file says so'
    check 'and xinetd is told' soon test -s "$WORK/hup"
    gives 'Xinetd echo status' 0 "$UP"
    gives 'Xinetd echo start' 0 "$DONE"
    gives 'Xinetd echo stop' 0 "$DONE"
    is "$(disabled echo)" yes 'the file says so'
    gives 'Xinetd echo status' 7 "$DOWN"
    gives 'Xinetd time status' 0 "$UP"
    gives 'Xinetd time stop' 0 "$DONE"
    is "$(disabled time)" yes 'a file that did not say'
    gives 'Xinetd nope start' 5 'ERROR:  Program is not installed'
    gives 'Xinetd nope status' 7 "$DOWN"
    gives 'Xinetd ../passwd stop' 6 'ERROR:  Program is not configured'
    is "$(ls -A /etc/xinetd.d | tr '\n' ' ')" 'echo time ' 'no other file is left there'
    kill $XINETD
fi

# ---- apache: a server that writes its number where the configuration says
stub httpd <<'SH'
[ "$1 $3 $4" = '-f -k start' ] || exit 1
[ ! -e /run/trial/broken ] || exit 1
cat >/run/trial/server.pl <<'PL'
$0 = "httpd"; $SIG{TERM} = sub { exit };
open F, ">", "/run/trial/httpd.pid"; print F "$$\n"; close F; sleep 1000 while 1
PL
perl /run/trial/server.pl >/dev/null 2>&1 &
SH
printf 'ServerRoot "%s"\n# PidFile nowhere\nPidFile httpd.pid\n' "$WORK" >"$WORK/httpd.conf"
up() { pgrep -x httpd | wc -l; }
gives 'apache' 1 "usage: $RSC/apache [config-file-pathname] (start|stop|status|usage|meta-data)"
gives "apache $WORK/none.conf start" 5 'ERROR:  Program is not installed'
gives "apache $WORK/none.conf status" 7 "$DOWN"
gives "apache $WORK/none.conf stop" 0 "$DONE"
gives "apache $WORK/httpd.conf status" 7 "$DOWN"
gives "apache $WORK/httpd.conf stop" 0 "$DONE"
gives "apache $WORK/httpd.conf start" 0 "$DONE"
gives "apache $WORK/httpd.conf start" 0 "$DONE"
is "$(up)" 1 'one server is up'
gives "apache $WORK/httpd.conf status" 0 "$UP"
gives "apache $WORK/httpd.conf stop" 0 "$DONE"
none_up() { [ "$(up)" = 0 ]; }
check 'none is' soon none_up
echo $$ >"$WORK/httpd.pid"
gives "apache $WORK/httpd.conf status" 7 "$DOWN"
gives "apache $WORK/httpd.conf stop" 0 "$DONE"
touch "$WORK/broken"
gives "apache $WORK/httpd.conf start" 1 'ERROR:  Generic error'
tap_end
