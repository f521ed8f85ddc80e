#!/bin/sh
# SPDX-License-Identifier: MIT
#
# wrap.sh [--netns] PROGRAM [ARGUMENT...]
#
# Runs a test so that nothing it has to say is lost: reports of AddressSanitizer, LeakSanitizer and
# ThreadSanitizer go to files and make it fail (criterion ignores the exit status of its children).
# With --netns it runs with a network of its own and all rights on it; where that is not permitted
# it is skipped, or fails when L2SOCK_TEST_REQUIRE is set. An ordinary user gets them by a user
# namespace, without becoming root there: tcpdump would fail to drop privileges that it lacks. With
# L2SOCK_TEST_USERNS set, root takes this way too.
set -u

enter=
if [ "$1" = --netns ]; then
	shift
	enter="unshare --net --"
	if [ -n "${L2SOCK_TEST_USERNS:-}" ] || ! $enter true 2>/dev/null; then
		enter="unshare --user --map-user=1000 --map-group=1000 --keep-caps --net --"
	fi
	if ! $enter true 2>/dev/null; then
		case "${L2SOCK_TEST_REQUIRE:-0}" in
		0 | "") echo "1..0 # SKIP no user namespaces" && exit 0 ;;
		*) echo "Bail out! user namespaces are not permitted" && exit 1 ;;
		esac
	fi
fi

reports=$(mktemp -d) || exit 1
trap 'rm -rf "$reports"' EXIT
options="log_path=$reports/san"
ASAN_OPTIONS="$options:detect_leaks=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
TSAN_OPTIONS="$options${TSAN_OPTIONS:+:$TSAN_OPTIONS}"
UBSAN_OPTIONS="print_stacktrace=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}"
export ASAN_OPTIONS TSAN_OPTIONS UBSAN_OPTIONS

# An emulator, for programs of another architecture.
# shellcheck disable=SC2086
$enter ${L2SOCK_TEST_EMULATOR:-} "$@"
status=$?
for report in "$reports"/*; do
	[ -e "$report" ] || continue
	sed 's/^/# /' "$report"
	status=1
done
exit $status
