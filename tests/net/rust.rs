// SPDX-License-Identifier: MIT
//! rust NEAR FAR - the Rust binding on live traffic between two interfaces
//!
//! Says "pass WHAT" or "fail WHAT" on a line for each check; FAR has the address 192.0.2.2.

use l2sock::{compile, sys, Batch, Builder, Error, Layers, Options, Ring, RingOptions, Socket};
use std::io::ErrorKind;
use std::net::{Ipv4Addr, UdpSocket};
use std::time::{Duration, Instant, SystemTime};

const EXP: u16 = sys::L2_ETHERTYPE_EXP1 as u16;
const PATIENCE: Option<Duration> = Some(Duration::from_secs(10));
const HERE: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 2);
const ASIDE: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 9); // no interface has it

fn check(passed: bool, what: &str) {
    println!("{} {what}", if passed { "pass" } else { "fail" });
}

fn open(ifname: &str) -> Socket {
    Socket::open(ifname, &Options::default()).expect("opens")
}

fn frame(ethertype: u16, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0xff; 6];
    frame.extend([2, 0, 0, 0, 0, 1]);
    frame.extend(ethertype.to_be_bytes());
    frame.extend(payload);
    frame
}

fn numbered(n: usize) -> Vec<Vec<u8>> {
    let payload = |i: usize| [(i as u32).to_be_bytes().to_vec(), vec![0; i % 1000]].concat();
    (0..n).map(|i| frame(EXP, &payload(i))).collect()
}

fn send_all(near: &Socket, frames: &[Vec<u8>]) {
    let frames: Vec<&[u8]> = frames.iter().map(Vec::as_slice).collect();
    let results = near.send_batch(&frames, PATIENCE).expect("sends");
    assert!(results.len() == frames.len() && results.iter().all(Result::is_ok));
}

/// Nothing passes for a moment after the link is up.
fn await_link(near: &Socket, far: &str) {
    let far = open(far);
    far.bind(EXP.into()).expect("binds");
    let end = Instant::now() + Duration::from_secs(10);
    while Instant::now() < end {
        near.send(&frame(EXP, &[]), PATIENCE).expect("sends");
        if far
            .recv(&mut [0; 64], Some(Duration::from_millis(50)))
            .is_ok()
        {
            return;
        }
    }
    panic!("the link passes nothing");
}

fn says(error: Option<Error>, errno: u32, word: &str) -> bool {
    error.map_or(false, |e| {
        e.errno == errno as i32 && e.to_string().contains(word)
    })
}

/// The kernel's UDP takes what has the right lengths and checksums only.
fn building(near: &Socket, far: &str) {
    let udp = UdpSocket::bind((HERE, 5000)).expect("binds");
    udp.set_read_timeout(PATIENCE).expect("sets a timeout");
    let (src, dst) = (
        near.mac().expect("has one"),
        open(far).mac().expect("has one"),
    );
    let (mut room, mut text) = ([0; 128], [0; 16]);
    let built = Builder::new(&mut room)
        .eth(Some(dst), src)
        .ip4(ASIDE, HERE)
        .set(sys::L2IP4_TTL, 9)
        .udp(4000, 5000)
        .payload(b"hello")
        .finish()
        .expect("is complete");
    near.send(built, PATIENCE).expect("sends");
    let got = udp.recv_from(&mut text).ok();
    let right = got == Some((5, (ASIDE, 4000).into())) && text.starts_with(b"hello");
    check(right, "the kernel takes a built frame");
    let layers = Layers::of(built);
    let ports = (layers.get(sys::L2UDP_SPORT), layers.get(sys::L2UDP_DPORT));
    check(ports == (Some(4000), Some(5000)), "its fields");
    check(
        layers.get(sys::L2IP4_TTL) == Some(9),
        "a field that was set",
    );
    check(
        layers.has(sys::L2PROTO_IP4) && !layers.has(sys::L2PROTO_TCP),
        "its layers",
    );
    check(
        layers.get(sys::L2TCP_DPORT).is_none(),
        "no field of another protocol",
    );
    check(layers.payload() == b"hello", "its payload");
    let text = layers.to_string();
    check(
        text.contains("192.0.2.9 > 192.0.2.2, UDP 4000 > 5000"),
        "it as text",
    );
    let short = Builder::new(&mut [0; 20])
        .eth(None, src)
        .payload(&[0; 7])
        .finish()
        .err();
    check(
        says(short, sys::ENOSPC, "room for 20"),
        "no room is an error with a reason",
    );
    let lost = Builder::new(&mut [0; 64])
        .eth(None, src)
        .payload(&[0])
        .finish()
        .err();
    check(says(lost, sys::EDESTADDRREQ, "eth"), "so is no destination");
}

