// SPDX-License-Identifier: MIT
//! answer IFACE IP - answers ARP requests for an IPv4 address with the interface's own address
//!
//! A filter in the kernel chooses the requests, a ring brings them.

use l2sock::{compile, sys, Builder, Layers, Mac, Options, Ring, RingOptions, Socket};
use std::error::Error;
use std::net::Ipv4Addr;

fn asker(request: &Layers) -> Option<(Mac, Ipv4Addr)> {
    let mac = request.get(sys::L2ARP_SHA)?.to_be_bytes();
    let ip = request.get(sys::L2ARP_SPA)? as u32;
    Some((mac[2..].try_into().ok()?, ip.into()))
}

fn answer(ring: &Ring, mac: Mac, ip: Ipv4Addr) -> l2sock::Result<()> {
    for block in ring.blocks(None) {
        for frame in &block? {
            let request = Layers::of(frame.data);
            println!("{request}");
            if let Some(asker) = asker(&request) {
                let mut room = [0; 64];
                let reply = Builder::new(&mut room)
                    .eth(Some(asker.0), mac)
                    .arp(sys::L2ARP_REPLY as u16, (mac, ip), asker)
                    .finish()?;
                ring.socket().send(reply, None)?;
            }
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    if args.len() != 3 {
        return Err("usage: answer IFACE IP".into());
    }
    let ip: Ipv4Addr = args[2].parse()?;
    let socket = Socket::open(&args[1], &Options::default())?;
    let mac = socket.mac()?;
    socket.set_filter(&compile(&format!("arp[6:2] = 1 and arp dst host {ip}"))?)?;
    let options = RingOptions {
        profile: sys::L2RING_LATENCY,
        ..Default::default()
    };
    let ring = Ring::open(socket, &options)?;
    ring.socket().bind(sys::L2_ETHERTYPE_ARP)?;
    Ok(answer(&ring, mac, ip)?)
}
