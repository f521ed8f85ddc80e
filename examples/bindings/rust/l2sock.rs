// SPDX-License-Identifier: MIT
//! libl2sock for Rust, without another crate than the one that bindgen makes of its headers.
//!
//!     let socket = l2sock::Socket::open("eth0", &l2sock::Options::default())?;
//!     socket.set_filter(&l2sock::compile("arp")?)?;
//!     socket.bind(l2sock::sys::L2_ETHERTYPE_ALL)?;
//!     let mut room = [0; 2048];
//!     loop {
//!         println!("{}", socket.recv(&mut room, None)?.layers());
//!     }
//!
//! Numbers have their names of the headers, in `sys`. A timeout is a `Duration`, or `None` to wait
//! without limit; `Duration::ZERO` only looks.
//!
//! A `Socket` and a `Ring` move to another thread and are never shared by two; of a socket, threads
//! share a `Waker`. A ring owns its socket, a block borrows its ring, and a frame its block: what is
//! borrowed cannot be closed, or given back to the kernel, and read thereafter.

use std::ffi::{c_void, CStr, CString};
use std::fmt;
use std::marker::PhantomData;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::os::raw::{c_char, c_int};
use std::os::unix::io::BorrowedFd;
use std::ptr::{null, null_mut, NonNull};
use std::time::{Duration, SystemTime};
use std::{error, io, mem, ops, slice};

pub use l2sock_sys as sys;

/// Options of a socket; their `size` and `err` are set here.
pub type Options = sys::l2sock_opts;
/// Options of a ring; their `size` is set here.
pub type RingOptions = sys::l2ring_rx_opts;
/// An instruction of a filter.
pub type Insn = sys::l2insn;
pub type Mac = [u8; 6];
pub type Result<T> = std::result::Result<T, Error>;

#[link(name = "l2sock")]
extern "C" {}
#[link(name = "l2sock-pcap")]
extern "C" {}

// --- Errors -------------------------------------------------------------------------------------

/// Why a call failed: the number, and a sentence with the step and the rule broken.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    pub errno: i32,
    pub sentence: String,
}

impl Error {
    pub fn kind(&self) -> io::ErrorKind {
        io::Error::from_raw_os_error(self.errno).kind()
    }

