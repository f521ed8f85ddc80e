#!/bin/sh
# SPDX-License-Identifier: MIT
# l2check on frames with good and bad checksums, against tshark. To be run with its path in L2CHECK.

support=$(dirname "$0")/../support
. "$support/tap.sh"
. "$support/frames.sh"

: "${L2CHECK:?the path of l2check}"
need_tools tshark
work_in_temp

# "hello" by UDP in a tag: the two checksums are parameters.
udp() { # IP4 UDP
	echo "0200000000bb0200000000aa81006064080045000021000040004011$1" \
		"c0000201c63364020fa01388000d${2}68656c6c6f" | tr -d ' '
}
{
	udp 4e95 aca2
	udp 4e96 aca2
	udp 4e95 0000
	udp 4e95 aca3
	echo "0200000000bb0200000000aa0800ff"
	echo "0200000000bb0200000000aa0800450000"
} | pcap_of >in.pcap

"$L2CHECK" -r in.pcap >lines 2>err
is "some are bad: status" $? 1
is "nothing else is said" "$(cat err)" ""
is "the lines" "$(sed '$d' lines)" "1 eth/vlan/ip4/udp ip4=good udp=good
2 eth/vlan/ip4/udp ip4=bad udp=good
3 eth/vlan/ip4/udp ip4=good udp=absent
4 eth/vlan/ip4/udp ip4=good udp=bad
5 eth truncated
6 eth truncated"
is "the totals" "$(tail -n 1 lines)" \
	"6 frames, 5 good, 2 bad, 1 absent, 0 not-ready, 0 fragment, 0 truncated, 0 unknown"

"$L2CHECK" --fix -r in.pcap -w out.pcap >lines 2>err
is "--fix: status" $? 0
is "--fix: no lines" "$(cat lines)" ""
is "--fix: the totals" "$(tr ',' '\n' <err | head -n 5 | tr '\n' ',')" \
	"6 frames, 2 checksums corrected, 7 good, 0 bad, 1 absent,"
"$L2CHECK" -r out.pcap >lines
is "what was corrected is good: status" $? 0
{
	udp 4e95 aca2
	udp 4e95 aca2
	udp 4e95 0000
	udp 4e95 aca2
	echo "0200000000bb0200000000aa0800ff"
	echo "0200000000bb0200000000aa0800450000"
} | pcap_of >wanted.pcap
is "the frames" "$(field_of out.pcap frame.len)" "$(field_of wanted.pcap frame.len)"
is "their bytes" "$(tshark -n -x -r out.pcap 2>/dev/null)" \
	"$(tshark -n -x -r wanted.pcap 2>/dev/null)"
is "their times" "$(field_of out.pcap frame.time_epoch)" "$(field_of in.pcap frame.time_epoch)"
is "tshark calls them good" "$(tshark -n -r out.pcap -o ip.check_checksum:TRUE \
	-o udp.check_checksum:TRUE -T fields -e ip.checksum.status -e udp.checksum.status \
	2>/dev/null | head -n 4 | tr '\t\n' ' ,')" "1 1,1 1,1 3,1 1,"
"$L2CHECK" --fix -r - -w - <in.pcap 2>/dev/null >piped.pcap
ok "from stdin to stdout" cmp out.pcap piped.pcap

head -c 100 in.pcap >short.pcap
"$L2CHECK" -r short.pcap >lines 2>err
is "a damaged file: status" $? 2
like "a damaged file: message" "$(cat err)" '^l2check: .*truncated'
"$L2CHECK" -r in.pcap >/dev/full 2>err
is "a full disk: status" $? 2
like "a full disk: message" "$(cat err)" '^l2check: stdout: No space left'

usage() { # WHAT STATUS PATTERN ARGUMENT...
	what=$1 status=$2 pattern=$3
	shift 3
	said=$(timeout 5 "$L2CHECK" "$@" 2>&1)
	is "$what: status" $? "$status"
	like "$what: message" "$said" "$pattern"
}
usage "no file" 2 'l2check: -r FILE is missing'
usage "a missing file" 2 'l2check: .*nosuch' -r nosuch
usage "--fix without -w" 2 'l2check: --fix and -w' -r in.pcap --fix
usage "-w without --fix" 2 'l2check: --fix and -w' -r in.pcap -w out.pcap
usage "an argument too many" 2 'l2check: x: ' -r in.pcap x
usage "an unknown option" 2 'Try: l2check --help' -z
usage "--help" 0 '^Usage: l2check -r FILE' --help
usage "--version" 0 '^l2check [0-9.]* (libl2sock [0-9.]*)$' --version

tap_done
