#!/bin/sh
# SPDX-License-Identifier: MIT
#
# l2dump on handles of other types, in other namespaces, and what it tells of the link.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../support/tap.sh"
. "$here/../support/frames.sh"
need_tools ip unshare nsenter tcpdump
work_in_temp
make_veth near far

mac=020000000001
arp=ffffffffffff${mac}08060001080006040001${mac}0a0000010000000000000a000002
tagged=ffffffffffff${mac}810000070806$(echo "$arp" | cut -c29-)

send() { # HEX
	"$L2SEND" -i near --hex "$1" >/dev/null
}
lines_in() { # FILE N
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# Nothing passes for a moment after the link is up.
start_dump ready -i far
await sh -c "\"$L2SEND\" -i near --hex $arp; grep -q ARP ready.out"
stop_dump

start_dump cooked -i far --cooked
send "$arp"
ok "--cooked: the frame" await lines_in cooked.out 1
stop_dump
like "--cooked: sender and protocol" "$(cat cooked.out)" \
	'from 02:00:00:00:00:01, ARP.*10.0.0.2.*10.0.0.1, length 28'

start_dump legacy -i far --legacy
send "$arp"
ok "--legacy: the frame" await lines_in legacy.out 1
stop_dump
is "--legacy: status" "$dump_status" 0
like "--legacy: as it was" "$(cat legacy.out)" \
	'02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ARP.*length 42'
is "--legacy: counts" "$(summary_of legacy)" "1 captured, 0 dropped, 0 truncated"

start_dump all -i any
send "$tagged"
ok "any: seen on both sides" await lines_in all.out 2
stop_dump
is "any: with the tag on both" "$(grep -c '802.1Q 7, ARP' all.out)" 2

for profile in latency throughput; do
	start_dump "$profile" -i far --profile "$profile" --ring-mb 2 -w "$profile.pcap"
	for i in 1 2 3 4 5 6 7 8; do
		send "$tagged"
	done
	stop_dump # at once: what the kernel has is still saved
	is "--profile $profile: status" "$dump_status" 0
	is "--profile $profile: counts" "$(summary_of "$profile")" \
		"8 captured, 0 dropped, 0 truncated"
	tcpdump -enr "$profile.pcap" >"$profile.txt" 2>/dev/null
	is "--profile $profile: tags in place" \
		"$(grep -c 'vlan 7, p 0, ethertype ARP' "$profile.txt")" 8
done
start_dump count -i far --ring-mb 1 -c 3
for i in 1 2 3 4; do
	send "$arp"
done
wait_dump "$dump_pid"
is "--ring-mb: counts" "$(summary_of count)" "3 captured, 0 dropped, 0 truncated"

unshare --net sleep 60 &
other=$!
jobs_started="$jobs_started $other"
await sh -c "[ \"\$(readlink /proc/$other/ns/net)\" != \"\$(readlink /proc/self/ns/net)\" ]"
ip link set dev far netns "$other"
nsenter --target "$other" --net ip link set dev far arp off multicast off up
start_dump there -i far --netns "/proc/$other/ns/net"
await sh -c "\"$L2SEND\" -i near --hex $arp; grep -q ARP there.out"
stop_dump
like "--netns: a frame of that namespace" "$(cat there.out)" 'ARP'
start_dump here -i near
await sh -c "\"$L2SEND\" -i far --netns /proc/$other/ns/net --hex $arp; grep -q ARP here.out"
stop_dump
like "l2send --netns: a frame from that namespace" "$(cat here.out)" 'ARP'
said=$("$L2SEND" -i far --netns nosuch --hex $arp 2>&1)
is "l2send --netns: unknown: status" $? 2
like "l2send --netns: unknown: message" "$said" 'l2send: /run/netns/nosuch: '
said=$("$L2DUMP" -i far --netns nosuch 2>&1)
is "--netns: unknown: status" $? 2
like "--netns: unknown: message" "$said" 'l2dump: /run/netns/nosuch: '

start_dump events -i near --link-events --stats 1
ip link set dev near down
ok "--link-events: down" await grep -q '^link of near: down, changes: ' events.err
ip link set dev near up
ok "--link-events: up" await grep -q '^link of near: up, changes: ' events.err
ok "--stats: counts while it runs" await grep -q '^[0-9]* captured, 0 dropped' events.err
stop_dump
is "--link-events: status" "$dump_status" 0

said=$("$L2DUMP" -i near --cooked -w none.pcap 2>&1)
is "--cooked -w: status" $? 2
like "--cooked -w: message" "$said" 'l2dump: -w saves Ethernet frames only'
said=$("$L2DUMP" -i near --stats 0 2>&1)
is "--stats 0: status" $? 2
like "--stats 0: message" "$said" 'l2dump: --stats 0: '

said=$("$L2DUMP" -i near --profile fast 2>&1)
is "--profile fast: status" $? 2
like "--profile fast: message" "$said" 'l2dump: --profile fast: '
said=$("$L2DUMP" -i near --legacy --ring-mb 1 2>&1)
is "--legacy --ring-mb: status" $? 2
like "--legacy --ring-mb: message" "$said" 'l2dump: rx: SOCK_PACKET has no rings'
tap_done
