#!/bin/sh
# SPDX-License-Identifier: MIT
# l2dump against tcpdump and tshark. To be run in a network namespace of its own, with the programs'
# paths in L2DUMP and L2SEND.

support=$(dirname "$0")/../support
. "$support/tap.sh"
. "$support/frames.sh"

: "${L2DUMP:?the path of l2dump}" "${L2SEND:?the path of l2send}"
need_tools tcpdump tshark ip unshare
become_ordinary "$0"
work_in_temp
make_veth near far || tap_skip_all "no veth interfaces here"

# Addresses in front, type and payload behind: what stands between are tags.
macs=ffffffffffff020000000001
payload=88b5$(hex_run 46)

tagged_frames() {
	for tags in "" 81000064 81006064 81001064 8100e000 8100ffff 88a80005 88a8b005 91000007 \
		8100006481000065 88a8000581000064 88a8b0058100a064 9100000781000064 \
		88a80005810000648100f065 910000079100000881000009 8100000081000000810000ff; do
		echo "$macs$tags$payload"
	done
}

send() { # ARGUMENT...
	"$L2SEND" -i near "$@" >>send.log 2>&1
}

# Tags: both ends of the link save what was sent, byte by byte.
tagged_frames >tagged.hex
pcap_of <tagged.hex >tagged.pcap
count=$(awk 'END { print NR }' tagged.hex)
is "the frames to send are well made" "$(frames_of tagged.pcap)" "$(cat tagged.hex)"

start_dump near -i near -w near.pcap
near_pid=$dump_pid
start_dump far -i far -w far.pcap
send --pcap tagged.pcap
stop_dump "$near_pid"
stop_dump
is "SIGINT ends a dump with status 0" "$dump_status" 0
is "its summary" "$(summary_of far)" "$count captured, 0 dropped, 0 truncated"
is "tags are in place at the receiving end" "$(frames_of far.pcap)" "$(cat tagged.hex)"
is "tags are in place at the sending end" "$(frames_of near.pcap)" "$(cat tagged.hex)"
is "tshark reads the same lengths" \
	"$(field_of far.pcap frame.len)" "$(field_of tagged.pcap frame.len)"
is "tshark reads the same tags" "$(field_of far.pcap vlan.id)" "$(field_of tagged.pcap vlan.id)"
is "tshark sees frames that are whole" \
	"$(field_of far.pcap frame.cap_len)" "$(field_of far.pcap frame.len)"
is "time stamps are in nanoseconds" \
	"$(od -An -tx1 -N4 far.pcap | tr -d ' ')" 4d3cb2a1
now=$(date +%s)
stamp=$(field_of far.pcap frame.time_epoch | tail -n 1)
ok "time stamps are of now" test "${stamp%.*}" -ge $((now - 60)) -a "${stamp%.*}" -le "$now"

# Tags, direction and facts in lines.
start_dump near -i near
near_pid=$dump_pid
start_dump far -i far -e
send --pcap tagged.pcap
await grep -q '802.1Q 255,' far.out
ok "a line appears before the dump ends" grep -q '802.1Q 255,' far.out
stop_dump "$near_pid"
stop_dump
is "a line per frame" "$(awk 'END { print NR }' far.out)" "$count"
is "the sending end calls them outgoing" "$(grep -c '^[0-9:.]* out ' near.out)" "$count"
is "the receiving end does not" "$(grep -c '^[0-9:.]* out ' far.out)" 0
time='[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]\{9\}'
like "a time with nanoseconds, addresses, no tag" "$(sed -n 1p far.out)" \
	"^$time 02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype 0x88b5, length 60,"
like "a tag" "$(sed -n 2p far.out)" ', 802.1Q 100, ethertype 0x88b5, length 64,'
like "a tag with a priority" "$(sed -n 3p far.out)" ', 802.1Q 100 pcp 3, ethertype'
like "a tag with DEI" "$(sed -n 4p far.out)" ', 802.1Q 100 dei, ethertype'
like "a priority tag" "$(sed -n 5p far.out)" ', 802.1Q 0 pcp 7, ethertype'
like "two tags, outermost first" "$(sed -n 12p far.out)" \
	', 802.1ad 5 pcp 5 dei, 802.1Q 100 pcp 5, ethertype 0x88b5, length 68,'
like "three tags" "$(sed -n 14p far.out)" \
	', 802.1ad 5, 802.1Q 100, 802.1Q 101 pcp 7 dei, ethertype'
