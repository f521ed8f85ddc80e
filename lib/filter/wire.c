/* SPDX-License-Identifier: MIT */
/*
 * Programs that mean frames on the wire, made into programs for frames as the kernel has them.
 *
 * The result begins with a test whether the kernel took a tag out. If not, the program goes on as
 * it was given; if so, with a copy for such frames.
 */
#include <errno.h>
#include <string.h>

#include "copy-internal.h"

#define ANCILLARY(number) (L2FILTER_ANCILLARY + 4 * (number))

/* A program that looks at the tag beside the frame is written for frames as the kernel has them. */
static bool knows_tag(const struct l2insn *insns, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		switch (l2insn_ancillary(&insns[i])) {
		case L2FILTER_VLAN_TCI:
		case L2FILTER_VLAN_PRESENT:
		case L2FILTER_VLAN_TPID:
			return true;
		}
	return false;
}

/* Begins a copy behind what has used A: a program finds 0 there. */
static void write_start(struct l2copy *c)
{
	l2writer_go(&c->writer, c->at[0]);
	if (c->live[0] & L2USE_A)
		l2writer_put(&c->writer, BPF_LD | BPF_IMM, 0);
}

static void write_test(struct l2writer *w, uint32_t untagged, uint32_t tagged)
{
	l2writer_branch(w, BPF_JMP | BPF_JEQ | BPF_K, 0, untagged, tagged);
	l2writer_put(w, BPF_LD | BPF_W | BPF_ABS, ANCILLARY(L2FILTER_VLAN_PRESENT));
}

static int write_ethernet(struct l2copy *c)
{
	uint32_t original;
	uint32_t tagged;
	uint32_t i = c->n;
	int r;

	while (i--)
		l2writer_put_insn(&c->writer, c->insns[i]);
	original = c->writer.count;
	c->layout = &l2layout_tagged;
	c->original = true;
	r = l2copy_write(c);
	if (r < 0 || c->at[0] == original)
		return r;
	tagged = c->at[0];
	if (c->live[0] & L2USE_A) {
		write_start(c);
		tagged = c->writer.count;
	}
	write_test(&c->writer, original, tagged);
	return 0;
}

/*
 * A frame that this host sends can have its tag in the data. The kernel's frame then begins in
 * front of it or behind it, depending on the sender, and nothing tells the program which: no
 * verdict on such a frame would be sure, so it is rejected.
 */
static void reject_tag_in_data(struct l2writer *w)
{
	uint32_t go_on = w->count;
	uint32_t reject;

	l2writer_put(w, BPF_RET | BPF_K, 0);
	reject = w->count;
	l2writer_branch(w, BPF_JMP | BPF_JEQ | BPF_K, L2_TPID_8021AD, reject, go_on);
	l2writer_branch(w, BPF_JMP | BPF_JEQ | BPF_K, L2_TPID_8021Q, reject, w->count);
	l2writer_put(w, BPF_LD | BPF_H | BPF_ABS, L2FILTER_LINK + 2 * L2_MAC_LEN);
}

static int write_cooked(struct l2copy *c, bool knows)
{
	struct l2writer *w = &c->writer;
	uint32_t untagged;
	uint32_t tagged;
	int r;

	c->layout = &l2layout_cooked;
	r = l2copy_write(c);
	if (r < 0)
		return r;
	write_start(c);
	tagged = w->count;
	if (c->needs_start)
		reject_tag_in_data(w);
	untagged = w->count;
	if (!knows) {
		c->layout = &l2layout_cooked_tagged;
		r = l2copy_write(c);
		if (r < 0)
			return r;
		write_start(c);
		tagged = w->count;
	}
	if (untagged != tagged)
		write_test(w, untagged, tagged);
	return 0;
}

/* Returns the length; writes if there is room for @total, the length found before. */
static int64_t rewrite(const struct l2insn *insns, size_t n, uint32_t flags, struct l2insn *result,
		       uint32_t total, struct l2filter_report *report)
{
	bool knows = knows_tag(insns, n);
	struct l2copy c;
	int r;

	c.insns = insns;
	c.n = (uint32_t)n;
	c.writer = (struct l2writer) { result, total, 0 };
	c.report = report;
	c.original = false;
	c.needs_start = false;
	c.live_next = 0;
	r = flags & L2FILTER_COOKED ? write_cooked(&c, knows) : write_ethernet(&c);
	if (r < 0)
		return r;
	return c.writer.count > L2_FILTER_MAX ? l2copy_too_long(&c) : (int)c.writer.count;
}

/* The kernel limits its own jumps too, so a program that fits may be refused. */
static int64_t recheck(const struct l2insn *insns, size_t n, struct l2filter_report *report)
{
	struct l2filter_report why;

	if (l2filter_check(insns, n, &why) == 0)
		return (int64_t)n;
	return l2report_insn(report, -E2BIG, 0,
			     "for frames with and without a tag it takes %zu instructions, which "
			     "the kernel refuses: %s",
			     n, why.text);
}

static int64_t refuse_room(size_t max, int64_t total, struct l2filter_report *report)
{
	if (!max)
		return total;
	return l2report_insn(report, -ENOSPC, 0, "room for %zu instructions, not for %lld", max,
			     (long long)total);
}

int64_t l2filter_wire(const struct l2insn *insns, size_t n, uint32_t flags, struct l2insn *result,
		      size_t max, struct l2filter_report *report)
{
	int64_t total = (int64_t)n;
	int64_t r;

	if (flags & ~L2FILTER_COOKED || (!result && max))
		return l2report_insn(report, -EINVAL, 0,
				     "an unknown flag, or room for instructions that is NULL");
	r = l2filter_check(insns, n, report);
	if (r < 0)
		return r;
	if (!(flags & L2FILTER_COOKED) && knows_tag(insns, n)) {
		if (n > max)
			return refuse_room(max, total, report);
		memcpy(result, insns, n * sizeof(*insns));
		return total;
	}
	total = rewrite(insns, n, flags, NULL, 0, report);
	if (total < 0)
		return total;
	if ((uint64_t)total > max)
		return refuse_room(max, total, report);
	r = rewrite(insns, n, flags, result, (uint32_t)total, report);
	return r < 0 ? r : recheck(result, (size_t)total, report);
}
