/* SPDX-License-Identifier: MIT */
/*
 * System calls without the C library in between, for what every frame passes: its function and the
 * table entry that leads there lie in two more pages, which the processor has to look up again
 * after each call. They are no cancellation points; no call of this library is one.
 */
#ifndef L2SOCK_SYS_DIRECT_INTERNAL_H
#define L2SOCK_SYS_DIRECT_INTERNAL_H

#include <stdint.h>

/* Sanitizers know what a system call writes only when they see the C library's function. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
	__has_feature(thread_sanitizer)
#define L2SYS_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define L2SYS_SANITIZED
#endif

#if defined(__x86_64__) && defined(__LP64__) && !defined(L2SYS_SANITIZED)
#include <sys/syscall.h>

static inline int64_t l2sys_direct(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long r;

	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return r;
}

#define L2SYS_CALL3(name, a, b, c) \
	l2sys_direct(SYS_##name, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define L2SYS_CALL6(name, a, b, c, d, e, f) \
	l2sys_direct(SYS_##name, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#else
#define L2SYS_CALL3(name, a, b, c)          l2sys_result(name(a, b, c))
#define L2SYS_CALL6(name, a, b, c, d, e, f) l2sys_result(name(a, b, c, d, e, f))
#endif

#endif /* L2SOCK_SYS_DIRECT_INTERNAL_H */
