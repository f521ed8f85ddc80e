#!/bin/sh
# SPDX-License-Identifier: MIT
# The ten steps of docs/tutorial.md do what the page says: against each other, the kernel's ARP and
# tcpdump. To be run in a network namespace of its own, with their folder in STEPS.

support=$(dirname "$0")/../support
. "$support/tap.sh"
. "$support/frames.sh"

: "${STEPS:?the folder of the programs}" "${L2SEND:?the path of l2send}"
need_tools arping ip nsenter tcpdump unshare
become_ordinary "$0"
work_in_temp
make_veth near far || tap_skip_all "no veth interfaces here"

# A neighbour with a stack of the kernel's, at the far end of another link.
unshare --net sh -c 'echo >ready; exec sleep 60' &
neighbour=$!
jobs_started=$neighbour
await test -e ready
ip link add name here type veth peer name there
ip link set dev there netns $neighbour
at_neighbour() { # COMMAND...
	nsenter -t $neighbour -n "$@"
}
at_neighbour ip addr add 192.0.2.2/24 dev there
at_neighbour ip link set dev there up
ip link set dev here up
forwards() { # IFACE
	ip -o link show dev "$1" | grep -v 'qdisc noop ' | grep -q 'state UP'
}
for interface in near far here; do
	await forwards $interface
done

# Sockets that receive: l2sock_bind() has given them a protocol.
receiving() { # MORE-THAN
	[ "$(awk '$4 != "0000"' /proc/net/packet | wc -l)" -gt "$1" ]
}

start() { # STEP ARGUMENT...
	step=$1
	shift
	already=$(awk '$4 != "0000"' /proc/net/packet | wc -l)
	timeout --foreground -s KILL 30 "$STEPS/$step" "$@" \
		>"$step.out" 2>"$step.err" <"${input:-/dev/null}" 9>&- &
	dump_pid=$!
	jobs_started="$jobs_started $dump_pid"
	await receiving "$already"
}

start 02-receive far
ok "1: a frame is sent" "$STEPS/01-send" near
wait_dump
is "2: it is received" "$(cat 02-receive.out)" "60 bytes from 02:00:00:00:00:01: hello"

neighbour_mac=$(at_neighbour ip -o link show dev there | sed 's/.*link.ether \([^ ]*\) .*/\1/')
is "3: the kernel's answer" "$("$STEPS/03-ask" here 192.0.2.1 192.0.2.2 2>&1)" "$neighbour_mac"

start 04-answer here 192.0.2.77
like "4: arping finds the address" "$(at_neighbour arping -c 1 -w 5 -I there 192.0.2.77 2>&1)" \
	'Received 1 response'
at_neighbour ping -c 1 -W 1 192.0.2.77 >/dev/null 2>&1
mine=$(ip -o link show dev here | sed 's/.*link.ether \([^ ]*\) .*/\1/')
like "4: the kernel resolves it" "$(at_neighbour ip neigh show 192.0.2.77)" "lladdr $mine"
is "4: nobody has another address" \
	"$(at_neighbour arping -c 1 -w 1 -I there 192.0.2.78 2>&1 | grep -c 'Received 0')" 1
stop_dump

start 05-tags far
tagged=ffffffffffff0200000000018100600a88b5$(hex_run 46)
"$L2SEND" -i near --hex "$tagged" >/dev/null 2>&1
wait_dump
is "5: the VLAN" "$(head -n 1 05-tags.out)" "VLAN 10"
like "5: as it came" "$(sed -n 2p 05-tags.out)" '^60 bytes, type 88b5: .*0x88b5'
like "5: as it was on the wire" "$(sed -n 3p 05-tags.out)" '^64 bytes, type 8100: .*802.1Q 10'

start 06-stop far
for i in 1 2 3; do "$STEPS/01-send" near; done
stop_dump
is "6: status" "$dump_status" 0
is "6: three frames" "$(cat 06-stop.out)" "3 received, 0 lost"

timeout -s KILL 20 tcpdump -i far -s 128 -B 16384 -c 1000 -w batch.pcap udp port 9 2>tcpdump.err &
dump_pid=$!
jobs_started="$jobs_started $dump_pid"
await grep -q 'listening on' tcpdump.err
is "7: a thousand are sent" "$("$STEPS/07-batch" near)" "1000 sent"
wait_dump
is "7: tcpdump sees as many source ports, and good checksums" \
	"$(tcpdump -nn -vv -r batch.pcap 2>/dev/null | grep 'udp sum ok' |
		sed -n 's/.*192.0.2.1.\([0-9]*\) >.*/\1/p' | sort -u | wc -l)" 1000

start 08-ring far
is "9: the ring sends" "$("$STEPS/09-transmit" near | cut -d , -f 1-2)" "1000 sent, 0 failed"
wait_dump
is "8: the ring receives" "$(cat 08-ring.out)" "1000 frames, 60000 bytes"

mkfifo keys
input=keys
exec 9<>keys
start 10-group far
await receiving $((already + 1))
"$STEPS/07-batch" near >/dev/null
sleep 0.2
exec 9>&-
wait_dump
is "10: every frame comes to one of the threads" "$(tail -n 1 10-group.out)" "1000 frames"
is "10: both threads take part" "$(grep -c 'thread . *: [1-9]' 10-group.out)" 2

tap_done
