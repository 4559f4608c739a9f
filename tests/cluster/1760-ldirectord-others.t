#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ldirectord and what it tells others: commands, mails, other instances, the maintenance directory, a file that changes.
. "$(dirname "$0")/ldir.sh"
WEB='-A -t 10.0.0.1:80 -s wrr'
ONE='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.2:80 -g -w 1'
TWO='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.3:80 -g -w 1'
mkdir /run/maintenance

# A mail server that keeps what it gets.
perl -MIO::Socket::INET -e '
    my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.25", LocalPort => 25, Listen => 8, ReuseAddr => 1) or exit 1;
    open(my $r, ">", "/run/mail.ready"); close $r;
    while (1) {
        my $c = $s->accept or next;
        my ($data, $text) = (0, "");
        select undef, undef, undef, 0.05 while -e "/run/mail.hold";
        print $c "220 here\r\n";
        while (defined(my $l = <$c>)) {
            $text .= $l;
            if ($data) { next unless $l eq ".\r\n"; $data = 0; print $c "250 taken\r\n"; next }
            if ($l =~ /^DATA/) { $data = 1; print $c "354 go on\r\n" }
            elsif ($l =~ /^EHLO/) { print $c "250-here\r\n250 SIZE\r\n" }
            elsif ($l =~ /^QUIT/) { print $c "221 bye\r\n"; last }
            else { print $c "250 fine\r\n" }
        }
        open(my $m, ">>", "/run/mails"); print $m $text; close $m; close $c;
    }' </dev/null &
soon test -e /run/mail.ready || fail 'a mail server listens'

cat >/run/command <<'SH'
#!/bin/sh
echo "$*" >>/run/commands
SH
chmod 755 /run/command
said() { grep -qF -- "$2" "$1" 2>/dev/null; }

conf <<CF
autoreload=yes
maintenancedir=/run/maintenance
emailalert="ann@example.com, bob@example.com"
smtp=127.0.0.25
fallbackcommand=/run/command
notify="/run/command notify"
callback="/run/command changed"
execute=/run/ha/other.cf
virtual=10.0.0.1:80
	real=127.0.0.2:80 gate
	real=127.0.0.3:80 gate
	monitorfile=/run/monitor
	checktype=connect
CF
printf 'logfile="/run/other.log"\nvirtual=7\n\treal=127.0.0.2:80 gate\n\tchecktype=on\n' >/run/ha/other.cf
real_on 127.0.0.2 127.0.0.3
ld "$CF" start
is "$CODE" 0 'start succeeds'
MARK='-A -f 7 -s wrr' MARK_ONE='-a -f 7 -x 0 -y 0 -r 127.0.0.2:80 -g -w 1'
table 'both servers enter, and the other instance has its service' "$WEB" "$ONE" "$TWO" "$MARK" "$MARK_ONE"
ld "$CF" status
like "$OUT" '/run/ha/other.cf is running' 'status tells of the other instance too'

# ---- mails
check 'a mail says who entered' soon said /run/mails 'Subject: Added real server: 127.0.0.2:80 (10.0.0.1:80) (Weight set to 1)'
check 'to each of those who want to know' soon said /run/mails 'RCPT TO:<bob@example.com>'
check 'and in which state the daemon was' said /run/mails 'Daemon-Status: starting'
check 'each check is in the monitor file' soon said /run/monitor '[up]'

# ---- maintenance
: >/run/maintenance/127.0.0.2
table 'a file takes a server out' "$WEB" "$TWO" "$MARK" "$MARK_ONE"
rm /run/maintenance/127.0.0.2
table 'without it the server returns' "$WEB" "$ONE" "$TWO" "$MARK" "$MARK_ONE"

