#!/bin/sh
# SPDX-License-Identifier: MIT
# The Rust binding: built by bindgen and rustc alone, on live traffic against the kernel, and in
# programs that the compiler has to refuse. To be run in a network namespace of its own, with
# PKG_CONFIG_PATH and LD_LIBRARY_PATH for the library that was built.

here=$(cd "$(dirname "$0")" && pwd)
binding=$here/../../examples/bindings/rust
. "$here/../support/tap.sh"
. "$here/../support/frames.sh"

need_tools bindgen rustc pkg-config ip ping
work_in_temp
make_veth near far || tap_skip_all "no veth interfaces here"
ip addr add 192.0.2.2/24 dev far

# shellcheck disable=SC2046 # several words
ok "the binding builds" "$binding/build.sh" . $(pkg-config --cflags l2sock)

compile() { # SOURCE OPTION...
	# shellcheck disable=SC2046
	rustc --edition 2021 -D warnings -L . --extern l2sock \
		$(pkg-config --libs-only-L l2sock-pcap) "$@"
}

ok "the test builds" compile "$here/rust.rs"
ok "the example builds" compile "$binding/answer.rs"

./rust near far >checks 2>diagnostics
is "the test ends well" $? 0
diag "$(cat diagnostics)"
while read -r result what; do
	tap_result "$result" "$what" || :
done <checks
is "the test ends" "$(tail -n 1 checks)" "pass all of it was run"

# The kernel's neighbour table has what the example answered.
ip addr add 192.0.2.1/24 dev near
ip link set dev near arp on
timeout --foreground -s KILL 60 ./answer far 192.0.2.9 >answers 2>&1 &
jobs_started="$jobs_started $!"
far_mac=$(ip -o link show dev far | sed 's/.* link.ether \([^ ]*\).*/\1/')
neighbour() {
	ping -q -c 1 -W 0.1 -I near 192.0.2.9
	ip neigh show 192.0.2.9 dev near | grep -F "lladdr $far_mac "
}
ok "the kernel takes an answer" await neighbour
like "the example shows the request" "$(cat answers)" 'ARP.* 192.0.2.9'
is "the example without arguments" "$(./answer 2>&1)" 'Error: "usage: answer IFACE IP"'

# What would read memory that was given back, or share what is for one thread, is no program.
refuse() { # WHAT CODE STATEMENT...
	what=$1 code=$2
	shift 2
	cat >misuse.rs <<-END
		use l2sock::*;
		pub fn misuse(socket: Socket, ring: Ring, mut room: [u8; 64]) -> Result<()> {
			$*
			Ok(())
		}
	END
	compile misuse.rs --crate-type lib --emit metadata >refused 2>&1
	is "$what" "$(sed -n 's/^error\[\(E[0-9]*\)\].*/\1/p' refused | sort -u)" "$code"
}
uses='let _ = (&socket, &ring, &mut room);'
block='let block = ring.next(None)?; let frame = block.into_iter().next().unwrap();'
refuse "a frame of a block that is held" "" "$uses $block let _ = frame.data[0]; drop(block);"
refuse "a frame of a block that went back" E0505 "$uses $block drop(block); let _ = frame.data[0];"
refuse "a block of a ring that is closed" E0505 "$uses $block drop(ring); let _ = frame.data[0];"
refuse "a packet whose room is written" E0499 \
	"$uses let packet = socket.recv(&mut room, None)?; room.fill(1); let _ = packet.data()[0];"
refuse "a waker of a closed socket" E0505 \
	"$uses let waker = socket.waker(); drop(socket); waker.wake();"
refuse "a socket in two threads" E0277 \
	"$uses std::thread::scope(|s| { s.spawn(|| socket.stats()); });"

tap_done
