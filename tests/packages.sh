#!/bin/sh
# SPDX-License-Identifier: MIT
#
# packages.sh GROUP... - install what a task needs on Debian: build, examples, tests, long, bench
#
# Does nothing, and needs no rights, when everything is there. Elsewhere than on Debian it names
# what is needed and leaves the rest to you.
set -eu

build="gcc libc6-dev meson ninja-build pkg-config"
examples="libpcap-dev iproute2 iputils-ping tcpdump util-linux"
tests="abigail-tools bindgen clang clang-format cmark-gfm codespell g++ g++-12-multilib
	gcc-12-multilib git iproute2 iputils-arping iputils-ping libc6-dev-i386
	libclang-rt-14-dev libcriterion-dev libpcap-dev mandoc musl-tools nftables procps python3
	python3-cffi python3-scapy qemu-user rustc tcpdump tshark util-linux valgrind"
long="gcc-aarch64-linux-gnu gcc-s390x-linux-gnu libc6-dev-arm64-cross libc6-dev-s390x-cross"
bench="g++ libdpdk-dev libdumbnet-dev libnet1-dev libtins-dev netsniff-ng tcpreplay"

wanted=
for group in "$@"; do
	case $group in
	build) wanted="$wanted $build" ;;
	examples) wanted="$wanted $examples" ;;
	tests) wanted="$wanted $tests" ;;
	long) wanted="$wanted $long" ;;
	bench) wanted="$wanted $bench" ;;
	*) echo "packages.sh: no group $group: build, examples, tests, long, bench" >&2 && exit 2 ;;
	esac
done

if ! command -v dpkg-query >/dev/null; then
	echo "packages.sh: not a Debian system; needed are:" $wanted >&2
	exit 0
fi

missing=
for package in $wanted; do
	status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
	[ "$status" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
	as_root=sudo
	if ! command -v sudo >/dev/null; then
		echo "packages.sh: missing, and no way to become root:$missing" >&2
		exit 1
	fi
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { $as_root apt-get update &&
	$as_root apt-get install --yes --no-install-recommends $missing; } >"$log" 2>&1; then
	cat "$log" >&2
	exit 1
fi
