#!/bin/sh
# SPDX-License-Identifier: MIT
#
# quickstart.sh - from a fresh Debian machine to frames on the screen
#
# Installs what is missing, builds the library and the examples inside the source tree, and shows
# frames in a network of its own: two namespaces and a link between them. Needs root rights only
# where packages are missing. Can be repeated; leaves nothing behind but build-quickstart/.
set -eu
unset DESTDIR

root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build-quickstart
prefix=$build/installed
run=$build/run

step() {
	printf '\n== %s\n' "$*"
}

say() {
	echo "   $*"
}

give_up() {
	echo "quickstart: $*" >&2
	exit 1
}

# Runs a command in silence; when it fails, shows what it said.
quietly() {
	if ! "$@" >>"$build/log" 2>&1; then
		tail -n 40 "$build/log" >&2
		give_up "failed: $*"
	fi
}

# Repeats a command until it succeeds, for ten seconds.
await() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || return 1
		sleep 0.1
	done
}

# --- outside: packages, library, examples -----------------------------------------------------

install_packages() {
	step "Packages"
	sh "$root/tests/packages.sh" build examples || give_up "packages are missing, see above"
	say "all there"
}

make_folders() {
	if ! mkdir -p "$run" || ! : >"$build/log" || [ ! -w "$run" ]; then
		give_up "cannot write to $build: is it another user's? Remove it and try again."
	fi 2>/dev/null
}

# A build directory of another source tree is of no use.
configure() { # DIRECTORY SOURCE OPTION...
	dir=$1 source=$2
	shift 2
	[ -f "$dir/build.ninja" ] && [ "$(cat "$dir.source" 2>/dev/null)" = "$source" ] && return
	rm -rf "$dir"
	quietly meson setup "$dir" "$source" --prefix "$prefix" --libdir lib "$@"
	echo "$source" >"$dir.source"
}

build_library() {
	step "Library: build, and install into build-quickstart/installed"
	configure "$build/library" "$root" -Dtests=disabled -Dcriterion=disabled \
		-Dexamples=disabled -Dbench=disabled -Dpcap=enabled -Dfuzz=false
	quietly meson install -C "$build/library"
	say "$(cd "$prefix" && ls lib/libl2sock.so.*.*)"
	say "$(cd "$prefix" && ls lib/pkgconfig/l2sock.pc)"
}

build_examples() {
	step "Examples: build against the installed library, found through pkg-config"
	PKG_CONFIG_PATH=$prefix/lib/pkgconfig
	export PKG_CONFIG_PATH
	configure "$build/examples" "$root/examples"
	quietly meson install -C "$build/examples"
	linked=$(LD_LIBRARY_PATH=$prefix/lib ldd "$prefix/bin/l2dump" |
		awk '/libl2sock\.so/ { print $3 }')
	case $linked in
	"$prefix"/lib/libl2sock.so.*) say "l2dump links ${linked#"$root/"}" ;;
	*) give_up "l2dump does not link the library in $prefix/lib: ${linked:-none at all}" ;;
	esac
}

# As root of a user namespace; real root can do without one.
enter_namespace() {
	if unshare -rn ip link set lo up 2>/dev/null; then
		unshare -rn sh "$root/examples/quickstart.sh" --inside
	elif [ "$(id -u)" -eq 0 ] && unshare -n ip link set lo up 2>/dev/null; then
		unshare -n sh "$root/examples/quickstart.sh" --inside
	else
		give_up "everything is built, but this system does not permit you a network
namespace of your own (unshare -rn). Run this as root, or have root permit it:
    sysctl user.max_user_namespaces=1000 kernel.unprivileged_userns_clone=1
and on Ubuntu: sysctl kernel.apparmor_restrict_unprivileged_userns=0"
	fi
}

show_tcpdump() {
	command -v tcpdump >/dev/null || return 0
	step "The capture file of a second l2dump, as tcpdump reads it"
	# Not our failure where root is not all-powerful: tcpdump insists on becoming another user.
	if tcpdump -t -e -nn -c 3 -r - 'arp or vlan' \
		<"$run/frames.pcap" >"$run/tcpdump" 2>"$run/tcpdump.err"; then
		sed -n '/ > /s/^/   /p' "$run/tcpdump"
	else
		say "it did not: $(tail -n 1 "$run/tcpdump.err")"
	fi
}

# --- inside: a link, traffic, frames ----------------------------------------------------------

PATH=$prefix/bin:$PATH:/usr/sbin:/sbin
started=