    /// The sentence is copied: the library's own lasts until the next call. An empty one is that of
    /// a function which leaves none.
    fn new(result: i64, sentence: *const c_char) -> Error {
        let mut text = unsafe { CStr::from_ptr(sentence) };
        if text.to_bytes().is_empty() {
            text = unsafe { CStr::from_ptr(sys::l2sock_strerror(result as c_int)) };
        }
        Error {
            errno: -result as i32,
            sentence: text.to_string_lossy().into_owned(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl error::Error for Error {}

impl From<Error> for io::Error {
    fn from(error: Error) -> io::Error {
        io::Error::new(error.kind(), error)
    }
}

/// A result with the sentence that "explain" has, which is asked for upon failure alone.
fn check<T: Into<i64>>(result: T, explain: impl FnOnce() -> *const c_char) -> Result<i64> {
    match result.into() {
        failed if failed < 0 => Err(Error::new(failed, explain())),
        done => Ok(done),
    }
}

fn c_string(text: &str) -> Result<CString> {
    CString::new(text).map_err(|_| Error {
        errno: sys::EINVAL as i32,
        sentence: format!("{text:?} contains a NUL"),
    })
}

fn start_or_null<T>(slice: &[T]) -> *const T {
    match slice {
        [] => null(),
        _ => slice.as_ptr(),
    }
}

fn nanoseconds(timeout: Option<Duration>) -> i64 {
    match timeout {
        None => sys::L2_FOREVER.into(),
        Some(limit) => limit.as_nanos().try_into().unwrap_or(i64::MAX),
    }
}

// --- Building -----------------------------------------------------------------------------------

/// A frame, header by header, outside in:
///
///     let frame = Builder::new(&mut room).eth(Some(dst), src).ip4(src_ip, dst_ip).udp(1, 2)
///         .payload(b"hello").finish()?;
///
/// What is left open is filled in by `finish`: lengths, numbers of protocols, checksums.
pub struct Builder<'r> {
    frame: sys::l2frame,
    start: *mut u8,
    room: PhantomData<&'r mut [u8]>,
}

impl<'r> Builder<'r> {
    pub fn new(room: &'r mut [u8]) -> Builder<'r> {
        let mut frame = sys::l2frame::default();
        let start = room.as_mut_ptr();
        unsafe { sys::l2frame_init(&mut frame, start.cast(), room.len()) };
        Builder {
            frame,
            start,
            room: PhantomData,
        }
    }

    fn with(mut self, append: impl FnOnce(*mut sys::l2frame)) -> Self {
        append(&mut self.frame);
        self
    }

    /// Without a destination where what follows tells it, as a multicast address does.
    pub fn eth(self, dst: Option<Mac>, src: Mac) -> Self {
        let dst = dst.as_ref().map_or(null(), |mac| mac.as_ptr());
        self.with(|f| unsafe { sys::l2frame_eth(f, dst.cast(), src.as_ptr().cast()) })
    }

    pub fn vlan(self, tpid: u16, tci: u16) -> Self {
        self.with(|f| unsafe { sys::l2frame_vlan(f, tpid, tci) })
    }

    /// Sender and target, each by its address and its IP.
    pub fn arp(self, op: u16, sender: (Mac, Ipv4Addr), target: (Mac, Ipv4Addr)) -> Self {
        let (spa, tpa) = (sender.1.octets(), target.1.octets());
        self.with(|f| unsafe {
            let (sha, tha) = (sender.0.as_ptr().cast(), target.0.as_ptr().cast());
            sys::l2frame_arp(f, op, sha, spa.as_ptr().cast(), tha, tpa.as_ptr().cast())
        })
    }

    pub fn ip4(self, src: Ipv4Addr, dst: Ipv4Addr) -> Self {
        let (src, dst) = (src.octets(), dst.octets());
        self.with(|f| unsafe { sys::l2frame_ip4(f, src.as_ptr().cast(), dst.as_ptr().cast()) })
    }

    pub fn ip6(self, src: Ipv6Addr, dst: Ipv6Addr) -> Self {
        let (src, dst) = (src.octets(), dst.octets());
        self.with(|f| unsafe { sys::l2frame_ip6(f, src.as_ptr().cast(), dst.as_ptr().cast()) })
    }

    pub fn udp(self, sport: u16, dport: u16) -> Self {
        self.with(|f| unsafe { sys::l2frame_udp(f, sport, dport) })
    }

    /// A field of the last header of its protocol; it stays, were it wrong.
    pub fn set(self, field: u32, value: u64) -> Self {
        self.with(|f| unsafe { sys::l2frame_set(f, field, value) })
    }

    pub fn payload(self, data: &[u8]) -> Self {
        self.with(|f| unsafe { sys::l2frame_payload(f, data.as_ptr().cast(), data.len()) })
    }

    /// The frame, or the first error of all calls.
    pub fn finish(mut self) -> Result<&'r [u8]> {
        let length = unsafe { sys::l2frame_finish(&mut self.frame) };
        let mut err = sys::l2err::default();
        let length = check(length, || unsafe {
            sys::l2frame_error(&self.frame, &mut err);
            err.text.as_ptr()
        })?;
        Ok(unsafe { slice::from_raw_parts(self.start, length as usize) })
    }
}

// --- Parsing ------------------------------------------------------------------------------------

/// A frame taken apart. Printed it is one line for people.
pub struct Layers<'f> {
    parse: sys::l2parse,
    frame: PhantomData<&'f [u8]>,
}

impl<'f> Layers<'f> {
    /// What is no frame ends the walk, and is payload.
    pub fn of(frame: &'f [u8]) -> Layers<'f> {
        let mut parse = sys::l2parse::default();
        unsafe { sys::l2parse_frame(&mut parse, frame.as_ptr().cast(), frame.len(), 0) };
        Layers {
            parse,
            frame: PhantomData,
        }
    }

    pub fn has(&self, proto: u32) -> bool {
        unsafe { sys::l2parse_find(&self.parse, proto, 0) >= 0 }
    }

    /// A number of the first header of its protocol.
    pub fn get(&self, field: u32) -> Option<u64> {
        let mut value = 0;
        let found = unsafe { sys::l2parse_get(&self.parse, field, &mut value) };
        (found == 0).then(|| value)
    }

    pub fn payload(&self) -> &'f [u8] {
        let (at, length) = (self.parse.payload as usize, self.parse.payload_len as usize);
        match length {
            0 => &[],
            _ => unsafe { slice::from_raw_parts(self.parse.data.add(at), length) },
        }
    }
}

impl fmt::Display for Layers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let length = unsafe { sys::l2parse_print(&self.parse, null_mut(), 0) };
        let mut text = vec![0; length + 1];
        unsafe { sys::l2parse_print(&self.parse, text.as_mut_ptr().cast(), text.len()) };
        f.write_str(&String::from_utf8_lossy(&text[..length]))
    }
}

