#!/bin/sh
# SPDX-License-Identifier: MIT
# Whole programs, start and end included: l2gen against trafgen and tcpreplay, the same frames over
# a veth pair. Prints times and ratios; the best of several rounds, in turns, is compared.
set -eu

usage() {
	echo "usage: programs.sh [--check] [--frames N] [--rounds N] [BUILD_DIR]" >&2
	exit 2
}

give_up() {
	echo "programs.sh: $1" >&2
	exit 77
}

here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build
check=
frames=400000
rounds=5
while [ $# -gt 0 ]; do
	case $1 in
	--check) check=yes ;;
	--frames) frames=$2 && shift ;;
	--rounds) rounds=$2 && shift ;;
	-*) usage ;;
	*) build=$1 ;;
	esac
	shift
done

for tool in ip tcpreplay trafgen unshare; do
	command -v $tool >/dev/null || give_up "no $tool (tests/packages.sh bench)"
done
if [ -z "${L2BENCH_INSIDE:-}" ]; then
	unshare -rn true 2>/dev/null || give_up "no user and network namespaces here"
	L2BENCH_INSIDE=1 exec unshare -rn sh "$0" ${check:+--check} --frames "$frames" \
		--rounds "$rounds" "$build"
fi

l2gen=$build/examples/programs/l2gen
l2dump=$build/examples/programs/l2dump
[ -x "$l2gen" ] || give_up "no l2gen in $build"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for family in all default; do
	sysctl=/proc/sys/net/ipv6/conf/$family/disable_ipv6
	[ ! -e $sysctl ] || echo 1 >$sysctl
done
ip link add dev near type veth peer name far
ip link set dev near up
ip link set dev far up
sleep 1

arrived() {
	awk '$1 == "far:" { print $3 }' /proc/net/dev
}

# A thousand of the frames for tcpreplay, one for trafgen: the first, behind two headers.
take_frames() { # SIZE
	"$l2dump" -i far -c 1000 -w "$work/frames.pcap" 2>"$work/err" &
	dump=$!
	until grep -q 'listening on' "$work/err"; do sleep 0.05; done
	"$l2gen" -i near -c 1000 -s "$1" >/dev/null
	wait $dump
	{
		echo '{'
		od -An -v -tx1 -j 40 -N "$1" "$work/frames.pcap" | sed 's/ \(..\)/0x\1, /g'
		echo '}'
	} >"$work/frames.cfg"
}

run_l2gen() { # SIZE
	"$l2gen" -i near -c "$frames" -s "$1" --mode ring
}

run_trafgen() {
	trafgen -q -P 1 -n "$frames" -o near -i "$work/frames.cfg"
}

run_tcpreplay() {
	tcpreplay -q --topspeed -K --loop=$((frames / 1000)) -i near "$work/frames.pcap"
}

# Milliseconds that it took; every frame must have arrived.
time_one() { # NAME SIZE
	before=$(arrived)
	start=$(date +%s%N)
	"run_$1" "$2" >"$work/out" 2>&1 || { cat "$work/out" >&2 && exit 2; }
	end=$(date +%s%N)
	count=$(($(arrived) - before))
	[ $count -ge "$frames" ] || { echo "programs.sh: $1: $count arrived" >&2 && exit 2; }
	echo $(((end - start) / 1000000)) >>"$work/$1"
}

best() { # NAME
	sort -n "$work/$1" | head -n 1
}

worst=0
for size in 64 1514; do
	take_frames $size
	rm -f "$work/l2gen" "$work/trafgen" "$work/tcpreplay"
	for round in $(seq "$rounds"); do
		for name in l2gen trafgen tcpreplay; do
			time_one $name $size
		done
	done
	ours=$(best l2gen)
	echo "veth $size: $frames frames, best of $rounds: l2gen $ours ms"
	for name in trafgen tcpreplay; do
		theirs=$(best $name)
		ratio=$(awk "BEGIN { printf \"%.3f\", $ours / $theirs }")
		verdict=met
		awk "BEGIN { exit $ratio > 0.85 }" || { verdict="not met" && worst=1; }
		echo "  l2gen / $name ($theirs ms): $ratio, at most 0.85: $verdict"
	done
done
[ -z "$check" ] || exit $worst