echo drain >/run/maintenance/127.0.0.2
table 'one that says drain leaves it its connections' "$WEB" "${ONE% 1} 0" "$TWO" "$MARK" "$MARK_ONE"
cp "$CF" /run/before.cf
printf 'virtual=10.0.0.9:80\n\treal=127.0.0.9:80 gate\n\tchecktype=on\n' >>"$CF"
kill -HUP "$(cat "$PIDFILE")"
check 'on a signal the file is read again' soon logged 'Reloading Linux Director Daemon config on signal'
table 'and what is new in it comes beside one that stays out' "$WEB" "${ONE% 1} 0" "$TWO" "${WEB/0.1:/0.9:}" \
    '-a -t 10.0.0.9:80 -x 0 -y 0 -r 127.0.0.9:80 -g -w 1' "$MARK" "$MARK_ONE"
cp /run/before.cf "$CF"
kill -HUP "$(cat "$PIDFILE")"
table 'as when it is gone' "$WEB" "${ONE% 1} 0" "$TWO" "$MARK" "$MARK_ONE"
rm /run/maintenance/127.0.0.2
table 'and has its weight back without the file' "$WEB" "$ONE" "$TWO" "$MARK" "$MARK_ONE"

# ---- commands
real_off 127.0.0.2 127.0.0.3
check 'a command is run when nobody is left' soon said /run/commands 'start 10.0.0.1:80 tcp'
real_on 127.0.0.2
check 'another for each server that is down' soon said /run/commands 'notify down 127.0.0.3:80 10.0.0.1:80 tcp'
check 'and another when somebody is back' soon said /run/commands 'stop 10.0.0.1:80 tcp'
table 'which is in the table' "$WEB" "$ONE" "$MARK" "$MARK_ONE"

# ---- a file that changes
cp "$CF" /run/good.cf
echo nonsense >>"$CF"
check 'a changed file is read without being told' soon logged 'Unknown command nonsense'
check 'the callback is called all the same' soon said /run/commands "changed $CF"
table 'and nothing else happens' "$WEB" "$ONE" "$MARK" "$MARK_ONE"
sed 's/^execute=.*//; s/127.0.0.3/127.0.0.4/; s/gate$/gate 9/' /run/good.cf >"$CF.new"
mv "$CF.new" "$CF"
table 'a good one is taken, and the other instance ended' "$WEB" "${ONE% 1} 9"

# ---- the end and a beginning at once
PID=$(cat "$PIDFILE")
n_leaving() { grep -l leaving /run/ldirectord/*.lock 2>/dev/null | wc -l; }
leaving() { dead "$PID" || [ "$(n_leaving)" -gt "$N_LEFT" ]; }
N_LEFT=$(n_leaving)                     # the other instance has left
: >/run/commands
echo 'sleep 1' >>/run/command           # the end waits for what has been started
real_off 127.0.0.2
check 'somebody is told that nobody is left' soon said /run/commands 'start 10.0.0.1:80 tcp'
real_on 127.0.0.2
kill -TERM "$PID"
soon leaving
ld "$CF" start
is "$CODE" 0 'a start during an end succeeds'
check 'and another process runs' test "$(cat "$PIDFILE")" != "$PID"
table 'with its service' "$WEB" "${ONE% 1} 9"
# ---- the end, while the mail server is silent
soon said /run/mails "Added real server: 127.0.0.2:80 (10.0.0.1:80) (Weight set to 9)"
: >/run/mail.hold
ld "$CF" disable 127.0.0.2
ld "$CF" enable 127.0.0.2
table 'it was away for a moment, which mails are to say' "$WEB" "${ONE% 1} 9"
: >/run/mails
ld "$CF" stop
is "$CODE" 0 'a stop does not need the mail server'
rm /run/mail.hold
check 'a mail says who left with the service' soon said /run/mails 'Subject: Purged real server (stop): 127.0.0.2:80 (10.0.0.1:80)'
check 'and that it stopped' soon said /run/mails 'Daemon-Status: stopping'

# ---- a kernel without IPVS
rm -rf /run/ipvs
ld "$CF" start
is "$CODE $ERR" '1 ldirectord: no directory /run/ipvs for a table in files' 'a start without a table fails, and says why'
refuse 'and leaves no pid file' test -e "$PIDFILE"
tap_end