// --- Filters ------------------------------------------------------------------------------------

/// The program of an expression as tcpdump has it.
pub fn compile(expression: &str) -> Result<Vec<Insn>> {
    let expression = c_string(expression)?;
    let mut insns = vec![Insn::default(); sys::L2_FILTER_MAX as usize];
    let mut err = sys::l2err::default();
    let (room, most) = (insns.as_mut_ptr(), insns.len());
    let length = unsafe { sys::l2pcap_compile(expression.as_ptr(), null(), room, most, &mut err) };
    insns.truncate(check(length, || err.text.as_ptr())? as usize);
    Ok(insns)
}

// --- Sockets ------------------------------------------------------------------------------------

/// A received frame in memory of the caller's. All facts of `struct l2pkt` are its fields.
pub struct Packet<'r> {
    pkt: sys::l2pkt,
    room: PhantomData<&'r mut [u8]>,
}

impl<'r> Packet<'r> {
    pub fn data(&self) -> &'r [u8] {
        unsafe { slice::from_raw_parts(self.pkt.data, self.pkt.len as usize) }
    }

    /// TPID and TCI of a tag that the kernel took out of the data.
    pub fn vlan(&self) -> Option<(u16, u16)> {
        let tagged = self.pkt.flags & sys::L2_FLAG_TAGGED != 0;
        tagged.then(|| (self.pkt.vlan_tpid, self.pkt.vlan_tci))
    }

    pub fn time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_nanos(self.pkt.timestamp)
    }

    /// With that tag among them.
    pub fn layers(&self) -> Layers<'r> {
        let mut parse = sys::l2parse::default();
        unsafe { sys::l2parse_pkt(&mut parse, &self.pkt, 0) };
        Layers {
            parse,
            frame: PhantomData,
        }
    }
}

impl ops::Deref for Packet<'_> {
    type Target = sys::l2pkt;

    fn deref(&self) -> &sys::l2pkt {
        &self.pkt
    }
}

/// Room for frames that one system call receives.
pub struct Batch {
    slab: Vec<u8>,
    stride: usize,
    pkts: Vec<sys::l2pkt>,
}

impl Batch {
    /// For so many frames of so many bytes.
    pub fn new(frames: usize, bytes: usize) -> Batch {
        let stride = sys::L2_HEADROOM as usize + bytes;
        Batch {
            slab: vec![0; stride * frames],
            stride,
            pkts: vec![Default::default(); frames],
        }
    }
}

/// A handle; dropping it closes it. Nothing arrives before `bind`, and what was configured before
/// that holds for the first frame.
pub struct Socket(NonNull<sys::l2sock>);

// One thread at a time, whichever: Send, and not Sync.
unsafe impl Send for Socket {}

impl Socket {
    pub fn open(ifname: &str, options: &Options) -> Result<Socket> {
        let ifname = c_string(ifname)?;
        let mut err = sys::l2err::default();
        let size = mem::size_of::<Options>() as u32;
        let options = Options {
            size,
            err: &mut err,
            ..*options
        };
        let mut socket = null_mut();
        let opened = unsafe { sys::l2sock_open(&mut socket, ifname.as_ptr(), &options) };
        check(opened, || err.text.as_ptr())?;
        Ok(Socket(unsafe { NonNull::new_unchecked(socket) }))
    }

    fn raw(&self) -> *mut sys::l2sock {
        self.0.as_ptr()
    }

    fn check<T: Into<i64>>(&self, result: T) -> Result<i64> {
        check(result, || unsafe { sys::l2sock_errmsg(self.raw()) })
    }

    /// Lets frames of an ethertype flow, or of L2_ETHERTYPE_ALL.
    pub fn bind(&self, ethertype: u32) -> Result<()> {
        self.check(unsafe { sys::l2sock_bind(self.raw(), ethertype) })
            .map(drop)
    }

    /// No instructions take every frame.
    pub fn set_filter(&self, program: &[Insn]) -> Result<()> {
        let insns = start_or_null(program);
        self.check(unsafe { sys::l2sock_set_filter(self.raw(), insns, program.len()) })
            .map(drop)
    }

    /// A membership of a kind L2SOCK_PROMISC, ALLMULTI, MULTICAST or UNICAST.
    pub fn join(&self, kind: u32, address: &[u8]) -> Result<()> {
        let start = start_or_null(address);
        self.check(unsafe { sys::l2sock_join(self.raw(), kind, start.cast(), address.len()) })
            .map(drop)
    }

