#!/bin/sh
# SPDX-License-Identifier: MIT
# l2send, seen from the far end. To be run in a network namespace of its own, with the programs'
# paths in L2DUMP and L2SEND.

support=$(dirname "$0")/../support
. "$support/tap.sh"
. "$support/frames.sh"

: "${L2DUMP:?the path of l2dump}" "${L2SEND:?the path of l2send}"
need_tools tcpdump tshark ip unshare tc
become_ordinary "$0"
work_in_temp
make_veth near far || tap_skip_all "no veth interfaces here"

macs=ffffffffffff020000000001
header=${macs}88b5

# What it does is left in files, for calls from inside of $().
send() { # ARGUMENT...
	timeout --foreground -s KILL 60 "$L2SEND" -i near "$@" >send.out 2>send.err
	echo $? >send.status
}

status() {
	cat send.status
}

report() {
	tail -n 1 send.out
}

# What a sending brings to the far end, in hex.
received() { # ARGUMENT...
	start_dump far -i far -w far.pcap
	send "$@"
	stop_dump
	frames_of far.pcap
}

# One frame in hex, with whatever stands between its bytes.
is "--hex" "$(received --hex "${header}0102")" "${header}0102"
send --hex "${header}0102"
is "--hex: status" "$(status)" 0
is "--hex: report" "$(cat send.out)" "1 sent, 0 failed"
is "--hex: nothing on stderr" "$(cat send.err)" ""
for text in 'ff:ff:ff:ff:ff:ff 02-00-00-00-00-01 88 B5 0a 0B' \
	'FFFFFFFFFFFF:020000000001:88b5:0a0b' \
	"  ffffffffffff
	020000000001

88b5 -- 0a:0b
"; do
	is "separators" "$(received --hex "$text")" "${header}0a0b"
done

bad_hex() { # COLUMN HEX
	send --hex "$2"
	is "column $1: status" "$(status)" 2
	like "column $1: message" "$(cat send.err)" "^l2send: --hex: column $1: "
	is "column $1: no report" "$(cat send.out)" ""
}
bad_hex 1 'x0'
bad_hex 2 '0'
bad_hex 2 '0x00'
bad_hex 5 '00 0'
bad_hex 5 '00 0 1'
bad_hex 7 'ff ff g0'
bad_hex 3 '00,00'

# A frame's bytes in a file.
echo "$header$(hex_run 1500)" | bytes >frame.bin
is "--file" "$(received --file frame.bin)" "$header$(hex_run 1500)"
start_dump far -i far -w far.pcap
"$L2SEND" -i near --file - <frame.bin >send.out
stop_dump
is "--file - reads stdin" "$(frames_of far.pcap)" "$header$(hex_run 1500)"
send --file missing.bin
is "--file, none there: status" "$(status)" 2
like "--file, none there: message" "$(cat send.err)" '^l2send: missing.bin: No such file'
head -c 262145 /dev/zero >huge.bin
send --file huge.bin
is "--file, too large for any frame: status" "$(status)" 2
like "--file, too large for any frame: message" "$(cat send.err)" '^l2send: huge.bin: .*262144'

# Every frame of a capture file, in order, and all of it again.
i=0
while [ $i -lt 20 ]; do
	i=$((i + 1))
	echo "$header$(printf %02x $i)$(hex_run $i)"
done >twenty.hex
pcap_of <twenty.hex >twenty.pcap
is "--pcap" "$(received --pcap twenty.pcap)" "$(cat twenty.hex)"
is "--pcap: report" "$(report)" "20 sent, 0 failed"
is "--pcap -c 3" "$(received --pcap twenty.pcap -c 3)" "$(cat twenty.hex twenty.hex twenty.hex)"
is "--pcap -c 3: report" "$(report)" "60 sent, 0 failed"
start_dump far -i far -w far.pcap
"$L2SEND" -i near --pcap - <twenty.pcap >send.out
stop_dump
is "--pcap - reads stdin" "$(frames_of far.pcap)" "$(cat twenty.hex)"
start_dump far -i far -w copy.pcap
send --pcap far.pcap
stop_dump
is "a file of l2dump, with nanoseconds" "$(frames_of copy.pcap)" "$(cat twenty.hex)"
is "-c 5 --hex" "$(received -c 5 --hex "${header}01" | uniq -c | tr -s ' ')" " 5 ${header}01"

