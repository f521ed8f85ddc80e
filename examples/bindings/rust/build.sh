#!/bin/sh
# SPDX-License-Identifier: MIT
#
# build.sh FOLDER [OPTION...] - build the crates l2sock_sys and l2sock into FOLDER
#
# With bindgen and rustc alone. The options are the preprocessor's, from "pkg-config --cflags
# l2sock". RUSTC and BINDGEN in the environment name other tools. A program is built by
#
#	rustc --edition 2021 -L FOLDER --extern l2sock $(pkg-config --libs-only-L l2sock) program.rs
set -eu

here=$(dirname "$0")
folder=$1
shift
rustc="${RUSTC:-rustc} --edition 2021 --crate-type rlib --out-dir $folder -L $folder"

# Where a function has a body in a header, that is for C: the library exports it as well.
"${BINDGEN:-bindgen}" "$here/bindings.h" --output "$folder/l2sock_sys.rs" \
	--allowlist-function 'l2.*' --allowlist-type 'l2.*' --allowlist-var 'L2.*|E[A-Z0-9]+' \
	--blocklist-type size_t --raw-line 'pub type size_t = usize;' \
	--with-derive-default --no-layout-tests -- -DL2SOCK_NO_INLINE "$@"
$rustc -A warnings "$folder/l2sock_sys.rs"
$rustc --extern l2sock_sys "$here/l2sock.rs"