    pub fn send(&self, frame: &[u8], timeout: Option<Duration>) -> Result<()> {
        let timeout = nanoseconds(timeout);
        let start = frame.as_ptr().cast();
        self.check(unsafe { sys::l2sock_send(self.raw(), start, frame.len(), timeout) })
            .map(drop)
    }

    /// Many frames by few system calls. What became of each, as far as they were tried: all of
    /// them, unless the time ran out.
    pub fn send_batch(
        &self,
        frames: &[&[u8]],
        timeout: Option<Duration>,
    ) -> Result<Vec<Result<()>>> {
        let describe = |frame: &&[u8]| sys::l2tx {
            data: frame.as_ptr().cast(),
            len: frame.len().try_into().unwrap_or(u32::MAX),
            ..Default::default()
        };
        let mut txs: Vec<_> = frames.iter().map(describe).collect();
        let timeout = nanoseconds(timeout);
        let tried =
            unsafe { sys::l2sock_send_batch(self.raw(), txs.as_mut_ptr(), txs.len(), timeout) };
        txs.truncate(self.check(tried)? as usize);
        let result = |tx: &sys::l2tx| {
            check(tx.result, || unsafe { sys::l2sock_strerror(tx.result) }).map(drop)
        };
        Ok(txs.iter().map(result).collect())
    }

    pub fn recv<'r>(&self, room: &'r mut [u8], timeout: Option<Duration>) -> Result<Packet<'r>> {
        let mut pkt = sys::l2pkt::default();
        let (start, timeout) = (room.as_mut_ptr().cast(), nanoseconds(timeout));
        self.check(unsafe { sys::l2sock_recv(self.raw(), start, room.len(), &mut pkt, timeout) })?;
        Ok(Packet {
            pkt,
            room: PhantomData,
        })
    }

    /// The frames that are there, at least one, by one system call.
    pub fn recv_batch<'b>(
        &self,
        batch: &'b mut Batch,
        timeout: Option<Duration>,
    ) -> Result<impl ExactSizeIterator<Item = Packet<'b>>> {
        let (slab, pkts) = (batch.slab.as_mut_ptr().cast(), batch.pkts.as_mut_ptr());
        let (n, timeout) = (batch.pkts.len(), nanoseconds(timeout));
        let received = self.check(unsafe {
            sys::l2sock_recv_batch(self.raw(), slab, batch.stride, pkts, n, timeout)
        })?;
        let pkts = &batch.pkts[..received as usize];
        Ok(pkts.iter().map(|pkt| Packet {
            pkt: *pkt,
            room: PhantomData,
        }))
    }

    /// Readable when the next call that receives has something: for poll and event loops.
    pub fn pollfd(&self) -> Result<BorrowedFd<'_>> {
        let fd = self.check(unsafe { sys::l2sock_pollfd(self.raw()) })?;
        Ok(unsafe { BorrowedFd::borrow_raw(fd as c_int) })
    }

    pub fn waker(&self) -> Waker<'_> {
        Waker {
            socket: self.0,
            lifetime: PhantomData,
        }
    }

    pub fn info(&self) -> Result<sys::l2sock_info> {
        let size = mem::size_of::<sys::l2sock_info>() as u32;
        let mut info = sys::l2sock_info {
            size,
            ..Default::default()
        };
        self.check(unsafe { sys::l2sock_get_info(self.raw(), &mut info) })?;
        Ok(info)
    }

    /// The interface's own address, where it is one of six bytes.
    pub fn mac(&self) -> Result<Mac> {
        let mut mac = Mac::default();
        mac.copy_from_slice(&self.info()?.addr[..6]);
        Ok(mac)
    }

    pub fn stats(&self) -> Result<sys::l2sock_stats> {
        let size = mem::size_of::<sys::l2sock_stats>() as u32;
        let mut stats = sys::l2sock_stats {
            size,
            ..Default::default()
        };
        self.check(unsafe { sys::l2sock_get_stats(self.raw(), &mut stats) })?;
        Ok(stats)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        unsafe { sys::l2sock_close(self.raw()) };
    }
}

/// Ends the call that waits on a socket, or the next one, from any thread: ECANCELED.
#[derive(Clone, Copy)]
pub struct Waker<'s> {
    socket: NonNull<sys::l2sock>,
    lifetime: PhantomData<&'s Socket>,
}

unsafe impl Send for Waker<'_> {}
unsafe impl Sync for Waker<'_> {}