like "an old service tag" "$(sed -n 9p far.out)" ', QinQ 0x9100 7, ethertype'
is "both ends show the same" "$(sed 's/^[^ ]* out //' near.out)" \
	"$(sed 's/^[^ ]* //; s/, packet type.*//' far.out)"
index=$(ip -o link show far | sed 's/:.*//')
like "-e shows the kernel's facts" "$(sed -n 1p far.out)" \
	", packet type broadcast, ifindex $index, kernel ethertype 0x88b5, checksum [a-z ]*"
like "-e tells of the tag taken out" "$(sed -n 2p far.out)" \
	'kernel ethertype 0x88b5 behind a removed tag'

# Protocols, whole and cut anywhere.
ip4() { # PROTOCOL PAYLOAD
	echo "${macs}08004500$(printf %04x $((20 + ${#2} / 2)))0000400040${1}00000a0000010a000002$2"
}
ip6() { # NEXT PAYLOAD
	addresses=fe800000000000000000000000000001ff020000000000000000000000000005
	echo "${macs}86dd60000000$(printf %04x $((${#2} / 2)))${1}40$addresses$2"
}
arp() { # OPERATION
	echo "${macs}080600010800060400${1}0200000000010a000001$(hex_run 6)0a000002"
}
zeros=00000000000000 ports=0fa01388 node=20010db8$(hex_run 12)
four="IPv4 10.0.0.1 > 10.0.0.2" six="IPv6 fe80::1 > ff02::5"
target=2001:db8:1:203:405:607:809:a0b
{
	echo "$(arp 01)|ARP request who has 10.0.0.2 tell 10.0.0.1,"
	echo "$(arp 02)|ARP reply 10.0.0.1 is at 02:00:00:00:00:01,"
	echo "$(ip4 01 0800000000010002)|$four, ICMP echo request,"
	echo "$(ip4 01 0000000000010002)|$four, ICMP echo reply,"
	echo "$(ip4 11 ${ports}00080000)000000|$four, UDP 4000 > 5000,"
	echo "$(ip4 06 "$ports$(hex_run 8)5018$(hex_run 6)")|$four, TCP 4000 > 5000 psh ack,"
	echo "$(ip4 06 "$ports$(hex_run 16)")|$four, TCP (bad header),"
	echo "$(ip4 fd 00)|$four, protocol 253,"
	echo "$(ip4 11 0f)0000000000|$four, UDP (too short),"
	echo "$(ip4 11 "$ports" | sed s/40004011/20014011/)|$four fragment at 8, UDP,"
	echo "${macs}0800ff|IPv4 (too short),"
	echo "${macs}08004f000014$(hex_run 16)|IPv4 (bad header),"
	echo "$(ip6 3a "8700000000000000$node")|$six, neighbour solicitation who has $target,"
	echo "$(ip6 3a "8800000000000000$node")|$six, neighbour advertisement $target,"
	echo "$(ip6 11 ${ports}00080000)|$six, UDP 4000 > 5000,"
	echo "$(ip6 00 3a${zeros}80$zeros)|$six, hop-by-hop options, ICMPv6 echo request,"
	echo "$(ip6 2c 1100000900000000$ports)|$six, fragment at 8, UDP,"
	echo "$(ip6 2b 11ff000000000000)|$six, routing header (too short),"
	echo "${macs}88cc0207|LLDP,"
	echo "${macs}888e0207|EAPOL,"
	echo "${macs}0026424203$(hex_run 35)|802.3 LLC STP,"
	echo "${macs}0008aaaa0300000c2000|802.3 LLC, SNAP oui 0x00000c type 0x2000,"
	echo "${macs}0003f0f003|802.3 LLC dsap 0xf0 ssap 0xf0,"
	echo "${macs}0003f0|802.3 LLC (too short),"
	echo "${macs}8100006481|802.1Q (too short),"
	echo "${macs}810000640806|802.1Q 100, ARP (too short),"
} >protocols
sed 's/|.*//' protocols | pcap_of >protocols.pcap
# At the sending end: the kernel does not receive tagged frames that end in their tags.
start_dump near -i near
send --pcap protocols.pcap
stop_dump
is "the name of each protocol" \
	"$(sed 's/^[^,]*, //; s/, length.*/,/' near.out)" "$(sed 's/.*|//' protocols)"

lines=$(awk 'END { print NR }' protocols)
for snaplen in 1 12 13 14 16 20 33 34 37 53 54 57; do
	start_dump "near$snaplen" -i near -s $snaplen
	send --pcap protocols.pcap
	stop_dump
	echo "$(awk 'END { print NR }' "near$snaplen.out") $dump_status"
