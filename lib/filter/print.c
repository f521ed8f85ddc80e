/* SPDX-License-Identifier: MIT */
/* Programs as text: what tcpdump prints, and the language of the kernel's bpf_asm. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "filter-internal.h"

/* Text that grows as far as there is room; "used" counts on. */
struct sink {
	char *text;
	size_t size;
	size_t used;
};

static __attribute__((format(printf, 2, 3))) void put(struct sink *to, const char *format, ...)
{
	size_t left = to->used < to->size ? to->size - to->used : 0;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(left ? to->text + to->used : NULL, left, format, args);
	va_end(args);
	to->used += n > 0 ? (size_t)n : 0;
}

/* The operand as libpcap writes it: constants of logic in hexadecimal, others as signed numbers. */
static void dump_constant(struct sink *to, const struct l2insn *insn)
{
	int arithmetic = BPF_CLASS(insn->code) == BPF_ALU && BPF_OP(insn->code) != BPF_AND &&
			 BPF_OP(insn->code) != BPF_OR && BPF_OP(insn->code) != BPF_XOR;

	if (arithmetic || BPF_CLASS(insn->code) == BPF_RET)
		put(to, "#%" PRId32, (int32_t)insn->k);
	else
		put(to, "#0x%" PRIx32, insn->k);
}

static void dump_absolute(struct sink *to, const struct l2insn *insn)
{
	static const char names[][10] = {
		"proto",  "type", "ifidx", "nla",      "nlan",  "mark", "queue",  "hatype",
		"rxhash", "cpu",  "xor_x", "vlan_tci", "vlanp", "poff", "random", "vlan_tpid",
	};
	int ancillary = l2insn_ancillary(insn);

	if (ancillary >= 0)
		put(to, "[%s]", names[ancillary]);
	else
		put(to, "[%" PRId32 "]", (int32_t)insn->k);
}

static void dump_operand(struct sink *to, const struct l2insn *insn, size_t pc)
{
	int32_t k = (int32_t)insn->k;

	switch (l2opcode_of(insn->code)->operand) {
	case L2OPERAND_K:
		dump_constant(to, insn);
		break;
	case L2OPERAND_X:
		put(to, "x");
		break;
	case L2OPERAND_ABS:
		dump_absolute(to, insn);
		break;
	case L2OPERAND_IND:
		put(to, "[x + %" PRId32 "]", k);
		break;
	case L2OPERAND_MSH:
		put(to, "4*([%" PRId32 "]&0xf)", k);
		break;
	case L2OPERAND_MEM:
		put(to, "M[%" PRId32 "]", k);
		break;
	case L2OPERAND_LEN:
		put(to, "#pktlen");
		break;
	case L2OPERAND_TARGET:
		put(to, "%" PRId32, (int32_t)((uint32_t)pc + 1 + insn->k));
		break;
	default: /* L2OPERAND_NONE, L2OPERAND_A */
		break;
	}
}

static void dump_insn(struct sink *to, const struct l2insn *insn, size_t pc)
{
	const struct l2opcode *opcode = l2opcode_of(insn->code);
	const char *name = opcode ? opcode->name : "unimp";
	char operand[40] = "";
	struct sink small = { operand, sizeof(operand), 0 };

	if (!opcode)
		put(&small, "0x%x", insn->code);
	else
		dump_operand(&small, insn, pc);
	if (insn->code == (BPF_JMP | BPF_JA))
		name = "ja";
	put(to, "(%03zu) %-8s ", pc, name);
	if (l2insn_is_branch(insn))
		put(to, "%-16s jt %zu\tjf %zu\n", operand, pc + 1 + insn->jt, pc + 1 + insn->jf);
	else
		put(to, "%s\n", operand);
}

static void print_dump(struct sink *to, const struct l2insn *insns, size_t n)
{
	size_t pc;

	for (pc = 0; pc < n; pc++)
		dump_insn(to, &insns[pc], pc);
}

static void print_c(struct sink *to, const struct l2insn *insns, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		put(to, "{ 0x%x, %d, %d, 0x%08" PRIx32 " },\n", insns[i].code, insns[i].jt,
		    insns[i].jf, insns[i].k);
}

static void print_numbers(struct sink *to, const struct l2insn *insns, size_t n)
{
	size_t i;

	put(to, "%zu\n", n);
	for (i = 0; i < n; i++)
		put(to, "%d %d %d %" PRIu32 "\n", insns[i].code, insns[i].jt, insns[i].jf,
		    insns[i].k);
}

/* Offsets and bits are easier to read in hexadecimal where they are large. */
static void put_number(struct sink *to, uint32_t k, int hexadecimal)
{
	if (hexadecimal || k > INT32_MAX)
		put(to, "0x%" PRIx32, k);
	else
		put(to, "%" PRIu32, k);
}