impl Waker<'_> {
    pub fn wake(&self) {
        unsafe { sys::l2sock_wake(self.socket.as_ptr()) };
    }
}

// --- Rings --------------------------------------------------------------------------------------

/// A receive ring and the socket it is on. Dropping it closes both.
///
///     for block in ring.blocks(None) {
///         for frame in &block? {
///             count(frame.data);
///         }
///     }
pub struct Ring {
    ring: NonNull<sys::l2ring_rx>,
    socket: Socket,
}

// As its socket, which nobody else has.
unsafe impl Send for Ring {}

impl Ring {
    /// On a socket that is not bound yet, to get the first frame.
    pub fn open(socket: Socket, options: &RingOptions) -> Result<Ring> {
        let options = RingOptions {
            size: mem::size_of::<RingOptions>() as u32,
            ..*options
        };
        let mut ring = null_mut();
        socket.check(unsafe { sys::l2ring_rx_open(&mut ring, socket.raw(), &options) })?;
        Ok(Ring {
            ring: unsafe { NonNull::new_unchecked(ring) },
            socket,
        })
    }

    pub fn socket(&self) -> &Socket {
        &self.socket
    }

    /// The next frames, at least one. Several blocks may be held, and go back in any order.
    pub fn next(&self, timeout: Option<Duration>) -> Result<Block<'_>> {
        let mut block = sys::l2block::default();
        let timeout = nanoseconds(timeout);
        self.socket
            .check(unsafe { sys::l2ring_rx_next(self.ring.as_ptr(), &mut block, timeout) })?;
        Ok(Block { block, ring: self })
    }

    /// Blocks as they fill up, until none comes in time.
    pub fn blocks(&self, timeout: Option<Duration>) -> impl Iterator<Item = Result<Block<'_>>> {
        let in_time = |next: &Result<Block>| match next {
            Err(error) => error.kind() != io::ErrorKind::TimedOut,
            Ok(_) => true,
        };
        std::iter::repeat_with(move || self.next(timeout)).take_while(in_time)
    }
}

impl Drop for Ring {
    /// Blocks borrow the ring: none is on lease any more.
    fn drop(&mut self) {
        unsafe { sys::l2ring_rx_close(self.ring.as_ptr()) };
    }
}

/// Frames on lease, in the kernel's own memory; dropping it gives them back.
pub struct Block<'r> {
    block: sys::l2block,
    ring: &'r Ring,
}

impl Block<'_> {
    pub fn len(&self) -> usize {
        self.block.frames as usize
    }
}

impl Drop for Block<'_> {
    fn drop(&mut self) {
        unsafe { sys::l2ring_rx_release(self.ring.ring.as_ptr(), &self.block) };
    }
}

impl<'b> IntoIterator for &'b Block<'_> {
    type Item = Frame<'b>;
    type IntoIter = Frames<'b>;

    fn into_iter(self) -> Frames<'b> {
        let at = unsafe { sys::l2block_first(&self.block) };
        Frames {
            block: &self.block,
            at,
            spots: [Default::default(); SPOTS],
            next: 0,
            known: 0,
        }
    }
}

/// A frame of a block.
#[derive(Clone, Copy)]
pub struct Frame<'b> {
    pub data: &'b [u8],
    /// Nanoseconds since 1970.
    pub timestamp: u64,
    pub wire_len: u32,
    /// L2_FLAG_TRUNCATED, L2_FLAG_TAGGED, L2_FLAG_LOSING
    pub flags: u32,
}

const SPOTS: usize = 64;

/// The frames of a block. One call describes many of them.
pub struct Frames<'b> {
    block: &'b sys::l2block,
    at: *const c_void,
    spots: [sys::l2spot; SPOTS],
    next: usize,
    known: usize,
}

impl<'b> Iterator for Frames<'b> {
    type Item = Frame<'b>;

    fn next(&mut self) -> Option<Frame<'b>> {
        if self.next == self.known {
            let spots = self.spots.as_mut_ptr();
            self.known = unsafe { sys::l2block_spots(self.block, &mut self.at, spots, SPOTS) };
            self.next = 0;
        }
        let spot = self.spots[..self.known].get(self.next)?;
        self.next += 1;
        let start = unsafe { self.block.base.add(spot.offset as usize) };
        Some(Frame {
            data: unsafe { slice::from_raw_parts(start, spot.len as usize) },
            timestamp: spot.timestamp,
            wire_len: spot.wire_len,
            flags: spot.flags,
        })
    }
}
