#!/bin/sh
# SPDX-License-Identifier: MIT
# l2fanout, told by what l2send sends. To be run in a network namespace of its own, with the
# programs' paths in L2FANOUT and L2SEND.

support=$(dirname "$0")/../support
. "$support/tap.sh"
. "$support/frames.sh"

: "${L2FANOUT:?the path of l2fanout}" "${L2SEND:?the path of l2send}"
need_tools ip
work_in_temp
make_veth near far || tap_skip_all "no veth interfaces here"

macs=ffffffffffff020000000001

start_fanout() { # ARGUMENT...
	: >err
	timeout --foreground -s KILL 60 "$L2FANOUT" -i far --ring-mb 1 "$@" >out 2>err &
	fanout_pid=$!
	jobs_started="$jobs_started $fanout_pid"
	await grep -q '^listening on far' err
}

stop_fanout() { # [SIGNAL]
	kill -s "${1:-INT}" "$fanout_pid"
	wait "$fanout_pid"
	echo $? >status
}

send() { # COUNT HEX
	"$L2SEND" -i near -c "$1" --hex "$2" >/dev/null
}

promiscuity() {
	ip -d link show dev far | sed -n 's/.*promiscuity \([0-9]*\).*/\1/p'
}

start_fanout -n 3 --mode lb
is "the interface is promiscuous" "$(promiscuity)" 1
send 300 "${macs}88b5$(hex_run 46)"
stop_fanout
is "ended by a signal: status" "$(cat status)" 0
is "one after the other" "$(cat out)" "0: 100 frames, 0 dropped
1: 100 frames, 0 dropped
2: 100 frames, 0 dropped
total: 300 frames, 0 dropped"
is "nothing else is said" "$(cat err)" "listening on far"

start_fanout -n 3 --mode vlan -p
is "-p: the interface is as before" "$(promiscuity)" 0
for vlan in 1 2 4; do
	send "$vlan" "${macs}8100000${vlan}88b5$(hex_run 46)"
done
send 8 "${macs}88b5$(hex_run 46)"
stop_fanout TERM
is "by VLAN" "$(cat out)" "0: 8 frames, 0 dropped
1: 5 frames, 0 dropped
2: 2 frames, 0 dropped
total: 15 frames, 0 dropped"

for mode in hash cpu rollover random queue flow inner-flow; do
	start_fanout -n 2 --mode "$mode"
	send 40 "${macs}0800$(hex_run 46)"
	stop_fanout
	is "$mode: all frames" "$(tail -n 1 out)" "total: 40 frames, 0 dropped"
	is "$mode: a line for each thread" "$(wc -l <out)" 3
done

timeout 20 "$L2FANOUT" -i far -n 1 --mode hash -t 1 >out 2>err
is "-t: status" $? 0
is "-t: the report" "$(cat out)" "0: 0 frames, 0 dropped
total: 0 frames, 0 dropped"

start_fanout -n 2 --mode hash
ip link del dev near
wait "$fanout_pid"
is "the interface goes: status" $? 1
like "the interface goes: message" "$(cat err)" '^l2fanout: .*far is gone'

usage() { # WHAT STATUS PATTERN ARGUMENT...
	what=$1 status=$2 pattern=$3
	shift 3
	said=$(timeout 5 "$L2FANOUT" "$@" 2>&1)
	is "$what: status" $? "$status"
	like "$what: message" "$said" "$pattern"
}
usage "no interface" 2 'l2fanout: -i IFACE, -n THREADS' -n 2 --mode hash
usage "an interface that is not there" 2 'l2fanout: .*nosuch' -i nosuch -n 2 --mode hash
usage "no threads" 2 'l2fanout: -n 0: not a number from 1 to 256' -i lo -n 0 --mode hash
usage "an unknown mode" 2 'l2fanout: --mode: there is no mode x' -i lo -n 2 --mode x
usage "an argument too many" 2 'l2fanout: y: ' -i lo -n 2 --mode lb y
usage "--help" 0 '^Usage: l2fanout -i IFACE' --help
usage "--version" 0 '^l2fanout [0-9.]* (libl2sock [0-9.]*)$' --version

tap_done