fn receiving(near: &Socket, far: &str) {
    let socket = open(far);
    socket.bind(sys::L2_ETHERTYPE_ALL).expect("binds");
    let mut tagged = frame(0x8100, &[0x60, 0x64]);
    tagged.extend(&frame(EXP, b"behind a tag")[12..]);
    let before = SystemTime::now();
    near.send(&tagged, PATIENCE).expect("sends");
    let mut room = [0; 2048];
    let got = socket.recv(&mut room, PATIENCE).expect("receives");
    check(
        got.data() == frame(EXP, b"behind a tag"),
        "the bytes of a tagged frame",
    );
    check(got.vlan() == Some((0x8100, 0x6064)), "its tag beside it");
    check(
        got.layers().get(sys::L2VLAN_VID) == Some(100),
        "the tag among its layers",
    );
    check(
        before <= got.time() && got.time() <= SystemTime::now(),
        "when it came",
    );
    let facts = (got.wire_len as usize, u32::from(got.pkttype));
    check(
        facts == (tagged.len(), sys::L2_PKTTYPE_BROADCAST),
        "what the kernel knows of it",
    );
    let sent = numbered(100);
    send_all(near, &sent);
    let (mut batch, mut got) = (Batch::new(64, 2048), Vec::new());
    while got.len() < 100 {
        let received = socket.recv_batch(&mut batch, PATIENCE).expect("receives");
        got.extend(received.map(|packet| packet.data().to_vec()));
    }
    check(got == sent, "a hundred frames in batches");
    check(
        socket.stats().map_or(0, |stats| stats.received) == 101,
        "they are counted",
    );
    let frames: [&[u8]; 3] = [&sent[0], &[0; 3], &sent[1]];
    let results = near.send_batch(&frames, PATIENCE).expect("sends");
    let codes: Vec<_> = results
        .iter()
        .map(|r| r.as_ref().map_err(|e| e.errno).err())
        .collect();
    check(
        codes == [None, Some(sys::EINVAL as i32), None],
        "one of a batch is refused",
    );
}

fn filtering(near: &Socket, far: &str) {
    let socket = open(far);
    let arp = frame(sys::L2_ETHERTYPE_ARP as u16, &[0; 46]);
    socket
        .set_filter(&compile("arp").expect("compiles"))
        .expect("attaches");
    socket.bind(sys::L2_ETHERTYPE_ALL).expect("binds");
    send_all(
        near,
        &[frame(EXP, &[1]), arp.clone(), frame(EXP, &[2]), arp.clone()],
    );
    let mut room = [0; 2048];
    for what in ["a filter chooses one frame", "and another"] {
        check(
            socket
                .recv(&mut room, PATIENCE)
                .map_or(false, |p| p.data() == arp),
            what,
        );
    }
    let more = socket.recv(&mut room, Some(Duration::ZERO)).err();
    check(
        more.map(|e| e.kind()) == Some(ErrorKind::WouldBlock),
        "and no third",
    );
    let bad = sys::l2insn {
        code: 0xffff,
        ..Default::default()
    };
    check(
        says(socket.set_filter(&[bad]).err(), sys::EINVAL, "filter"),
        "a bad program, why",
    );
    check(
        says(compile("no such thing").err(), sys::EINVAL, "syntax"),
        "a bad expression, why",
    );
    socket.set_filter(&[]).expect("detaches");
    near.send(&frame(EXP, &[3]), PATIENCE).expect("sends");
    let got = socket.recv(&mut room, PATIENCE);
    check(
        got.map_or(false, |p| p.data() == frame(EXP, &[3])),
        "no filter takes all",
    );
}

