#!/bin/sh
# SPDX-License-Identifier: MIT
#
# run.sh [quick | full | long] - install what is missing, build, run the tests
#
#   quick  one plain build: unit tests, tests on real frames, gates
#   full   the default: adds clang, sanitizers, 32 bits, musl, and an unprivileged user
#   long   adds gates broken on purpose, fuzzing, more random tests, valgrind, other processors
#
# Needs no root beyond the installing. Ends with "N passed, N failed, N skipped". Checks that cannot
# run here are skipped; with L2SOCK_TEST_REQUIRE=1 in the environment they count as failed.
set -u

tier=${1:-full}
case $tier in
quick | full | long) ;;
*) echo "usage: run.sh [quick | full | long]" >&2 && exit 2 ;;
esac

cd "$(dirname "$0")/.." || exit 1
builds=build-test
# Many tests wait for the kernel most of their time.
processes=$(($(nproc) + 1))
fuzz_seconds=60
logs=
problems=0

complain() {
	echo "FAILED: $*"
	problems=$((problems + 1))
}

tally() {
	python3 tests/support/tally.py "$@"
}

# build NAME COMPILER [MESON-OPTION...]: one way to build. Fails when it does not.
build() {
	dir=$builds/$1 compiler=$2
	shift 2
	if [ ! -f "$dir/build.ninja" ]; then
		rm -rf "$dir"
		mkdir -p "$builds"
		CC=$compiler meson setup "$dir" --werror "$@" >"$dir.log" 2>&1 || {
			cat "$dir.log"
			complain "$dir: configure"
			return 1
		}
	fi
	meson compile -C "$dir" >"$dir.log" 2>&1 || {
		cat "$dir.log"
		complain "$dir: build"
		return 1
	}
}

# check NAME BUILD TEST-OPTIONS: runs the tests of a build that TEST-OPTIONS choose.
check() {
	log=$builds/$2/meson-logs/$1.json
	started=$(date +%s)
	rm -f "$log"
	# shellcheck disable=SC2086 # options are words
	meson test -C "$builds/$2" --no-rebuild --num-processes $processes --logbase "$1" $3 \
		>"$builds/$1.log" 2>&1
	if [ ! -f "$log" ]; then
		complain "$1: no test ran"
		return
	fi
	logs="$logs $log"
	echo "$1, $(($(date +%s) - started)) s: $(tally --explain "$log")"
}

# variant NAME COMPILER TEST-OPTIONS [MESON-OPTION...]: a build and its tests. A failure does not
# keep the other variants from running.
variant() {
	name=$1 compiler=$2 chosen=$3
	shift 3
	build "$name" "$compiler" "$@" && check "$name" "$name" "$chosen"
}

# The kernel's headers without the C library's, for a libc that brings none.
kernel_headers() {
	mkdir -p "$builds/kernel-headers"
	for folder in linux asm-generic "$(gcc -print-multiarch)/asm"; do
		ln -sfn "/usr/include/$folder" "$builds/kernel-headers/$(basename "$folder")"
	done
	echo "$PWD/$builds/kernel-headers"
}

strict="-Dtests=enabled -Dcriterion=enabled"
portable="-Dcriterion=disabled -Dexamples=disabled -Dbench=disabled -Dpcap=disabled"
behaviour="--suite unit --suite net"
sanitized="-Dbuildtype=debug -Db_sanitize=address,undefined -Db_lundef=false -Dbench=disabled
	-Dc_args=-fno-sanitize-recover=all"

# Whether the kernel starts 32-bit programs.
runs_32bit() {
	mkdir -p "$builds"
	echo 'int main(void) { return 0; }' | gcc -m32 -x c - -o "$builds/narrow" &&
		"$builds/narrow" 2>/dev/null
}

# 32 bits. Where only qemu runs such programs, what needs sockets is left out: it does not know all
# of their options.
narrow() {
	# shellcheck disable=SC2086
	if runs_32bit; then
		variant m32 "gcc -m32 -idirafter /usr/include/$(gcc -print-multiarch)" \
			"$behaviour" $portable
	else
		echo "m32: this kernel starts no 32-bit programs: under qemu, without sockets"
		L2SOCK_TEST_EMULATOR=qemu-i386
		export L2SOCK_TEST_EMULATOR
		variant m32 gcc "--suite unit" $portable --cross-file tests/support/i386.ini
		unset L2SOCK_TEST_EMULATOR
	fi
}

