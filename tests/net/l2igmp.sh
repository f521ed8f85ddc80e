#!/bin/sh
# SPDX-License-Identifier: MIT
# l2igmp: a bridge of the kernel's believes its reports, the kernel answers its queries, and tshark
# reads its messages. To be run in a network namespace of its own, with its path in L2IGMP and that
# of l2dump in L2DUMP.

support=$(dirname "$0")/../support
. "$support/tap.sh"
. "$support/frames.sh"

: "${L2IGMP:?the path of l2igmp}" "${L2DUMP:?the path of l2dump}"
need_tools bridge ip tcpdump tshark unshare
become_ordinary "$0"
work_in_temp
make_veth near far || tap_skip_all "no veth interfaces here"

group4=239.1.2.3
group6=ff0e::1:3
ip link add name br type bridge mcast_snooping 1 2>/dev/null || tap_skip_all "no bridges here"
ip link set far master br
ip link set dev br up

start() { # NAME PATTERN ARGUMENT...
	name=$1 pattern=$2
	shift 2
	: >"$name.err"
	timeout --foreground -s KILL 60 "$L2IGMP" "$@" >"$name.out" 2>"$name.err" &
	dump_pid=$!
	jobs_started="$jobs_started $dump_pid"
	await grep -q "$pattern" "$name.err"
}

igmp() { # ARGUMENT...
	timeout --foreground -s KILL 60 "$L2IGMP" "$@" >igmp.out 2>igmp.err
	echo $? >igmp.status
}

in_mdb() { # GROUP
	bridge mdb show dev br | grep -q -e "port far grp $1 "
}

not_in_mdb() { # GROUP
	! in_mdb "$1"
}

# The bridge takes reports once the port forwards.
await sh -c "\"$L2IGMP\" -i near --once join 239.255.0.1 >/dev/null 2>&1
	bridge mdb show dev br | grep -q 239.255.0.1"
bridge link set dev far fastleave on

# Each version's report adds the port, its leave drops it.
add_and_drop() { # VERSION GROUP [SOURCE]
	igmp -i near -v "$1" --once join "$2"
	is "version $1, join $2: status" "$(cat igmp.status)" 0
	is "version $1, join $2: counts" "$(tail -n 1 igmp.err)" "1 sent, 0 heard"
	ok "version $1, join $2: the bridge adds the port" await in_mdb "$2"
	igmp -i near -v "$1" leave "$2"
	is "version $1, leave $2: status" "$(cat igmp.status)" 0
	ok "version $1, leave $2: the bridge drops the port" await not_in_mdb "$2"
}
add_and_drop 2 $group4
add_and_drop 3 $group4
add_and_drop 1 $group6
add_and_drop 2 $group6
igmp -i near -v 1 --once join $group4
ok "version 1, join: the bridge adds the port" await in_mdb $group4
igmp -i near leave $group4
ok "version 3, leave: the bridge drops the port" await not_in_mdb $group4

# A member while it runs, on the interface as well; SIGINT leaves.
start member '^member of' -i near join $group4
ok "join: the bridge adds the port" await in_mdb $group4
like "join: the interface takes the group" "$(ip maddr show dev near)" '01:00:5e:01:02:03'
stop_dump
is "join, SIGINT: status" "$dump_status" 0
ok "join, SIGINT: the bridge drops the port" await not_in_mdb $group4
ok "join, SIGINT: the interface does not take it" \
	sh -c "! ip maddr show dev near | grep -q 01:00:5e:01:02:03"
igmp -i near -t 1 join $group6
is "join -t: status" "$(cat igmp.status)" 0
like "join -t: left at the end" "$(tail -n 1 igmp.out)" 'MLDv2 report, .*ff0e::1:3'

