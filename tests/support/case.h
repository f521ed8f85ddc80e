/* SPDX-License-Identifier: MIT */
/*
 * case.h - one source, two runners
 *
 * A test file holds CASEs with REQUIREs. It is built with criterion where that exists, and with the
 * plain runner (plain.c) where it does not: under ThreadSanitizer, with musl, for 32 bits, for
 * other architectures. Each case runs in a process of its own; the plain runner prints TAP as
 * criterion does.
 */
#ifndef TEST_CASE_H
#define TEST_CASE_H

#include <stdbool.h>

/* True when a check that cannot run counts as failed: L2SOCK_TEST_REQUIRE is set. */
bool test_required(void);

#ifdef TEST_CRITERION

#include <criterion/criterion.h>

#define CASE(suite, name) Test(suite, name, .timeout = 120)

#define REQUIRE(condition) cr_assert(condition)

#define REQUIRE_EQ(a, b)                                                         \
	do {                                                                     \
		long long a_ = (long long)(a);                                   \
		long long b_ = (long long)(b);                                   \
		cr_assert(a_ == b_, "%s is %lld, not %s, %lld", #a, a_, #b, b_); \
	} while (0)

#define SKIP(why)                                                        \
	do {                                                             \
		cr_assert(!test_required(), "cannot run here: %s", why); \
		cr_skip_test("%s", why);                                 \
	} while (0)

#else

struct plain_case {
	const char *suite;
	const char *name;
	void (*run)(void);
	struct plain_case *next;
};

void plain_register(struct plain_case *c);
void plain_fail(const char *file, int line, const char *format, ...)
	__attribute__((noreturn, format(printf, 3, 4)));
void plain_skip(const char *why) __attribute__((noreturn));

#define CASE(suite, name)                                                                      \
	static void case_##suite##_##name(void);                                               \
	static struct plain_case case_##suite##_##name##_entry = { #suite, #name,              \
								   case_##suite##_##name, 0 }; \
	__attribute__((constructor)) static void case_##suite##_##name##_register(void)        \
	{                                                                                      \
		plain_register(&case_##suite##_##name##_entry);                                \
	}                                                                                      \
	static void case_##suite##_##name(void)

#define REQUIRE(condition)                                                \
	do {                                                              \
		if (!(condition))                                         \
			plain_fail(__FILE__, __LINE__, "%s", #condition); \
	} while (0)

#define REQUIRE_EQ(a, b)                                                                       \
	do {                                                                                   \
		long long a_ = (long long)(a);                                                 \
		long long b_ = (long long)(b);                                                 \
		if (a_ != b_)                                                                  \
			plain_fail(__FILE__, __LINE__, "%s is %lld, not %s, %lld", #a, a_, #b, \
				   b_);                                                        \
	} while (0)

#define SKIP(why) plain_skip(why)

#endif

#endif /* TEST_CASE_H */