done >cut.txt
is "frames cut anywhere are shown" "$(sort -u cut.txt)" "$lines 0"
like "a cut frame is called that" "$(sed -n 1p near20.out)" 'ARP (cut), length 42 captured 20$'
like "a frame cut in its addresses as well" "$(sed -n 1p near1.out)" \
	' no header (cut), length 42 captured 1$'

# Snaplen counts bytes as on the wire.
{
	echo "$macs$payload"
	echo "${macs}81000064$payload"
	echo "${macs}88a80005${macs}"
} >mixed.hex
pcap_of <mixed.hex >mixed.pcap
for snaplen in 12 16 18 30 60 62 64; do
	start_dump far -i far -s $snaplen -w far.pcap
	start_dump_pid=$dump_pid
	send --pcap mixed.pcap
	stop_dump "$start_dump_pid"
	is "-s $snaplen: the bytes" "$(frames_of far.pcap)" "$(cut -c 1-$((2 * snaplen)) mixed.hex)"
	is "-s $snaplen: the lengths" \
		"$(field_of far.pcap frame.len)" "$(field_of mixed.pcap frame.len)"
	longer=$(awk -v s=$snaplen 'length($0) > 2 * s { n++ } END { print n + 0 }' mixed.hex)
	is "-s $snaplen: the summary" "$(summary_of far)" "3 captured, 0 dropped, $longer truncated"
done

# -c ends by itself.
start_dump far -i far -c 2
send --pcap mixed.pcap
wait_dump
is "-c 2 ends with status 0" "$dump_status" 0
is "-c 2 shows two frames" "$(awk 'END { print NR }' far.out)" 2
is "-c 2 counts two frames" "$(summary_of far)" "2 captured, 0 dropped, 0 truncated"

# Promiscuous or not.
promiscuous() {
	ip -d link show far | sed -n 's/.*promiscuity \([0-9]*\).*/\1/p'
}
start_dump far -i far
is "a dump makes the interface promiscuous" "$(promiscuous)" 1
stop_dump
is "and lets go of it" "$(promiscuous)" 0
start_dump far -i far -p
is "-p does not" "$(promiscuous)" 0
stop_dump

# Programs in the format of tcpdump -ddd.
{
	echo "${macs}0806$(hex_run 46)"
	echo "${macs}0800$(hex_run 46)"
} | pcap_of >two.pcap
tcpdump -i far -ddd 'ether proto 0x0806' 2>/dev/null >arp.ddd
start_dump far -i far --ddd arp.ddd
send --pcap two.pcap
stop_dump
is "--ddd chooses frames" "$(sed 's/.*, \(.*\), length.*/\1/' far.out)" "ARP operation 1543"
start_dump_stdin() {
	: >in.err
	timeout --foreground -s KILL 60 "$L2DUMP" -i far --ddd - <arp.ddd >in.out 2>in.err &
	dump_pid=$!
	await grep -q '^listening on' in.err
}
start_dump_stdin
send --pcap two.pcap
stop_dump
is "--ddd - reads stdin" "$(summary_of in)" "1 captured, 0 dropped, 0 truncated"
for expression in "" "tcp port 80" "ip6 and udp" "vlan 100" "greater 100" "host 10.0.0.1 or arp"; do
	tcpdump -i far -s 96 -ddd "$expression" 2>/dev/null >any.ddd
	ok "tcpdump -ddd '$expression' is taken" start_dump any -i far --ddd any.ddd
	stop_dump
done
printf 'ldh [12]\njne #0x0806, drop\nret #20\ndrop: ret #0\n' >arp.asm
tcpdump -i far -dd arp 2>/dev/null >arp.dd
for file in arp.asm arp.dd; do
	start_dump far -i far --ddd "$file"
	send --pcap two.pcap
	stop_dump
	is "--ddd takes $file" "$(summary_of far | cut -d, -f1)" "1 captured"
done
printf '1\n6 0 0 20\n' >short.ddd
start_dump far -i far --ddd short.ddd -w far.pcap
send --pcap mixed.pcap
stop_dump
is "a program that cuts frames" "$(summary_of far)" "3 captured, 0 dropped, 3 truncated"
is "its lengths" "$(field_of far.pcap frame.len)" "$(field_of mixed.pcap frame.len)"

