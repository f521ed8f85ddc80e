#!/bin/sh
# SPDX-License-Identifier: MIT
# l2gen, seen from the far end by tshark. To be run in a network namespace of its own, with the
# programs' paths in L2DUMP and L2GEN.

support=$(dirname "$0")/../support
. "$support/tap.sh"
. "$support/frames.sh"

: "${L2DUMP:?the path of l2dump}" "${L2GEN:?the path of l2gen}"
need_tools tcpdump tshark ip unshare tc
become_ordinary "$0"
work_in_temp
make_veth near far || tap_skip_all "no veth interfaces here"

gen() { # ARGUMENT...
	timeout --foreground -s KILL 60 "$L2GEN" -i near "$@" >gen.out 2>gen.err
	echo $? >gen.status
}

# What arrives of so many frames, in far.pcap.
capture() { # COUNT ARGUMENT...
	start_dump far -i far -c "$1" -w far.pcap
	gen -c "$@"
	wait_dump
}

counted() { # FIELD
	field_of far.pcap "$1" | sort | uniq -c | awk '{ print $1 " " $2 }'
}

report='^50 sent, 50 completed, 0 failed, [0-9]* pps, [0-9.]* Gbit/s$'
for mode in send batch ring; do
	capture 50 -s 100 --mode $mode
	is "--mode $mode: status" "$(cat gen.status)" 0
	like "--mode $mode: report" "$(cat gen.out)" "$report"
	is "--mode $mode: sizes" "$(counted frame.len)" "50 100"
	is "--mode $mode: nothing on stderr" "$(cat gen.err)" ""
done

for proto in udp tcp icmp arp igmp; do
	capture 30 --proto $proto --flows 10 -s 200
	is "--proto $proto: named so by tshark" "$(counted _ws.col.Protocol | head -n 1 |
		tr 'A-Z' 'a-z' | sed 's/v[0-9]$//')" "30 $proto"
done
tshark -n -r far.pcap -o ip.check_checksum:TRUE -Y '_ws.malformed || ip.checksum.status == 0' \
	>bad.txt 2>/dev/null
is "no frame is malformed" "$(cat bad.txt)" ""
capture 30 --flows 10
is "--flows 10: ports" "$(counted udp.srcport | awk '{ print $1 }' | sort | uniq -c |
	tr -s ' ')" " 10 3"
tshark -n -r far.pcap -o udp.check_checksum:TRUE -Y 'udp.checksum.status == 0' >bad.txt 2>/dev/null
is "--flows 10: checksums" "$(cat bad.txt)" ""
is "default size" "$(counted frame.len)" "30 60"

capture 20 --vlan 8100:5:3,88a8:7
is "--vlan: identifiers" "$(counted vlan.id)$(counted ieee8021ad.id)" "20 520 7"
is "--vlan: priority" "$(counted vlan.priority)" "20 3"
is "--vlan: size by the headers" "$(counted frame.len)" "20 60"

gen -c 200 --rate 2000
is "--rate: status" "$(cat gen.status)" 0
like "--rate: report" "$(cat gen.out)" '^200 sent, 200 completed, 0 failed'

# What does not go is told.
gen -c 5 -s 1515
is "too long: status" "$(cat gen.status)" 1
like "too long: message" "$(cat gen.err)" '1515 bytes exceed the MTU of near, 1500'
if tc qdisc add dev near root tbf rate 8mbit burst 2kb limit 8kb 2>tc.err; then
	gen -c 300 --qdisc
	like "a slow queue holds the ring up" "$(cat gen.out)" '^300 sent, 300 completed, 0 failed'
	tc qdisc del dev near root
else
	skip "a slow queue" "$(cat tc.err)"
fi

# Ended by a signal.
"$L2GEN" -i near >term.out 2>term.err &
gen_pid=$!
jobs_started="$jobs_started $gen_pid"
await more_out_than near 10000
kill -TERM $gen_pid
term_status=0
wait $gen_pid || term_status=$?
is "SIGTERM: status" $term_status 0
like "SIGTERM: report" "$(cat term.out)" '^[1-9][0-9]* sent, [1-9][0-9]* completed, 0 failed'

# script(1) gives it a terminal.
live=$(timeout 20 script -qec "\"$L2GEN\" -i near --rate 1000 -c 1500" /dev/null)
like "on a terminal: a live line" "$live" '[1-9][0-9]* sent.*1500 sent, 1500 completed'

usage() { # WHAT STATUS PATTERN ARGUMENT...
	what=$1 status=$2 pattern=$3
	shift 3
	said=$(timeout 5 "$L2GEN" "$@" 2>&1)
	is "$what: status" $? "$status"
	like "$what: message" "$said" "$pattern"
}
usage "no interface named" 2 'l2gen: -i IFACE is missing' -c 1
usage "an unknown interface" 2 'l2gen: interface: nosuch: no such interface' -i nosuch -c 1
usage "an unknown mode" 2 'l2gen: --mode x: ' -i near --mode x
usage "an unknown protocol" 2 'l2gen: --proto x: ' -i near -c 1 --proto x
usage "too small" 2 'l2gen: -s 20: the headers alone take 42 bytes' -i near -c 1 -s 20
usage "a bad tag" 2 'l2gen: --vlan 8100: ' -i near --vlan 8100
usage "a bad identifier" 2 'l2gen: --vlan 8100:4096: ' -i near --vlan 8100:4096
usage "rate 0" 2 'l2gen: --rate 0: ' -i near --rate 0
usage "an argument too many" 2 'l2gen: x: ' -i near x
usage "--help" 0 '^Usage: l2gen -i IFACE' --help
usage "--version" 0 '^l2gen [0-9.]* (libl2sock [0-9.]*)$' --version

tap_done