# Sources: the bridge keeps them as sent.
ip link set dev br type bridge mcast_igmp_version 3
igmp -i near --once join 232.1.2.3 192.0.2.7 192.0.2.8
ok "join of two sources" await in_mdb 232.1.2.3
like "join of two sources: both in the bridge" "$(bridge -d mdb show dev br)" \
	'grp 232.1.2.3.*include source_list.*192.0.2'
is "join of two sources: one entry each" \
	"$(bridge -d mdb show dev br | grep -c 'grp 232.1.2.3 src 192.0.2.[78] ')" 2
ip link set dev br type bridge mcast_igmp_version 2

# A member that answers the bridge's queries stays, one that is gone without a word does not.
stays() { # GROUP VERSION
	start stays '^member of' -i near -v "$2" join "$1"
	ok "$1 version $2: a member" await in_mdb "$1"
	await sh -c "[ \$(grep -c ' report.* $1' stays.out) -ge 5 ]"
	ok "$1 version $2: stays while it answers" in_mdb "$1"
	like "$1 version $2: heard the queries" "$(cat stays.out)" ' query '
	kill -KILL "$(pgrep -P "$dump_pid")" "$dump_pid" 2>/dev/null
	wait_dump
	ok "$1 version $2: expires when it does not" await not_in_mdb "$1"
}
echo 0 2>/dev/null >/proc/sys/net/ipv6/conf/br/disable_ipv6
ip link set dev br type bridge mcast_query_interval 50 mcast_query_response_interval 10 \
	mcast_membership_interval 150 mcast_startup_query_interval 50 mcast_querier 1
stays $group4 3
stays $group4 1
ip addr add fe80::b/64 dev br nodad 2>/dev/null && stays $group6 2
ip link del dev br

# What it sends, by tshark.
start_dump wire -i far -w wire.pcap
for version in 1 2 3; do
	igmp -i near -v $version --once -S 192.0.2.1 join $group4
done
igmp -i near -v 2 -S 192.0.2.1 leave $group4
igmp -i near -S 192.0.2.1 leave 232.1.2.3 192.0.2.7
for version in 1 2; do
	igmp -i near -v $version --once -S fe80::1 join $group6
	igmp -i near -v $version -S fe80::1 leave $group6
done
for version in 1 2 3; do
	igmp -i near -v $version -t 1 query $group4
done
igmp -i near -t 1 query 239.1.2.3 192.0.2.7
for version in 1 2; do
	igmp -i near -v $version -S fe80::1 -t 1 -6 query
done
await sh -c '[ "$(tshark -r wire.pcap 2>/dev/null | wc -l)" -ge 15 ]'
stop_dump
is "IGMP versions" "$(tshark -n -r wire.pcap -Y igmp -T fields -e igmp.version 2>/dev/null |
	tr '\n' ' ')" "1 2 3 2 3 1 2 3 3 "
is "IGMP types" "$(tshark -n -r wire.pcap -Y igmp -T fields -e igmp.type 2>/dev/null |
	tr '\n' ' ')" "0x12 0x16 0x22 0x17 0x22 0x11 0x11 0x11 0x11 "
is "MLD types" "$(tshark -n -r wire.pcap -Y icmpv6 -T fields -e icmpv6.type 2>/dev/null |
	tr '\n' ' ')" "131 132 143 143 130 130 "
is "IGMP destinations" "$(tshark -n -r wire.pcap -Y igmp -T fields -e ip.dst 2>/dev/null | uniq |
	tr '\n' ' ')" "$group4 224.0.0.22 224.0.0.2 224.0.0.22 $group4 "
is "all checksums are good" "$(tshark -n -o ip.check_checksum:TRUE -r wire.pcap -T fields \
	-e igmp.checksum.status -e icmpv6.checksum.status -e ip.checksum.status 2>/dev/null |
	tr -d '\t\n' | tr -d 1)" ""
