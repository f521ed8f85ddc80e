#!/bin/sh
# SPDX-License-Identifier: MIT
# l2bpf against tcpdump. To be run in a network namespace of its own, with the programs'
# paths in L2BPF, L2DUMP and L2SEND.

support=$(dirname "$0")/../support
list=$(cd "$(dirname "$0")" && pwd)/../data/expressions.txt
. "$support/tap.sh"
. "$support/frames.sh"

: "${L2BPF:?the path of l2bpf}" "${L2DUMP:?the path of l2dump}" "${L2SEND:?the path of l2send}"
need_tools tcpdump unshare
become_ordinary "$0"
work_in_temp

# ARP, DNS over UDP, and TCP to port 80, each with every kind of tag.
arp=080600010800060400010200000000010a0000010000000000000a000002
udp=08004500003900010000401166b10a0000010a000002cf080035002549ef00010100
tcp=080045000030000100000506a1c50a0000010a0000029c400050000000000000000070022000b3850000
for packet in $arp $udp $tcp; do
	for tags in "" 81000064 88a8b123 91000064 88a83064810000c8; do
		echo "020000000002020000000001$tags$packet$(hex_run 20)"
	done
done >frames.hex
pcap_of <frames.hex >frames.pcap

# Those that ask for more than a file tells, or for the netmask, are left out.
awk 'NR % 5 == 0' "$list" >sample.txt
differences=
compared=0
while IFS= read -r expression; do
	case $expression in
	'#'* | *bound* | *'ip broadcast'*) continue ;;
	esac
	ours=$("$L2BPF" run -r frames.pcap "$expression" 2>&1)
	theirs=$(tcpdump -nr frames.pcap "$expression" 2>/dev/null | wc -l)
	[ "$ours" = "$theirs" ] || differences="$differences $expression: $ours, not $theirs;"
	compared=$((compared + 1))
done <sample.txt
is "chooses the frames that tcpdump chooses" "$differences" ""
ok "for dozens of expressions" test "$compared" -ge 50

is "the count is on the last line, the numbers before it" \
	"$("$L2BPF" run -v -r frames.pcap arp | tr '\n' ' ')" "1 1 "
is "disassembles as tcpdump does" "$("$L2BPF" print vlan and tcp port 80)" \
	"$(tcpdump -y EN10MB -d vlan and tcp port 80 2>/dev/null)"
tcpdump -y EN10MB -ddd tcp port 80 >tcp.ddd 2>/dev/null
is "reads a program" "$("$L2BPF" run -r frames.pcap --ddd tcp.ddd)" \
	"$("$L2BPF" run -r frames.pcap tcp port 80)"
like "shows what a handle attaches" "$("$L2BPF" wire arp)" 'ld *\[vlanp\]'

"$L2BPF" check arp
is "a valid program: status 0" $? 0
printf '1\n40 0 0 12\n' | "$L2BPF" check --ddd - 2>why
is "a program without return: status 1" $? 1
like "and the rule" "$(cat why)" 'instruction 0: the last instruction is no return'
"$L2BPF" check ip6 protochain 6 2>/dev/null
is "a loop: status 1" $? 1
"$L2BPF" check 'arp and' 2>why
is "no expression: status 2" $? 2
like "in the words of libpcap" "$(cat why)" 'syntax error'
"$L2BPF" look arp 2>/dev/null
is "no such command: status 2" $? 2
"$L2BPF" run arp 2>/dev/null
is "run without a file: status 2" $? 2
like "help" "$("$L2BPF" --help)" '^Usage: l2bpf'

# l2dump takes an expression too, and means the wire.
make_veth near far || tap_skip_all "no veth interfaces here"
start_dump far -i far -w far.pcap vlan 100 and arp
"$L2SEND" -i near --pcap frames.pcap >/dev/null 2>send.log
stop_dump
is "l2dump saves the frames that the expression chooses" "$(frames_of far.pcap)" \
	"$(sed -n "2p;4p" frames.hex)"
tap_done
