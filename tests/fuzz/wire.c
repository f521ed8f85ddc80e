/* SPDX-License-Identifier: MIT */
/*
 * Any program, rewritten, on any frame as the kernel has it: it must return what the program
 * returns on the wire. Instructions are bent into valid ones, so that few inputs are lost.
 */
#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/filter/filter-internal.h"
#include "wire.h"

#define INSNS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

/* What no frame decides, and what makes a program one for frames as the kernel has them. */
static int is_tag_load(const struct l2insn *insn)
{
	int number = l2insn_ancillary(insn);

	return number == L2FILTER_VLAN_TCI || number == L2FILTER_VLAN_PRESENT ||
	       number == L2FILTER_VLAN_TPID;
}

static struct l2insn make_insn(const uint8_t *bytes, size_t rest)
{
	struct l2insn insn = { bytes[0], bytes[1], bytes[2], 0 };

	memcpy(&insn.k, bytes + 4, sizeof(insn.k));
	if (!l2opcode_of(insn.code))
		insn.code = BPF_LD | BPF_H | BPF_ABS;
	if (BPF_CLASS(insn.code) == BPF_JMP) {
		insn.jt = (uint8_t)(insn.jt % rest);
		insn.jf = (uint8_t)(insn.jf % rest);
		insn.k = insn.code == (BPF_JMP | BPF_JA) ? insn.k % (uint32_t)rest : insn.k;
	}
	if (l2opcode_of(insn.code)->operand == L2OPERAND_MEM)
		insn.k %= BPF_MEMWORDS;
	if (is_tag_load(&insn))
		insn.k = L2FILTER_ANCILLARY + 4 * L2FILTER_MARK;
	return insn;
}

/* A frame with up to three tags; the kernel never has a shorter one with a tag. */
static void make_frame(struct wire *w, uint8_t tagging, uint8_t len)
{
	static const uint32_t tpids[] = { 0, L2_TPID_8021Q, L2_TPID_8021AD, L2_TPID_QINQ };
	uint32_t tags[4] = { 0 };
	uint32_t least = 14;
	int i;

	for (i = 0; i < 3 && tpids[tagging & 3]; i++, tagging >>= 2) {
		tags[i] = WIRE_TAG(tpids[tagging & 3], 0x1234u * tagging & 0xffff);
		least = 18;
	}
	wire_make(w, tags, L2_ETHERTYPE_IP4, least + len % 64);
}

/* What the kernel delivers: a program may ask for more than there is. */
static int64_t delivered(const struct view *v, int64_t returned)
{
	return returned < v->len - v->header ? returned : v->len - v->header;
}

static void compare(const struct l2insn *insns, size_t n, const struct wire *w, uint32_t flags)
{
	static struct l2insn result[L2_FILTER_MAX];
	struct l2filter_facts facts;
	struct view v;
	int64_t wanted;
	int64_t got;
	int64_t r = l2filter_wire(insns, n, flags, result, L2_FILTER_MAX, NULL);

	if (r < 0)
		return;
	check(l2filter_check(result, (size_t)r, NULL) == 0);
	wire_facts(w, &facts);
	facts.known = UINT16_MAX;
	facts.ancillary[L2FILTER_PAY_OFFSET] = w->len & 1 ? 54 : 0;
	wanted = l2filter_run(insns, n, w->bytes, w->len, &facts);
	wire_view(w, &facts, flags, &v);
	check(wanted >= 0);
	got = view_run(&v, result, (size_t)r);
	check((got != 0) == (wanted != 0));
	check(delivered(&v, got) == delivered(&v, view_return(&v, (uint32_t)wanted)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct l2insn insns[INSNS_MAX + 1];
	struct wire w;
	size_t n;
	size_t i;

	if (size < 2)
		return 0;
	make_frame(&w, data[0], data[1]);
	n = (size - 2) / sizeof(*insns);
	if (n > INSNS_MAX)
		n = INSNS_MAX;
	for (i = 0; i < n; i++)
		insns[i] = make_insn(data + 2 + i * sizeof(*insns), n - i);
	insns[n++] = (struct l2insn) { BPF_RET | BPF_A, 0, 0, 0 };
	if (l2filter_check(insns, n, NULL) < 0)
		return 0;
	compare(insns, n, &w, 0);
	compare(insns, n, &w, L2FILTER_COOKED);
	return 0;
}
