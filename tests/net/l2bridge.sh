#!/bin/sh
# SPDX-License-Identifier: MIT
# l2bridge between two veth pairs: what is sent at one end arrives at the other, and comes back. To
# be run in a network namespace of its own, with the programs' paths in L2BRIDGE, L2DUMP and L2SEND.

support=$(dirname "$0")/../support
. "$support/tap.sh"
. "$support/frames.sh"

: "${L2BRIDGE:?the path of l2bridge}" "${L2DUMP:?the path of l2dump}"
: "${L2SEND:?the path of l2send}"
need_tools tcpdump tshark ip unshare
become_ordinary "$0"
work_in_temp
make_veth left a && make_veth right b || tap_skip_all "no veth interfaces here"

start_bridge() {
	timeout --foreground -s KILL 60 "$L2BRIDGE" a b >bridge.out 2>bridge.err &
	bridge_pid=$!
	jobs_started="$jobs_started $bridge_pid"
	await is_promiscuous b
}

is_promiscuous() { # IFACE
	ip -d link show dev "$1" | grep -q 'promiscuity [1-9]'
}

stop_bridge() {
	kill -INT "$bridge_pid"
	bridge_status=0
	wait "$bridge_pid" || bridge_status=$?
}

has_ended() { # PID
	! kill -0 "$1"
}

# Sends a capture file at one end, and writes what arrives at the other.
carry() { # FROM TO COUNT FILE RESULT
	start_dump there -i "$2" -c "$3" -w "$5"
	"$L2SEND" -i "$1" --pcap "$4" >send.out 2>send.err
	await has_ended "$dump_pid" || kill -INT "$dump_pid"
	wait_dump
}

# Frames of every length with none to three tags of every kind. The kernel drops tagged ones with
# less than two bytes behind the type.
awk 'BEGIN {
	srand(7)
	split("8100 88a8 9100 9200 88e7", tpids)
	for (i = 0; i < 4000; i++) {
		hex = sprintf("02%010x02%010x", rand() * 2 ^ 32, i)
		for (n = int(rand() * 4); n > 0; n--)
			hex = hex tpids[int(rand() * 5) + 1] sprintf("%04x", rand() * 65536)
		hex = hex "88b5"
		len = 2 + int(rand() * (i % 10 ? 200 : 1512 - length(hex) / 2))
		for (n = 0; n < len; n++)
			hex = hex sprintf("%02x", (n * 7 + i) % 256)
		print hex
	}
}' >sent.hex
pcap_of <sent.hex >sent.pcap

start_bridge
carry left right 4000 sent.pcap there.pcap
is "all sent" "$(cat send.out)" "4000 sent, 0 failed"
frames_of there.pcap >there.hex
is "4000 arrive" "$(wc -l <there.hex)" 4000
is "byte by byte" "$(cmp sent.hex there.hex 2>&1)" ""
carry right left 4000 there.pcap back.pcap
frames_of back.pcap >back.hex
is "4000 come back" "$(wc -l <back.hex)" 4000
is "byte by byte, too" "$(cmp sent.hex back.hex 2>&1)" ""
stop_bridge
is "status" $bridge_status 0
is "nothing on stderr" "$(cat bridge.err)" ""
none='0 dropped by the kernel, 0 truncated, 0 of a bad length, 0 without room, 0 failed'
is "counters" "$(cat bridge.out)" "a to b: 4000 received, 4000 forwarded, $none
b to a: 4000 received, 4000 forwarded, $none"

# What the other side does not take is left out and counted, the others go on.
ip link set dev b mtu 500
start_bridge
echo 02000000000102000000000288b5"$(hex_run 1000)" >long.hex
echo 02000000000102000000000288b5"$(hex_run 100)" >short.hex
cat short.hex long.hex short.hex | pcap_of >mixed.pcap
carry left right 2 mixed.pcap mixed-there.pcap
is "too long for the other side" "$(frames_of mixed-there.pcap)" "$(cat short.hex short.hex)"
stop_bridge
like "... is counted" "$(head -n 1 bridge.out)" \
	'^a to b: 3 received, 2 forwarded, 0 dropped by the kernel, 0 truncated, 1 of a bad length'

# The kernel leaves the checksum of its own UDP to a device.
start_bridge
start_dump udp -i right -c 1 -w udp.pcap udp
ip addr add 10.9.9.1/24 dev left
ip neigh add 10.9.9.2 lladdr 02:00:00:00:00:02 dev left
bash -c 'echo hello >/dev/udp/10.9.9.2/5000'
await has_ended "$dump_pid" || kill -INT "$dump_pid"
wait_dump
like "a checksum left to a device" "$(tcpdump -nvvr udp.pcap 2>&1)" 'udp sum ok'
stop_bridge

ip link set dev b mtu 1500
start_bridge
ip link del dev b
gone_status=0
wait "$bridge_pid" || gone_status=$?
is "a deleted interface: status" $gone_status 1
like "a deleted interface: message" "$(cat bridge.err)" 'b is gone'

usage() { # WHAT STATUS PATTERN ARGUMENT...
	what=$1 status=$2 pattern=$3
	shift 3
	said=$(timeout 5 "$L2BRIDGE" "$@" 2>&1)
	is "$what: status" $? "$status"
	like "$what: message" "$said" "$pattern"
}
usage "one interface" 2 'two interfaces' a
usage "the same twice" 2 'two different' a a
usage "an unknown interface" 2 'l2bridge: interface: nosuch: no such interface' a nosuch
usage "--help" 0 '^Usage: l2bridge' --help
usage "--version" 0 '^l2bridge [0-9.]* (libl2sock [0-9.]*)$' --version

tap_done
