#!/bin/sh
# SPDX-License-Identifier: MIT
# l2serve and l2client: a process without rights captures, and cannot get at more than it was given.
# To be run in a network namespace of its own, with the programs' paths in L2SERVE, L2CLIENT, L2DUMP
# and L2SEND.

support=$(dirname "$0")/../support
. "$support/tap.sh"
. "$support/frames.sh"

: "${L2SERVE:?the path of l2serve}" "${L2CLIENT:?the path of l2client}"
: "${L2DUMP:?the path of l2dump}" "${L2SEND:?the path of l2send}"
need_tools tcpdump ip unshare setpriv python3
become_ordinary "$0"
work_in_temp
make_veth near far || tap_skip_all "no veth interfaces here"

# An ordinary user's program has no capabilities but those of the ambient set.
without_rights="setpriv --inh-caps=-all --ambient-caps=-all"

header=ffffffffffff02000000000188b5
arp=ffffffffffff02000000000108060001080006040001020000000001c0000201000000000000c0000202

send() { # HEX
	"$L2SEND" -i near --hex "$1" >/dev/null
}

lines_in() { # FILE N
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# A program in the background with its output in NAME.out and NAME.err; returns when it is ready.
start() { # NAME PATTERN COMMAND...
	name=$1 pattern=$2
	shift 2
	: >"$name.err"
	timeout --foreground -s KILL 60 "$@" >"$name.out" 2>"$name.err" &
	started=$!
	jobs_started="$jobs_started $started"
	await grep -q "$pattern" "$name.err"
}

start_server() { # NAME ARGUMENT...
	name=$1
	shift
	start "$name" '^serving far at' "$L2SERVE" -i far "$@"
	server=$started
}

start_client() { # NAME ARGUMENT...
	name=$1
	shift
	# shellcheck disable=SC2086 # several words
	start "$name" '^listening on far' $without_rights "$L2CLIENT" "$@"
	client=$started
}

stop() { # PID
	stop_dump "$1"
}

# The control: such a process opens no packet socket itself.
$without_rights "$L2DUMP" -i far >dump.out 2>dump.err
is "without rights no capture: status" $? 2
like "without rights no capture: message" "$(cat dump.err)" '^l2dump: open: .*CAP_NET_RAW'

# Nothing passes for a moment after the link is up.
start_server plain plain.sock
start_client ready plain.sock
await sh -c "\"$L2SEND\" -i near --hex ${header}00; grep -q 88b5 ready.out"
stop "$client"

start_client lines plain.sock
lines=$client
start_client other plain.sock -w other.pcap -c 3
send "${header}01"
send "ffffffffffff020000000001810060640806$(echo "$arp" | cut -c 29-)"
ok "two frames" await lines_in lines.out 2
like "the first" "$(head -n 1 lines.out)" \
	'02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype 0x88b5, length 15$'
like "the second, its tag in place" "$(tail -n 1 lines.out)" '802.1Q 100 pcp 3, ARP'

# The server is no longer needed.
stop "$server"
is "server on SIGINT: status" "$dump_status" 0
is "server on SIGINT: counts" "$(tail -n 1 plain.err)" "3 served, 0 refused"
ok "server on SIGINT: its socket is gone" test ! -e plain.sock
is "server: one line for each client" "$(grep -c ': served$' plain.out)" 3
send "${header}02"
ok "the client goes on" await lines_in lines.out 3
wait_dump "$client"
is "-c: status" "$dump_status" 0
is "-c: counts" "$(tail -n 1 other.err)" "3 captured, 0 dropped"
is "-w, as tcpdump reads it" "$(frames_of other.pcap | sed -n '1p;3p')" \
	"$(printf '%s\n' "${header}01" "${header}02")"
stop "$lines"
is "client on SIGINT: status" "$dump_status" 0
is "client on SIGINT: counts" "$(tail -n 1 lines.err)" "3 captured, 0 dropped"

# What the server chose holds, whatever the client tries.
cat >attack.py <<'END'
import os, socket, struct, subprocess, sys

path, send, frame = sys.argv[1:]
unix = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
unix.connect(path)
_, fds, _, _ = socket.recv_fds(unix, 1, 1)
packets = socket.socket(fileno=fds[0])


def refused(option, value):
    try:
        packets.setsockopt(socket.SOL_SOCKET, option, value)
    except PermissionError:
        return 'refused'
    return 'done'


print('attach', refused(26, struct.pack('HL', 1, 0)), 'detach', refused(27, 0))
packets.bind(('near', 3))
subprocess.run([send, '-i', 'far', '--hex', frame], check=True, stdout=subprocess.DEVNULL)
subprocess.run([send, '-i', 'near', '--hex', frame], check=True, stdout=subprocess.DEVNULL)
packets.settimeout(0.3)
try:
    print('elsewhere', packets.recv(2048).hex())
except TimeoutError:
    print('elsewhere nothing')
END
start_server arp arp.sock arp
start_client chosen arp.sock -c 1
send "${header}03"
send "$arp"
wait_dump "$client"
like "an expression: the ARP frame" "$(cat chosen.out)" 'ARP'
is "an expression: nothing else" "$(wc -l <chosen.out)" 1
# The sending needs rights, the socket none.
attacked=$(python3 attack.py arp.sock "$L2SEND" "$arp")
is "the filter cannot be changed" "$(echo "$attacked" | head -n 1)" "attach refused detach refused"
is "nothing from another interface" "$(echo "$attacked" | tail -n 1)" "elsewhere nothing"
stop "$server"

# Whom to serve.
start_server strange -u 12345 strange.sock
$without_rights "$L2CLIENT" strange.sock >strange.client 2>&1
is "another user: status" $? 2
like "another user: message" "$(cat strange.client)" \
	'^l2client: strange.sock: user [0-9]* is not served'
stop "$server"
is "another user: counts" "$(tail -n 1 strange.err)" "0 served, 1 refused"

usage() { # WHAT STATUS PATTERN COMMAND...
	what=$1 status=$2 pattern=$3
	shift 3
	said=$(timeout 5 "$@" 2>&1)
	is "$what: status" $? "$status"
	like "$what: message" "$said" "$pattern"
}
touch file.sock
usage "a path that is taken" 2 'l2serve: file.sock: Address already in use' \
	"$L2SERVE" -i far file.sock
ok "a path that is taken: left alone" test -f file.sock
usage "a path too long" 2 'l2serve: .*: File name too long' \
	"$L2SERVE" -i far "$(hex_run 60)"
usage "no interface named" 2 'l2serve: -i IFACE is missing' "$L2SERVE" x.sock
usage "an unknown interface" 2 'l2serve: .*nosuch: no such' "$L2SERVE" -i nosuch x.sock
usage "no path" 2 'l2serve: PATH is missing' "$L2SERVE" -i far
usage "no such user" 2 'l2serve: -u nosuch: ' "$L2SERVE" -i far -u nosuch x.sock
usage "a bad expression" 2 'l2serve: ' "$L2SERVE" -i far x.sock 'no expression'
usage "no rights" 2 'l2serve: open: .*CAP_NET_RAW' $without_rights "$L2SERVE" -i far x.sock
usage "l2serve --help" 0 '^Usage: l2serve -i IFACE' "$L2SERVE" --help
usage "l2serve --version" 0 '^l2serve [0-9.]* (libl2sock [0-9.]*)$' "$L2SERVE" --version
usage "no server" 2 'l2client: x.sock: No such file' "$L2CLIENT" x.sock
usage "no path for the client" 2 'l2client: one PATH' "$L2CLIENT"
usage "-c 0" 2 'l2client: -c 0: ' "$L2CLIENT" -c 0 x.sock
usage "l2client --help" 0 '^Usage: l2client' "$L2CLIENT" --help
usage "l2client --version" 0 '^l2client [0-9.]* (libl2sock [0-9.]*)$' "$L2CLIENT" --version

# The interface goes away.
start_server gone gone.sock
start_client late gone.sock
ip link del far
wait_dump "$server"
is "a deleted interface, server: status" "$dump_status" 1
like "a deleted interface, server: message" "$(cat gone.err)" '^l2serve: .*far is gone'
ok "a deleted interface, server: its socket is gone" test ! -e gone.sock
wait_dump "$client"
is "a deleted interface, client: status" "$dump_status" 1
like "a deleted interface, client: message" "$(cat late.err)" '^l2client: .*far is gone'

tap_done
