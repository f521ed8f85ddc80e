# SPDX-License-Identifier: MIT
"""The libraries of the project, and what belongs to each of them."""
from dataclasses import dataclass
from pathlib import Path

# The C library, glibc's or musl's, and the loader and helper that some machines put beside it.
LIBC = r'libc\.so(\.6)?|libc\.musl-\w+\.so\.1|ld(64)?[-.].*so.*|libatomic\.so\.1'


@dataclass(frozen=True)
class Product:
    name: str
    soname: str  # by hand, like the number in lib/meson.build: programs linked today look for it
    map: str
    own_headers: tuple  # the others are the core's
    may_need: str
    needs: str  # the same in words


CORE = Product('libl2sock', 'libl2sock.so.0', 'lib/libl2sock.map', (), LIBC, 'libc alone')
COMPANION = Product('libl2sock-pcap', 'libl2sock-pcap.so.0', 'lib/pcap/libl2sock-pcap.map',
                    ('pcap.h',), LIBC + r'|libl2sock\.so\.0|libpcap\.so\.[\d.]+',
                    'libc, libl2sock and libpcap alone')
PRODUCTS = (CORE, COMPANION)


def product_of(library):
    name = Path(library).name.partition('.so')[0]
    return next(p for p in PRODUCTS if p.name == name)


def headers_of(product, headers):
    """Those of the public headers that declare this library's functions."""
    foreign = [name for p in PRODUCTS for name in p.own_headers]
    return [h for h in headers
            if h.name in product.own_headers or (product is CORE and h.name not in foreign)]