rejected() { # WHAT PATTERN PROGRAM
	printf '%b' "$3" >bad.ddd
	timeout 5 "$L2DUMP" -i far --ddd bad.ddd >bad.out 2>bad.err
	is "--ddd, $1: status" $? 2
	like "--ddd, $1: message" "$(cat bad.err)" "$2"
}
rejected "empty" 'bad.ddd: line 1, column 1: there is no instruction' ''
rejected "no count" 'bad.ddd: line 1, column 1: an unknown instruction' 'x\n6 0 0 1\n'
rejected "count 0" 'bad.ddd: line 1, column 1: ' '0\n'
rejected "count 4097" 'bad.ddd: line 1, column 1: ' '4097\n6 0 0 1\n'
rejected "too few" 'bad.ddd: line 3, column 1: 1 instructions' '2\n6 0 0 1\n'
rejected "too many" 'bad.ddd: line 3, column 1: more' '1\n6 0 0 1\n6 0 0 1\n'
rejected "three numbers" 'bad.ddd: line 3, column 1: k is expected' '1\n6 0 0\n'
rejected "five numbers" 'bad.ddd: line 2, column 9: more' '1\n6 0 0 1 1\n'
rejected "a code too large" 'bad.ddd: line 2, column 1: code' '1\n65536 0 0 1\n'
rejected "jt too large" 'bad.ddd: line 2, column 4: jt' '1\n21 256 0 1\n'
rejected "k too large" 'bad.ddd: line 2, column 7: k' '1\n6 0 0 4294967296\n'
timeout 5 "$L2DUMP" -i far --ddd missing.ddd 2>bad.err
is "--ddd, no file: status" $? 2
like "--ddd, no file: message" "$(cat bad.err)" 'missing.ddd: No such file'

# Writing to a pipe, live.
"$L2DUMP" -i far -w - 2>pipe.err | tcpdump -l -nn -e -r - >pipe.out 2>/dev/null &
jobs_started="$jobs_started $!"
await grep -q '^listening on' pipe.err
send --pcap mixed.pcap
ok "-w - feeds tcpdump -r - while it runs" await grep -q '802.1Q' pipe.out
# In a pipeline only the last process has an id to wait for: it ends when the first one does.
ip link del near
wait $!
is "tcpdump has read all" "$(grep -c " > " pipe.out)" 3
like "the interface's end is told" "$(cat pipe.err)" 'far is gone'
make_veth near far

# An interface that goes away; the summary comes last.
start_dump far -i far
send --pcap mixed.pcap
await grep -q 802.1Q far.out
ip link del near
wait_dump
is "a deleted interface: status" "$dump_status" 1
like "a deleted interface: message" "$(cat far.err)" 'l2dump: .*far is gone'
is "a deleted interface: summary" "$(summary_of far)" "3 captured, 0 dropped, 0 truncated"
make_veth near far

# A link that goes down and comes back is no end.
start_dump far -i far
ip link set far down
ip link set far up
await send --pcap mixed.pcap
await grep -q 802.1Q far.out
stop_dump
is "a link that was down: status" "$dump_status" 0
is "a link that was down: summary" "$(summary_of far)" "3 captured, 0 dropped, 0 truncated"

# Signals: at any moment, also under a flood.
for i in 1 2 3 4 5 6 7 8 9 10; do
	start_dump "early$i" -i far
	stop_dump "$dump_pid" "$([ $((i % 2)) = 0 ] && echo TERM || echo INT)"
	echo "$dump_status $(summary_of "early$i")"
done >early
is "signals right after the start" "$(sort -u early)" "0 0 captured, 0 dropped, 0 truncated"
# Its output is read slowly, so there is always another frame waiting.
mkfifo flood.out
while [ "$(head -c 65536 | wc -c)" -gt 0 ]; do
	sleep 0.005
done <flood.out &
start_flood sending near "$macs$payload"
start_dump flood -i far -e
sleep 0.5
before=$(date +%s)
stop_dump
ok "a flood does not keep it from ending" test $(($(date +%s) - before)) -le 10
is "a flood: status" "$dump_status" 0
like "a flood: summary" "$(summary_of flood)" \
	'^[1-9][0-9]* captured, [1-9][0-9]* dropped, 0 truncated$'
kill -INT "$flood_pid"
wait "$flood_pid"
is "l2send ends with status 0 on SIGINT" $? 0
like "and with its report" "$(cat sending.out)" '^[1-9][0-9]* sent, 0 failed$'

# Everything that was sent before the signal is there, next to tcpdump on the same link.
i=0
while [ $i -lt 40 ]; do
	i=$((i + 1))
	tagged_frames
