# SPDX-License-Identifier: GPL-2.0-or-later
HB_NODE_TESTS = tests/unit/test_exec_msg tests/unit/test_status tests/unit/test_send \
	tests/unit/test_known tests/unit/test_trust tests/unit/test_api_replay tests/unit/test_address
check_PROGRAMS += $(HB_NODE_TESTS)
TESTS += $(HB_NODE_TESTS)
HB_NODE_TEST_LIBS = libhbnode.la libhbconf.la libhbipc.la libhbwire.la libhblog.la $(GLIB_LIBS)
tests_unit_test_exec_msg_SOURCES = tests/unit/test_exec_msg.c tests/unit/node_fixture.h
tests_unit_test_exec_msg_LDADD = $(HB_NODE_TEST_LIBS)
tests_unit_test_status_SOURCES = tests/unit/test_status.c tests/unit/node_fixture.h
tests_unit_test_status_LDADD = $(HB_NODE_TEST_LIBS)
tests_unit_test_send_SOURCES = tests/unit/test_send.c tests/unit/node_fixture.h
tests_unit_test_send_LDADD = $(HB_NODE_TEST_LIBS)
tests_unit_test_address_SOURCES = tests/unit/test_address.c
tests_unit_test_address_LDADD = libhbnode.la libhbip.la libhbocf.la libhbconf.la $(GLIB_LIBS)
tests_unit_test_api_replay_SOURCES = tests/unit/test_api_replay.c
tests_unit_test_api_replay_LDADD = $(HB_NODE_TEST_LIBS)
EXTRA_DIST += tests/api
tests_unit_test_known_SOURCES = tests/unit/test_known.c
tests_unit_test_known_LDADD = $(HB_NODE_TEST_LIBS)
tests_unit_test_trust_SOURCES = tests/unit/test_trust.c tests/unit/node_fixture.h
tests_unit_test_trust_LDADD = $(HB_NODE_TEST_LIBS)

# the real program; Makefile knows no other way to have it built before
check_PROGRAMS += tests/unit/test_hb_node
TESTS += tests/unit/test_hb_node
tests_unit_test_hb_node_SOURCES = tests/unit/test_hb_node.c tests/unit/fake_root.c tests/unit/fake_root.h
tests_unit_test_hb_node_LDADD = libhbchannel.la libhbconf.la libhbwire.la $(GLIB_LIBS)
EXTRA_tests_unit_test_hb_node_DEPENDENCIES = hb-node
