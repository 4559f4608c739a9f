# SPDX-License-Identifier: GPL-2.0-or-later
# All but main() is a library, so that the tests can take it.
noinst_LTLIBRARIES += libhbexec.la
libhbexec_la_SOURCES = \
	%D%/again.c %D%/alive.c %D%/aside.c %D%/aside.h %D%/api_door.c %D%/api_door.h %D%/apart.c %D%/apart.h %D%/boot.c %D%/boot.h %D%/boot_config.c %D%/boot_parts.h %D%/boot_process.c %D%/bytes_fd.c %D%/bytes_fd.h %D%/check.c \
	%D%/check.h %D%/control.c %D%/control.h \
	%D%/dirs.c %D%/dirs.h %D%/environment.c %D%/environment.h %D%/exec.h %D%/fifo_watch.c %D%/fifo_watch.h %D%/fencing.c %D%/fencing.h %D%/guard.c %D%/guard.h \
	%D%/last_stop.c %D%/log_link.c %D%/log_link.h %D%/leftover.c %D%/leftover.h %D%/memory.c %D%/memory.h %D%/node_link.c %D%/node_link.h \
	%D%/node_files.c %D%/node_files.h %D%/nodes.c %D%/nodes.h %D%/notify.c %D%/notify.h \
	%D%/opener.c %D%/opener.h %D%/options.c %D%/options.h %D%/output.c %D%/output.h %D%/policy.c %D%/policy.h \
	%D%/shots.c %D%/shots.h %D%/reload.c %D%/requests.c %D%/respawn.c %D%/respawn.h %D%/job.c %D%/job.h %D%/runner.c %D%/runner.h %D%/spawn.c %D%/spawn.h %D%/state.c %D%/state.h \
	%D%/store.c %D%/store.h %D%/supervise.c %D%/supervise.h %D%/supervisor.h %D%/ttylock.c %D%/ttylock.h \
	%D%/verdict.c %D%/verdict.h %D%/watchdog.c %D%/watchdog.h
libhbexec_la_LIBADD = libhbchannel.la libhbipc.la libhbstonith.la libhbplugin.la libhbconf.la libhblog.la $(GLIB_LIBS)

halibexec_PROGRAMS += heartbeat/exec/heartbeat
heartbeat_exec_heartbeat_SOURCES = %D%/exec_main.c
heartbeat_exec_heartbeat_LDADD = libhbexec.la