done | pcap_of >many.pcap
tcpdump -i far -U -w - >tcpdump.pcap 2>tcpdump.err &
tcpdump_pid=$!
jobs_started="$jobs_started $tcpdump_pid"
await grep -q '^tcpdump: listening' tcpdump.err
start_dump far -i far -w far.pcap
send --pcap many.pcap
stop_dump
all_there() {
	[ "$(field_of tcpdump.pcap frame.len | awk 'END { print NR }')" = $((40 * count)) ]
}
await all_there
kill -INT "$tcpdump_pid"
wait "$tcpdump_pid"
is "beside tcpdump: the summary" \
	"$(summary_of far)" "$((40 * count)) captured, 0 dropped, 0 truncated"
frames_of far.pcap >far.hex
frames_of tcpdump.pcap >tcpdump.hex
is "beside tcpdump: the number of frames" \
	"$(awk 'END { print NR }' far.hex)" "$(awk 'END { print NR }' tcpdump.hex)"
ok "beside tcpdump: the bytes" cmp far.hex tcpdump.hex
is "beside tcpdump: the lengths" \
	"$(field_of far.pcap frame.len | cksum)" "$(field_of tcpdump.pcap frame.len | cksum)"

# Output that cannot be written.
start_dump far -i far -w /dev/full 2>/dev/null || :
wait_dump
is "a full disk at the start" "$dump_status" 2
: >full.err
timeout --foreground -s KILL 60 "$L2DUMP" -i far >/dev/full 2>full.err &
dump_pid=$!
await grep -q '^listening' full.err
send --pcap mixed.pcap
wait_dump
is "a full disk later: status" "$dump_status" 1
like "a full disk later: message" "$(cat full.err)" 'l2dump: stdout: No space left'
is "a full disk later: summary last" \
	"$(tail -n 1 full.err | sed 's/^[0-9]*//')" " captured, 0 dropped, 0 truncated"

# Devices without an Ethernet header: a tun device that hands the kernel one packet.
tun_packet() {
	/usr/bin/python3 - <<-'END'
		import fcntl, os, struct
		tun = os.open("/dev/net/tun", os.O_RDWR)
		fcntl.ioctl(tun, 0x400454CA, struct.pack("16sH22x", b"tun7", 0x1001))
		os.write(tun, bytes.fromhex("4500001c0000400040010000"
			"01020304010203050800f7fd00010001"))
	END
}
if [ ! -w /dev/net/tun ] || [ ! -x /usr/bin/python3 ]; then
	diag "no tun devices for this user: not checked how they are shown"
elif ip tuntap add dev tun7 mode tun; then
	ip link set dev tun7 up
	refused=$("$L2DUMP" -i tun7 -w tun.pcap 2>&1)
	is "-w on another kind of device: status" $? 2
	like "-w on another kind of device: message" "$refused" 'tun7 has device type 65534'
	ok "-w on another kind of device: no file" test ! -e tun.pcap
	start_dump tun -i tun7
	ok "a packet through it" tun_packet
	await grep -q 'length 28' tun.out
	stop_dump
	like "it is shown by its device type" "$(cat tun.out)" \
		'^[0-9:.]* device type 65534, length 28$'
else
	skip "another kind of device" "no tun devices here"
fi

# Usage.
usage() { # WHAT STATUS PATTERN ARGUMENT...
	what=$1 status=$2 pattern=$3
	shift 3
	said=$(timeout 5 "$L2DUMP" "$@" 2>&1)
	is "$what: status" $? "$status"
	like "$what: message" "$said" "$pattern"
}
usage "no interface named" 2 'l2dump: -i IFACE is missing'
usage "an unknown interface" 2 'l2dump: interface: nosuch: no such interface' -i nosuch
usage "a name too long" 2 'l2dump: interface: .*15 characters' -i abcdefghijklmnopq
usage "an unknown option" 2 'Try: l2dump --help' -i far -z
usage "an expression that is none" 2 'l2dump: expression: .*parse' -i far x y
usage "-c 0" 2 'l2dump: -c 0: ' -i far -c 0
usage "-c -1" 2 'l2dump: -c -1: ' -i far -c -1
usage "-s 262145" 2 'l2dump: -s 262145: not a number from 1 to 262144' -i far -s 262145
usage "-s 12x" 2 'l2dump: -s 12x: ' -i far -s 12x
usage "a file that cannot be made" 2 'l2dump: .*/nosuch/file' -i far -w ./nosuch/file
usage "--help" 0 '^Usage: l2dump -i IFACE' --help
usage "--version" 0 '^l2dump [0-9.]* (libl2sock [0-9.]*)$' --version

tap_done
