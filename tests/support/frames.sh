# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Frames in hex, capture files, veth pairs and dumps in the background. Sourced after tap.sh.
#
# Frames are words of hex digits, one a line where there are several.

need_tools() { # TOOL...
	for tool; do
		command -v "$tool" >/dev/null || tap_skip_all "$tool is not installed"
	done
}

# Goes on in a namespace where the user is an ordinary one that has capabilities: as root, tcpdump
# insists on changing to another user, and there is none where "unshare -r" maps root alone.
become_ordinary() { # SCRIPT
	[ "$(id -u)" = 0 ] || return 0
	ordinary="unshare --user --map-user=1000 --map-group=1000 --keep-caps --net --"
	$ordinary true 2>/dev/null || tap_skip_all "no user namespaces here"
	exec $ordinary sh "$1"
}

# A directory of the script's own; everything it started ends with it.
work_in_temp() {
	work=$(mktemp -d) || tap_skip_all "no temporary directory"
	jobs_started=
	trap 'kill $jobs_started 2>/dev/null; rm -rf "$work"' EXIT
	trap 'exit 1' INT TERM
	cd "$work" || exit 1
}

# A pair of interfaces, up, with a kernel that says nothing of its own accord.
make_veth() { # NAME PEER
	for conf in all default; do
		echo 1 2>/dev/null >"/proc/sys/net/ipv6/conf/$conf/disable_ipv6"
	done
	ip link add name "$1" type veth peer name "$2" &&
		ip link set dev "$1" arp off multicast off up &&
		ip link set dev "$2" arp off multicast off up
}

# Repeats a command until it succeeds, for ten seconds.
await() { # COMMAND...
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || return 1
		sleep 0.05
	done
}

# Floods a link in the background, until flood_pid is ended; returns when frames go out.
start_flood() { # NAME IFACE HEX
	flood_from=$(frames_out "$2")
	"$L2SEND" -i "$2" -c 100000000 --hex "$3" >"$1.out" 2>"$1.err" &
	flood_pid=$!
	jobs_started="$jobs_started $flood_pid"
	await more_out_than "$2" $((flood_from + 1000))
}

frames_out() { # IFACE
	awk -v name="$1:" '$1 == name { print $11 }' /proc/net/dev
}

more_out_than() { # IFACE N
	[ "$(frames_out "$1")" -gt "$2" ]
}

# N bytes of hex: 00 01 02 ...
hex_run() { # N
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "%02x", i % 256 }'
}

# The bytes that lines of hex stand for.
bytes() {
	# shellcheck disable=SC2059 # the format is made of octal escapes only
	printf "$(awk '{
		digits = "0123456789abcdef"
		for (i = 1; i < length($0); i += 2) {
			n = index(digits, substr($0, i, 1)) * 16
			n += index(digits, substr($0, i + 1, 1)) - 17
			printf "\\%03o", n
		}
	}')"
}

# A capture file with the frames of stdin; MISSING makes them longer than captured.
pcap_of() { # [LINKTYPE [MISSING]]
	awk -v linktype="${1:-1}" -v missing="${2:-0}" '
		function little(n, hex, i) {
			for (i = 0; i < 4; i++) {
				hex = hex sprintf("%02x", n % 256)
				n = int(n / 256)
			}
			return hex
		}
		BEGIN { print "d4c3b2a10200040000000000" little(0) little(65535) little(linktype) }
		{
			n = length($0) / 2
			print little(NR) little(0) little(n) little(n + missing) $0
		}' | bytes
}

# The frames of a capture file as tcpdump reads them.
frames_of() { # FILE
	tcpdump -nn -t -xx -r "$1" 2>/dev/null | awk '
		/^\t0x/ { sub(/^[^:]*:/, ""); gsub(/[ \t]/, ""); hex = hex $0; next }
		{ if (hex != "") print hex; hex = "" }
		END { if (hex != "") print hex }'
}

# One field of every frame of a capture file, as tshark reads it.
field_of() { # FILE FIELD
	tshark -n -r "$1" -T fields -e "$2" 2>/dev/null
}

# Runs l2dump in the background with stdout and stderr in NAME.out and NAME.err; dump_pid is its id.
# Returns when frames flow. One that hangs is ended, with status 137.
start_dump() { # NAME ARGUMENT...
	dump_name=$1
	shift
	: >"$dump_name.err"
	timeout --foreground -s KILL 60 "$L2DUMP" "$@" >"$dump_name.out" 2>"$dump_name.err" &
	dump_pid=$!
	jobs_started="$jobs_started $dump_pid"
	await grep -q '^listening on' "$dump_name.err"
}

# Ends one by a signal; dump_status is its exit status, for the script to check.
dump_status=0
stop_dump() { # [PID [SIGNAL]]
	kill -s "${2:-INT}" "${1:-$dump_pid}" 2>/dev/null
	wait_dump "${1:-$dump_pid}"
}

wait_dump() { # [PID]
	dump_status=0
	wait "${1:-$dump_pid}" || dump_status=$?
	jobs_left=
	for job in $jobs_started; do
		[ "$job" = "${1:-$dump_pid}" ] || jobs_left="$jobs_left $job"
	done
	jobs_started=$jobs_left
}

summary_of() { # NAME
	tail -n 1 "$1.err"
}
