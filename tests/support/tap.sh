# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A test script's checks as TAP on stdout. Sourced; see tests/net/*.sh.
#
#	ok WHAT COMMAND...	passes when the command succeeds
#	is WHAT GOT WANTED	passes when both are the same text
#	like WHAT TEXT PATTERN	passes when a line of the text matches the basic regular expression
#	skip WHAT WHY		a check that cannot be made here
#	tap_skip_all WHY	ends the script: nothing can be tested here
#	tap_done		prints the plan and ends the script
#
# With L2SOCK_TEST_REQUIRE=1 in the environment skipping is failing.

tap_count=0
tap_failed=0

tap_required() {
	[ "${L2SOCK_TEST_REQUIRE:-0}" != 0 ]
}

tap_result() { # pass|fail WHAT
	tap_count=$((tap_count + 1))
	if [ "$1" = pass ]; then
		echo "ok $tap_count - $2"
		return 0
	fi
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $2"
	return 1
}

diag() { # TEXT
	printf '%s\n' "$1" | sed 's/^/# /'
}

ok() {
	tap_what=$1
	shift
	if tap_output=$("$@" 2>&1); then
		tap_result pass "$tap_what"
	else
		tap_result fail "$tap_what" || :
		diag "failed: $*"
		diag "$tap_output"
	fi
}

is() {
	if [ "$2" = "$3" ]; then
		tap_result pass "$1"
	else
		tap_result fail "$1" || :
		diag "got:    $2"
		diag "wanted: $3"
	fi
}

like() {
	if printf '%s\n' "$2" | grep -q -e "$3"; then
		tap_result pass "$1"
	else
		tap_result fail "$1" || :
		diag "got:     $2"
		diag "pattern: $3"
	fi
}

skip() {
	if tap_required; then
		tap_result fail "$1" || :
		diag "must not be skipped: $2"
	else
		tap_count=$((tap_count + 1))
		echo "ok $tap_count - $1 # SKIP $2"
	fi
}

tap_skip_all() {
	if tap_required; then
		echo "Bail out! must not be skipped: $1"
		exit 1
	fi
	echo "1..0 # SKIP $1"
	exit 0
}

tap_done() {
	echo "1..$tap_count"
	[ "$tap_failed" -eq 0 ]
	exit
}