end_all() {
	[ -z "$started" ] || kill $started 2>/dev/null || :
}

make_link() {
	step "A link: here <-> there, in two network namespaces"
	# Holds the second namespace; ends by itself should nobody end it.
	unshare -n sleep 60 &
	started="$started $!"
	there=$!
	await sh -c "! [ /proc/$there/ns/net -ef /proc/self/ns/net ]" ||
		give_up "no second network namespace"
	ip link add name here type veth peer name there
	ip link set dev there netns "$there"
	set_up here 10.83.0.1/24 fd83::1/64
	nsenter -t "$there" -n sh "$root/examples/quickstart.sh" --there
	say "here 10.83.0.1 fd83::1, there 10.83.0.2 fd83::2"
}

has_ip6() {
	[ -d /proc/sys/net/ipv6/conf ]
}

set_up() { # IFACE IPV4 IPV6
	if has_ip6; then
		echo 0 >"/proc/sys/net/ipv6/conf/$1/disable_ipv6"
		ip addr add "$3" dev "$1" nodad
	fi
	ip addr add "$2" dev "$1"
	ip link set dev "$1" up
}

# Sets last to the new process.
start_dump() { # NAME ARGUMENT...
	dump=$1
	shift
	: >"$run/$dump.err"
	l2dump -i here "$@" 2>"$run/$dump.err" &
	last=$!
	started="$started $last"
	await grep -q '^listening on' "$run/$dump.err" || give_up "$(cat "$run/$dump.err")"
}

make_traffic() {
	nsenter -t "$there" -n ping -c 1 -W 2 10.83.0.1 >>"$run/ping" || say "(ping failed)"
	if has_ip6; then
		nsenter -t "$there" -n ping -6 -c 1 -W 2 fd83::1 >>"$run/ping" ||
			say "(ping -6 failed)"
	fi
	nsenter -t "$there" -n l2send -i there --hex \
		'ff:ff:ff:ff:ff:ff 02:00:00:00:00:01 8100 6064 88b5 48656c6c6f' >"$run/l2send" ||
		give_up "l2send failed"
	# The tag was put on by the program, is taken out by the kernel here, and is shown again.
	await grep -q '802.1Q 100' "$run/lines" || :
}

check() { # WHAT PATTERN
	if grep -q -e "$2" "$run/lines"; then
		say "captured: $1"
	else
		say "MISSING:  $1"
		missing=1
	fi
}

check_lines() {
	step "Check"
	missing=0
	check "ARP request and reply" 'ARP reply'
	check "ICMP echo of ping" ', ICMP echo reply'
	if has_ip6; then
		check "IPv6 neighbour discovery" 'neighbour solicitation'
	else
		say "IPv6 is off on this machine: no neighbour discovery"
	fi
	check "the 802.1Q frame of l2send, VLAN 100 priority 3" '802.1Q 100 pcp 3, ethertype 0x88b5'
	return $missing
}

show_frames() {
	step "l2dump here, while there pings and sends a tagged frame with l2send"
	start_dump file -w "$run/frames.pcap"
	file=$last
	rm -f "$run/fifo" "$run/lines"
	mkfifo "$run/fifo"
	tee "$run/lines" <"$run/fifo" | sed -u 's/^/   /' &
	shown=$!
	start_dump lines >"$run/fifo"
	make_traffic
	kill -INT "$last" "$file"
	wait "$last" || give_up "l2dump failed: $(cat "$run/lines.err")"
	wait "$file" || give_up "l2dump -w failed: $(cat "$run/file.err")"
	wait "$shown"
	started=$there
	say "l2send: $(cat "$run/l2send"); l2dump: $(tail -n 1 "$run/lines.err")"
	rm -f "$run/fifo"
}

inside() {
	LD_LIBRARY_PATH=$prefix/lib
	export LD_LIBRARY_PATH
	trap end_all EXIT
	trap 'exit 1' INT TERM
	make_link
	show_frames
	check_lines
}

case ${1:-} in
--inside)
	inside
	;;
--there)
	set_up there 10.83.0.2/24 fd83::2/64
	;;
"")
	install_packages
	make_folders
	build_library
	build_examples
	enter_namespace
	show_tcpdump
	step "Done. Try more:"
	say "cd $build/installed"
	say "export LD_LIBRARY_PATH=\$PWD/lib PATH=\$PWD/bin:\$PATH"
	say "unshare -rn       (a network of your own)"
	say "l2dump --help"
	;;
*)
	give_up "takes no arguments"
	;;
esac