quick() {
	# shellcheck disable=SC2086
	variant plain gcc "--no-suite selftest" $strict -Dexamples=enabled
}

# What takes seconds is done whole in the plain build, and in part in the others.
full() {
	export L2SOCK_TEST_SHARE=5
	export L2SOCK_TEST_USERNS=1
	check user plain "--suite net"
	unset L2SOCK_TEST_USERNS
	# shellcheck disable=SC2086
	{
		variant clang clang "--suite unit" $strict -Dbench=disabled
		variant asan gcc "$behaviour" $strict $sanitized -Dexamples=disabled
		variant tsan gcc "$behaviour" $portable -Db_sanitize=thread -Db_lundef=false
		narrow
		variant musl "musl-gcc -isystem $(kernel_headers)" "$behaviour" $portable
	}
	unset L2SOCK_TEST_SHARE
}

fuzz() {
	dir=$builds/fuzz
	[ -f "$dir/build.ninja" ] ||
		CC=clang meson setup "$dir" $portable -Dfuzz=true -Db_lundef=false >/dev/null
	meson compile -C "$dir" >"$builds/fuzz.log" 2>&1 || {
		cat "$builds/fuzz.log"
		complain "fuzz: build"
		return
	}
	for target in "$dir"/tests/fuzz/fuzz-*; do
		[ -x "$target" ] && [ -f "$target" ] || continue
		found=$dir/found/${target##*/fuzz-}
		seeds=tests/fuzz/corpus/${target##*/fuzz-}
		[ -d "$seeds" ] || seeds=
		mkdir -p "$found"
		# shellcheck disable=SC2086
		if "$target" -max_total_time=$fuzz_seconds "$found" $seeds \
			>"$builds/fuzz.log" 2>&1; then
			echo "$(basename "$target"): $(grep -E '^Done ' "$builds/fuzz.log")"
		else
			tail -n 40 "$builds/fuzz.log"
			complain "$(basename "$target")"
		fi
	done
}

# Another machine: what needs no socket, under an emulator.
emulated() {
	L2SOCK_TEST_EMULATOR="qemu-$1 -L /usr/$1-linux-gnu"
	export L2SOCK_TEST_EMULATOR
	# shellcheck disable=SC2086
	variant "$1" gcc "--suite unit" $portable --cross-file "tests/support/$1.ini"
	unset L2SOCK_TEST_EMULATOR
}

# Gates broken on purpose. The random tests again: twenty times as much of it, ten times of what
# takes seconds, and another seed each time.
thorough() {
	check selftest plain "--suite selftest"
	L2SOCK_TEST_ROUNDS=20 L2SOCK_TEST_SHARE=1000 L2SOCK_TEST_SEED=$(date +%s)
	export L2SOCK_TEST_ROUNDS L2SOCK_TEST_SHARE L2SOCK_TEST_SEED
	echo "thorough: L2SOCK_TEST_SEED=$L2SOCK_TEST_SEED"
	# shellcheck disable=SC2086
	variant thorough gcc "--suite unit --suite net --suite oracle --timeout-multiplier 10" \
		$strict -Dexamples=enabled
	unset L2SOCK_TEST_ROUNDS L2SOCK_TEST_SHARE L2SOCK_TEST_SEED
	# shellcheck disable=SC2086
	variant asan-programs gcc "--suite programs" $strict $sanitized -Dexamples=enabled
}

# Reads of what was never written, which no sanitizer of gcc sees.
memory_checked() {
	L2SOCK_TEST_EMULATOR="valgrind --quiet --error-exitcode=99 --leak-check=full"
	export L2SOCK_TEST_EMULATOR
	# shellcheck disable=SC2086
	variant valgrind gcc "--suite unit --timeout-multiplier 10" $portable
	unset L2SOCK_TEST_EMULATOR
}

sh tests/packages.sh build tests || exit 1
[ "$tier" != long ] || sh tests/packages.sh long || exit 1
quick
[ "$tier" = quick ] || full
[ "$tier" != long ] || { thorough && fuzz && memory_checked && emulated s390x && emulated aarch64; }

[ "$problems" -eq 0 ] || echo "$problems steps failed, counted as one failed check each"
# shellcheck disable=SC2086
tally --also-failed "$problems" $logs