pcap_of 113 <twenty.hex >cooked.pcap
send --pcap cooked.pcap
is "another link type: status" "$(status)" 2
like "another link type: message" "$(cat send.err)" '^l2send: cooked.pcap: its link type is 113'
pcap_of 1 4 <twenty.hex >cut.pcap
is "frames that were cut are not sent" "$(received --pcap cut.pcap)" ""
is "frames that were cut: status" "$(status)" 1
is "frames that were cut: report" "$(report)" "0 sent, 20 failed"
like "frames that were cut: message" "$(cat send.err)" \
	'^l2send: cut.pcap: a frame of 20 bytes was cut to 16'
head -c 100 twenty.pcap >damaged.pcap
send --pcap damaged.pcap
is "a damaged file: status" "$(status)" 1
is "a damaged file: report" "$(report)" "2 sent, 1 failed"
like "a damaged file: message" "$(cat send.err)" '^l2send: .*truncated'
printf 'no capture' >text.pcap
send --pcap text.pcap
is "no capture file: status" "$(status)" 2
send --pcap missing.pcap
is "--pcap, none there: status" "$(status)" 2
like "--pcap, none there: message" "$(cat send.err)" '^l2send: missing.pcap: No such file'

# Frames that the kernel refuses, in the library's words, each told once.
{
	echo "${header}01"
	echo "$macs"
	echo "${header}$(hex_run 1501)"
	echo "$macs"
	echo "${macs}8100006488b5$(hex_run 1500)"
	echo "$header"
} | pcap_of >refused.pcap
is "the others go out" "$(received --pcap refused.pcap | cut -c 1-40)" \
	"$(printf '%s\n' "${header}01" "${macs}8100006488b50001" "$header")"
is "refused: status" "$(status)" 1
is "refused: report" "$(report)" "3 sent, 3 failed"
is "too short, told once and counted" "$(grep 'send: 12 bytes are less' send.err)" \
	"l2send: send: 12 bytes are less than the link-layer header of near
l2send: 2 times: send: 12 bytes are less than the link-layer header of near"
is "too long, told once" "$(grep -c 'send: 1515 bytes exceed the MTU of near, 1500' send.err)" 1
send --hex ''
is "no bytes at all: report" "$(report)" "0 sent, 1 failed"
send -c 100 --hex ff
is "a hundred refusals: report" "$(report)" "0 sent, 100 failed"
is "a hundred refusals: two lines" "$(awk 'END { print NR }' send.err)" 2
ip link set near down
send --hex "${header}01"
is "interface down: report" "$(report)" "0 sent, 1 failed"
like "interface down: message" "$(cat send.err)" 'near: the interface is down'
ip link set near up

# A queue that drops is waited for, as long as it moves.
if tc qdisc add dev near root tbf rate 2mbit burst 2kb limit 4kb 2>tc.err; then
	start_dump far -i far -w far.pcap
	send -c 60 --file frame.bin
	await test "$(tshark -r far.pcap 2>/dev/null | awk 'END { print NR }')" = 60
	sleep 0.2
	stop_dump
	is "a slow queue: report" "$(report)" "60 sent, 0 failed"
	is "a slow queue: all arrive" "$(summary_of far)" "60 captured, 0 dropped, 0 truncated"
	tc qdisc replace dev near root tbf rate 8bit burst 2kb limit 2kb
	send -c 3 --file frame.bin
	is "a stuck queue: status" "$(status)" 1
	like "a stuck queue: report" "$(report)" '^[0-2] sent, [1-3] failed$'
	like "a stuck queue: message" "$(cat send.err)" 'queueing discipline'
	tc qdisc del dev near root
else
	skip "a slow queue" "$(cat tc.err)"
fi

# Many together: in order, each once, with the failures told.
is "-b 7 --pcap" "$(received -b 7 --pcap twenty.pcap -c 3)" \
	"$(cat twenty.hex twenty.hex twenty.hex)"
is "-b 7 --pcap: report" "$(report)" "60 sent, 0 failed"
is "-b 1024" "$(received -b 1024 -c 200 --hex "${header}02" | uniq -c | tr -s ' ')" \
	" 200 ${header}02"