fn waiting(far: &str) {
    let socket = open(far);
    let mut room = [0; 64];
    let unbound = socket.recv(&mut room, PATIENCE).err();
    check(
        unbound.map(|e| e.kind()) == Some(ErrorKind::NotConnected),
        "not bound, no frames",
    );
    socket.bind(EXP.into()).expect("binds");
    let (started, limit) = (Instant::now(), Duration::from_millis(50));
    let late = socket.recv(&mut room, Some(limit)).err();
    check(
        late.map(|e| e.kind()) == Some(ErrorKind::TimedOut),
        "the time is over",
    );
    check(started.elapsed() >= limit, "not before");
    let waker = socket.waker();
    let woken = std::thread::scope(|scope| {
        scope.spawn(move || waker.wake());
        socket.recv(&mut room, PATIENCE).err()
    });
    check(says(woken, sys::ECANCELED, ""), "a thread wakes another");
    check(socket.pollfd().is_ok(), "a descriptor for event loops");
}

fn ring_is_mapped() -> bool {
    std::fs::read_to_string("/proc/self/maps")
        .expect("reads")
        .contains("socket:[")
}

fn ringing(near: &Socket, far: &str) {
    let options = RingOptions {
        bytes: 4 << 20,
        ..Default::default()
    };
    let ring = Ring::open(open(far), &options).expect("opens");
    ring.socket().bind(EXP.into()).expect("binds");
    let sent = numbered(1000);
    send_all(near, &sent);
    let (mut got, mut blocks) = (Vec::new(), Vec::new());
    while got.len() < sent.len() {
        let block = ring.next(PATIENCE).expect("receives");
        got.extend(block.into_iter().map(|frame| frame.data.to_vec()));
        blocks.push(block);
    }
    check(got == sent, "a thousand frames by a ring");
    let again: Vec<_> = blocks.iter().flatten().map(|frame| frame.data).collect();
    check(again == sent, "they stay as long as their blocks are held");
    drop(blocks);
    check(
        ring.blocks(Some(Duration::from_millis(50))).count() == 0,
        "none is left",
    );
    let busy = ring.socket().recv(&mut [0; 64], PATIENCE).err();
    check(
        says(busy, sys::EBUSY, "ring"),
        "receiving is up to the ring",
    );
    send_all(near, &sent[..10]);
    let moved = std::thread::spawn(move || {
        let block = ring.next(PATIENCE).expect("receives");
        block.into_iter().next().map(|frame| frame.data.to_vec())
    });
    let first = moved.join().expect("ends");
    check(
        first.as_ref() == Some(&sent[0]),
        "a ring goes on in another thread",
    );
    check(!ring_is_mapped(), "its memory goes with it");
}

fn ends(far: &str) {
    let nosuch = Socket::open("nosuch", &Options::default()).err();
    check(
        says(nosuch, sys::ENODEV, "nosuch"),
        "no such interface, by name",
    );
    let nul = Socket::open("a\0b", &Options::default()).err();
    check(says(nul, sys::EINVAL, "NUL"), "no such name");
    let descriptors = || std::fs::read_dir("/proc/self/fd").expect("reads").count();
    let before = descriptors();
    let options = RingOptions {
        bytes: 1 << 20,
        ..Default::default()
    };
    for _ in 0..20 {
        Ring::open(open(far), &options).expect("opens");
    }
    check(
        descriptors() == before,
        "nothing is left of handles and rings",
    );
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let (near, far) = (open(&args[1]), args[2].as_str());
    await_link(&near, far);
    let version = unsafe { sys::l2sock_version() };
    check(
        version == sys::L2_VERSION as u32,
        "the library is that of the bindings",
    );
    building(&near, far);
    receiving(&near, far);
    filtering(&near, far);
    waiting(far);
    ringing(&near, far);
    ends(far);
    println!("pass all of it was run");
}
