#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the benchmarks in a network namespace of their own and prints one report.
set -u

usage() {
	cat >&2 <<-END
	usage: run.sh [options] [BUILD_DIR]
	  --quick       some seconds: less exact
	  --smoke       only see that all methods work, as a TAP test
	  --check       exit 1 when a bar is not met, 77 when the run is noisy
	  --only NAME   send, recv, ring, latency, open, csum, frame, filter or tx
	  --csv FILE    also write bench,case,method,quantity,value
	  --no-count    without counting instructions
	END
	exit 2
}

here=$(cd "$(dirname "$0")" && pwd)
devices=12
only="send recv ring latency open csum frame filter tx"
uncounted="latency" # instructions of waiting mean nothing
csv=
mode=
check=
count=yes
build=$here/../../build

# Not run is not failed, unless somebody insists.
give_up() {
	if [ "$mode" = --smoke ]; then
		[ "${L2SOCK_TEST_REQUIRE:-0}" = 0 ] || { echo "Bail out! $1" && exit 1; }
		echo "1..0 # SKIP $1" && exit 0
	fi
	echo "run.sh: $1" >&2
	exit 77
}

# Root as it is, or root of a user namespace.
enter_namespace() {
	unshare -rn true 2>/dev/null || give_up "no user and network namespaces here"
	command -v ip >/dev/null || give_up "no ip command (iproute2)"
	L2BENCH_INSIDE=1 exec unshare -rn sh "$here/run.sh" "$@"
}

# Quiet ones: no IPv6, and no packet socket but those under test.
make_devices() {
	for family in all default; do
		sysctl=/proc/sys/net/ipv6/conf/$family/disable_ipv6
		[ ! -e $sysctl ] || echo 1 >$sysctl
	done
	ip link set dev lo up # libnet builds frames for a device that is up
	for i in $(seq 0 $((devices - 1))); do
		ip link add dev "near$i" type veth peer name "far$i" || give_up "no veth devices"
		ip link set dev "near$i" up
		ip link set dev "far$i" up
		ip link add dev "ifb$i" type ifb 2>/dev/null && ip link set dev "ifb$i" up
	done
}

program() {
	echo "$build/tests/bench/bench-$1"
}

# The control decides what a run is worth; a failure of the run itself ends everything.
worst=0
measure() {
	"$(program "$1")" ${mode:+"$mode"} ${check:+"$check"} ${csv:+--csv "$csv"}
	status=$?
	case $status in
	0) ;;
	1) worst=1 ;;
	77) [ $worst = 1 ] || worst=77 ;;
	*) echo "run.sh: bench-$1 failed" >&2 && exit 2 ;;
	esac
}

# User-space instructions of $3 operations of method $2, by callgrind: exact and repeatable.
instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null \
		--toggle-collect=bench_counted "$(program "$1")" --count "$2" "$3" 2>&1 |
		sed -n 's/^==[0-9]*== Collected : *//p'
}

count_instructions() {
	operations=$2
	printf '%s: user-space instructions per operation\n' "$1"
	"$(program "$1")" --list | while read -r method; do
		n=$(instructions "$1" "$method" "$operations")
		[ -n "$n" ] || continue
		each=$(awk "BEGIN { printf \"%.1f\", $n / $operations }")
		printf '  %-24s %10s\n' "$method" "$each"
		[ -z "$csv" ] || echo "$1,callgrind,$method,instructions,$each" >>"$csv"
	done
	echo
}

report() {
	for name in $only; do
		measure "$name"
		[ -n "$count" ] && [ "$name" != "$uncounted" ] || continue
		operations=1024
		[ "$name" != open ] || operations=16
		count_instructions "$name" $operations
	done
	exit $worst
}

# One program as two tests: it ran and its frames were all counted; its table is complete.
smoke_one() {
	out=$("$(program "$1")" --smoke 2>&1)
	status=$?
	echo "$out" | sed 's/^/# /'
	[ $status = 0 ] || printf 'not '
	echo "ok $2 - $1: every method moved exactly the frames it claims"
	missing=$("$(program "$1")" --list | while read -r method; do
		echo "$out" | grep -q "^  $method  *[0-9]" || echo "$method"
	done)
	[ -z "$missing" ] && echo "$out" | grep -q '^  control: ' || printf 'not '
	echo "ok $3 - $1: the table shows every method and the control"
}

smoke() {
	echo "1..18"
	smoke_one send 1 2
	smoke_one recv 3 4
	smoke_one ring 5 6
	smoke_one latency 7 8
	smoke_one open 9 10
	smoke_one csum 11 12
	smoke_one frame 13 14
	smoke_one filter 15 16
	smoke_one tx 17 18
	exit 0
}

arguments() {
	while [ $# -gt 0 ]; do
		case $1 in
		--quick | --smoke) mode=$1 ;;
		--check) check=$1 ;;
		--no-count) count= ;;
		--only | --csv)
			[ $# -gt 1 ] || usage
			[ "$1" = --csv ] && csv=$2 || only=$2
			shift
			;;
		-*) usage ;;
		*) build=$1 ;;
		esac
		shift
	done
}

arguments "$@"
[ -n "${L2BENCH_INSIDE:-}" ] || enter_namespace "$@"
[ -x "$(program send)" ] || give_up "no programs in $build/tests/bench"
make_devices
[ "$mode" != --smoke ] || smoke
command -v valgrind >/dev/null || count=
[ -z "$csv" ] || echo "bench,case,method,quantity,value" >"$csv" || exit 2
report