is "-b, refused: the others go out" "$(received -b 64 --pcap refused.pcap | cut -c 1-40)" \
	"$(printf '%s\n' "${header}01" "${macs}8100006488b50001" "$header")"
is "-b, refused: report" "$(report)" "3 sent, 3 failed"

# Headers made by the kernel.
mac=$(ip -o link show near | sed 's/.*ether \([0-9a-f:]*\).*/\1/; s/://g')
is "--cooked" "$(received --cooked ff:ff:ff:ff:ff:ff,88b5 --hex 0102)" "ffffffffffff${mac}88b50102"
is "--cooked -b" "$(received --cooked 020000000009,0800 -b 3 -c 5 --hex 03 | uniq -c | tr -s ' ')" \
	" 5 020000000009${mac}080003"
send --cooked ff:ff:ff:ff:ff,88b5 --hex 01
is "--cooked, a short address: report" "$(report)" "0 sent, 1 failed"
like "--cooked, a short address: message" "$(cat send.err)" 'an address of 5 bytes; near has 6'
is "--legacy" "$(received --legacy -c 2 --hex "${header}05" | uniq -c | tr -s ' ')" " 2 ${header}05"

# The interface goes away.
start_flood gone near "${header}01"
ip link del far
gone_status=0
wait "$flood_pid" || gone_status=$?
is "a deleted interface: status" "$gone_status" 1
like "a deleted interface: message" "$(cat gone.err)" 'near is gone'
# More than one failed where the link went down a moment before.
like "a deleted interface: report" "$(cat gone.out)" '^[0-9]* sent, [1-9][0-9]* failed$'
make_veth near far

# SIGTERM; SIGINT is in l2dump.sh.
start_flood term near "${header}01"
kill -TERM "$flood_pid"
term_status=0
wait "$flood_pid" || term_status=$?
is "SIGTERM: status" "$term_status" 0
like "SIGTERM: report" "$(cat term.out)" '^[1-9][0-9]* sent, 0 failed$'

usage() { # WHAT STATUS PATTERN ARGUMENT...
	what=$1 status=$2 pattern=$3
	shift 3
	said=$(timeout 5 "$L2SEND" "$@" 2>&1)
	is "$what: status" $? "$status"
	like "$what: message" "$said" "$pattern"
}
usage "no interface named" 2 'l2send: -i IFACE is missing' --hex 00
usage "an unknown interface" 2 'l2send: interface: nosuch: no such interface' -i nosuch --hex 00
usage "nothing to send" 2 'l2send: nothing to send' -i near
usage "two sources" 2 'l2send: one of --hex, --file and --pcap' -i near --hex 00 --file frame.bin
usage "a source twice" 2 'l2send: one of --hex, --file and --pcap' -i near --hex 00 --hex 00
usage "an unknown option" 2 'Try: l2send --help' -i near -z
usage "an argument too many" 2 'l2send: x: ' -i near --hex 00 x
usage "-b 0" 2 'l2send: -b 0: ' -i near -b 0 --hex 00
usage "-b 1025" 2 'l2send: -b 1025: ' -i near -b 1025 --hex 00
usage "--cooked, no type" 2 'l2send: --cooked: ' -i near --cooked ffffffffffff --hex 00
usage "--cooked, no address" 2 'l2send: --cooked: ' -i near --cooked ,88b5 --hex 00
usage "--cooked, a short type" 2 'l2send: --cooked: ' -i near --cooked ffffffffffff,88 --hex 00
usage "--cooked --pcap" 2 'l2send: --cooked: ' -i near --cooked ff,88b5 --pcap twenty.pcap
usage "--cooked --legacy" 2 'l2send: one of ' -i near --cooked ff,88b5 --legacy --hex 00
usage "-c 0" 2 'l2send: -c 0: ' -i near -c 0 --hex 00
usage "-c 1x" 2 'l2send: -c 1x: ' -i near -c 1x --hex 00
usage "stdin more than once" 2 'l2send: --pcap -: ' -i near -c 2 --pcap -
usage "--help" 0 '^Usage: l2send -i IFACE' --help
usage "--version" 0 '^l2send [0-9.]* (libl2sock [0-9.]*)$' --version

tap_done