is "tshark finds nothing wrong" "$(tshark -n -r wire.pcap -Y _ws.malformed 2>/dev/null)" ""
is "hop limits are 1" \
	"$(tshark -n -r wire.pcap -T fields -e ip.ttl -e ipv6.hlim 2>/dev/null | tr -d '\t' |
		sort -u)" 1

# The kernel as a member.
ip link set near multicast on
ip link set far multicast on
ip addr add 192.0.2.2/24 dev far
start heard '^listening on near for' -i near listen
ip addr add 239.7.7.7/32 dev far autojoin
ok "listen: the kernel's report" await grep -q 'report.*239.7.7.7' heard.out
stop_dump
is "listen, SIGINT: status" "$dump_status" 0
# The unsolicited reports, two in a second, are over. An address of this host's would be refused.
sleep 1.2
for version in 3 2; do
	igmp -i near -v $version -S 192.0.2.9 -t 1 query 239.7.7.7
	is "query of version $version: the kernel answers" "$(cat igmp.status)" 0
	like "query of version $version: its answer" "$(tail -n 1 igmp.out)" \
		"192.0.2.2 > .*IGMPv$version report.*239.7.7.7"
done
ip addr add 192.0.2.1/24 dev near
igmp -i near --once join $group4
like "by default from the interface's address" "$(cat igmp.out)" ' out .* 192.0.2.1 > '
igmp -i near -S 192.0.2.9 -t 1 query 239.7.7.8
is "query: nobody answers" "$(cat igmp.status)" 1
like "query: nobody answers, message" "$(cat igmp.err)" '^l2igmp: nobody answered'

usage() { # WHAT STATUS PATTERN ARGUMENT...
	what=$1 status=$2 pattern=$3
	shift 3
	said=$(timeout 5 "$L2IGMP" "$@" 2>&1)
	is "$what: status" $? "$status"
	like "$what: message" "$said" "$pattern"
}
usage "no interface" 2 'l2igmp: -i IFACE is missing' join $group4
usage "an unknown interface" 2 'l2igmp: .*nosuch: no such' -i nosuch join $group4
usage "no command" 2 'l2igmp: what to do: ' -i near
usage "another command" 2 'l2igmp: part: not join' -i near part $group4
usage "no group" 2 'l2igmp: join: GROUP is missing' -i near join
usage "no group's address" 2 'l2igmp: group 192.0.2.1: not an address' -i near join 192.0.2.1
usage "no address" 2 'l2igmp: group 239.1: no IPv4 address: ' -i near join 239.1
usage "no IPv6 address" 2 'l2igmp: group ff0e:: 1: no IPv6 address: ' -i near join 'ff0e:: 1'
usage "mixed sources" 2 'l2igmp: source ::1: no IPv4 address: ' -i near join $group4 ::1
usage "sources of version 2" 2 'l2igmp: sources are' -i near -v 2 join $group4 192.0.2.1
usage "MLD version 3" 2 'l2igmp: -v 3: the newest MLD is 2' -i near -v 3 join $group6
usage "-v 4" 2 'l2igmp: -v 4: ' -i near -v 4 join $group4
usage "IGMPv1 leave" 2 'l2igmp: IGMP version 1 has no leave' -i near -v 1 leave $group4
usage "query -t 26" 2 'l2igmp: query -t: ' -i near -t 26 query
usage "--once elsewhere" 2 'l2igmp: --once is for join' -i near --once listen
usage "two groups to listen for" 2 'l2igmp: listen: one' -i near listen $group4 239.1.1.1
usage "an unknown option" 2 'Try: l2igmp --help' -i near -z
usage "--help" 0 '^Usage: l2igmp -i IFACE' --help
usage "--version" 0 '^l2igmp [0-9.]* (libl2sock [0-9.]*)$' --version

# The interface goes away.
start gone '^member of' -i near join $group4
ip link del far
wait_dump
is "a deleted interface: status" "$dump_status" 1
like "a deleted interface: message" "$(cat gone.err)" '^l2igmp: .*near is gone'

tap_done