static void assemble_absolute(struct sink *to, const struct l2insn *insn)
{
	int ancillary = l2insn_ancillary(insn);

	if (ancillary >= 0 && l2ancillary_names[ancillary][0]) {
		put(to, " %s", l2ancillary_names[ancillary]);
		return;
	}
	put(to, " [");
	put_number(to, insn->k, 0);
	put(to, "]");
}

static void assemble_operand(struct sink *to, const struct l2insn *insn)
{
	int logic = BPF_CLASS(insn->code) == BPF_JMP || BPF_OP(insn->code) == BPF_AND ||
		    BPF_OP(insn->code) == BPF_OR || BPF_OP(insn->code) == BPF_XOR;

	switch (l2opcode_of(insn->code)->operand) {
	case L2OPERAND_K:
		put(to, " #");
		put_number(to, insn->k, logic);
		break;
	case L2OPERAND_X:
		put(to, " x");
		break;
	case L2OPERAND_A:
		put(to, " a");
		break;
	case L2OPERAND_ABS:
		assemble_absolute(to, insn);
		break;
	case L2OPERAND_IND:
		put(to, " [x + ");
		put_number(to, insn->k, 0);
		put(to, "]");
		break;
	case L2OPERAND_MSH:
		put(to, " 4*([");
		put_number(to, insn->k, 0);
		put(to, "]&0xf)");
		break;
	case L2OPERAND_MEM:
		put(to, " M[%" PRIu32 "]", insn->k);
		break;
	case L2OPERAND_LEN:
		put(to, " len");
		break;
	default: /* L2OPERAND_NONE, L2OPERAND_TARGET */
		break;
	}
}

/* A jump to the next instruction needs no label where there is a name for its opposite. */
static void assemble_branch(struct sink *to, const struct l2insn *insn, size_t pc)
{
	const char *name = l2opcode_of(insn->code)->name;
	const char *opposite = l2opposite_of(insn->code);
	int inverted = insn->jt == 0 && insn->jf != 0 && opposite;

	put(to, "%s", inverted ? opposite : name);
	assemble_operand(to, insn);
	if (!inverted)
		put(to, ", L%zu", pc + 1 + insn->jt);
	if (insn->jf)
		put(to, ", L%zu", pc + 1 + insn->jf);
}

static int leads_here(const struct l2insn *insn, size_t distance)
{
	if (insn->code == (BPF_JMP | BPF_JA))
		return insn->k == distance - 1;
	if (!l2insn_is_branch(insn))
		return 0;
	if (insn->jf && insn->jf == distance - 1)
		return 1;
	return insn->jt == distance - 1 && (insn->jt || !insn->jf || !l2opposite_of(insn->code));
}

static int has_label(const struct l2insn *insns, size_t pc)
{
	size_t i;

	for (i = 0; i < pc; i++)
		if (leads_here(&insns[i], pc - i))
			return 1;
	return 0;
}

static int print_assembly(struct sink *to, const struct l2insn *insns, size_t n)
{
	size_t pc;

	if (l2filter_check(insns, n, NULL) < 0)
		return -EINVAL;
	for (pc = 0; pc < n; pc++) {
		const struct l2insn *insn = &insns[pc];

		if (has_label(insns, pc))
			put(to, "L%zu:", pc);
		put(to, "\t");
		if (l2insn_is_branch(insn)) {
			assemble_branch(to, insn, pc);
		} else {
			put(to, "%s", l2opcode_of(insn->code)->name);
			assemble_operand(to, insn);
			if (insn->code == (BPF_JMP | BPF_JA))
				put(to, " L%zu", pc + 1 + insn->k);
		}
		put(to, "\n");
	}
	return 0;
}

static int print(struct sink *to, const struct l2insn *insns, size_t n, uint32_t style)
{
	switch (style) {
	case L2FILTER_D:
		print_dump(to, insns, n);
		return 0;
	case L2FILTER_DD:
		print_c(to, insns, n);
		return 0;
	case L2FILTER_DDD:
		print_numbers(to, insns, n);
		return 0;
	case L2FILTER_ASM:
		return print_assembly(to, insns, n);
	default:
		return -EINVAL;
	}
}

int64_t l2filter_print(const struct l2insn *insns, size_t n, uint32_t style, char *text,
		       size_t size)
{
	struct sink to = { NULL, 0, 0 };
	int r;

	if (!insns || n < 1 || n > L2_FILTER_MAX || (!text && size))
		return -EINVAL;
	r = print(&to, insns, n, style);
	if (r < 0)
		return r;
	if (!text)
		return (int64_t)to.used;
	if (to.used >= size)
		return -ENOSPC;
	to = (struct sink) { text, size, 0 };
	print(&to, insns, n, style);
	return (int64_t)to.used;
}
