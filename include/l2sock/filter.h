/* SPDX-License-Identifier: MIT */
/*
 * filter.h - classic-BPF programs as values: check, run, print, parse
 *
 * A program is an array of struct l2insn, at most L2_FILTER_MAX of them. Its codes are those of
 * <linux/filter.h>; what "tcpdump -dd" prints initialises an array. Nothing here needs a socket,
 * allocates memory or keeps state: the caller gives all buffers.
 *
 * The rules and the meaning of programs are the Linux kernel's (as of 6.18), which differ from
 * those of libpcap.
 *
 * Threads: each function is "Safe from any thread": calls are independent of each other as long as
 * the memory they write to is.
 */
#ifndef L2SOCK_FILTER_H
#define L2SOCK_FILTER_H

#include <l2sock/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What is wrong with a program, and where. Frozen: 256 bytes, needs no initialising. Every function
 * that takes one accepts NULL, and leaves it alone when it succeeds.
 */
struct l2filter_report {
	int32_t code;    /* the negative errno that the call returned */
	uint32_t index;  /* the instruction, from 0 */
	uint32_t line;   /* in a text: the line, from 1; otherwise 0 */
	uint32_t column; /* in a text: the column, from 1, in bytes; otherwise 0 */
	char text[240];  /* the rule broken, one line, NUL-terminated */
};

/*
 * Offsets of loads that are not into the frame's bytes from the first on: the network header, the
 * link-layer header, the ancillary fields (SKF_NET_OFF, SKF_LL_OFF and SKF_AD_OFF of the kernel).
 */
#define L2FILTER_NET       0xfff00000u
#define L2FILTER_LINK      0xffe00000u
#define L2FILTER_ANCILLARY 0xfffff000u

/*
 * Ancillary fields: facts about a frame that are not in its bytes. A program loads number N by an
 * absolute load from L2FILTER_ANCILLARY + 4 * N; in struct l2filter_facts it is ancillary[N].
 */
#define L2FILTER_PROTOCOL     0  /* the kernel's idea of the protocol */
#define L2FILTER_PKTTYPE      1  /* L2_PKTTYPE_* */
#define L2FILTER_IFINDEX      2  /* the interface */
#define L2FILTER_NLATTR       3  /* a netlink attribute: computed */
#define L2FILTER_NLATTR_NEST  4  /* a nested one: computed */
#define L2FILTER_MARK         5  /* the mark that netfilter and SO_MARK set */
#define L2FILTER_QUEUE        6  /* the device's queue */
#define L2FILTER_HATYPE       7  /* type of the device, ARPHRD_* */
#define L2FILTER_HASH         8  /* flow hash at the time the filter runs; often still 0 */
#define L2FILTER_CPU          9  /* the processor that runs the filter */
#define L2FILTER_XOR          10 /* A ^= X: computed */
#define L2FILTER_VLAN_TCI     11 /* of the tag that the kernel took out, 0 without one */
#define L2FILTER_VLAN_PRESENT 12 /* 1 when the kernel took one out */
#define L2FILTER_PAY_OFFSET   13 /* of the payload behind the headers that the kernel knows */
#define L2FILTER_RANDOM       14 /* different at each load */
#define L2FILTER_VLAN_TPID    15 /* of the tag that the kernel took out, 0 without one */

/*
 * What the kernel knows about a frame beside its bytes. Frozen: 128 bytes; it grows inside
 * "reserved" in a way that 0 means as before. l2filter_facts_init() fills in the usual.
 */
struct l2filter_facts {
	uint32_t len;           /* of the frame in the kernel; less than given means as given */
	uint32_t known;         /* bit N tells whether ancillary[N] is known */
	uint32_t ancillary[16]; /* by L2FILTER_PROTOCOL ... L2FILTER_VLAN_TPID */
	int32_t net_offset;     /* where L2FILTER_NET is: usually L2_ETH_HEADER_LEN */
	int32_t link_offset; /* where L2FILTER_LINK is: usually 0, cooked: in front of the frame */
	uint32_t front;      /* bytes in front of the frame that may be read: usually 0 */
	uint32_t reserved[11]; /* 0 */
};

/* Languages of programs, for l2filter_print(). */
#define L2FILTER_D  1 /* "tcpdump -d": for people */
#define L2FILTER_DD 2 /* "tcpdump -dd": initialises an array in C */
#define L2FILTER_DDD \
	3 /* "tcpdump -ddd": the number of instructions, then code, jt, jf, k of each */
#define L2FILTER_ASM 4 /* bpf_asm, the assembler that comes with the kernel's source */

/*
 * l2filter_check - would the kernel take this program?
 *
 * @insns:  the program, @n instructions
 * @report: on failure, the instruction and the rule it breaks; may be NULL
 *
 * The verdict is that of SO_ATTACH_FILTER, memory aside: a program that passes can still be too
 * large for net.core.optmem_max.
 *
 * Returns 0, or
 *   -EINVAL  the kernel would find the program invalid, or @insns is NULL
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int l2filter_check(const struct l2insn *insns, size_t n, struct l2filter_report *report);

/*
 * l2filter_memory - what a program costs in the kernel
 *
 * The kernel translates a program into instructions of its own, up to 20 for one, and charges them
 * to the socket. A socket takes a program while the sum of what is charged to it already, the old
 * filter included, and this stays below net.core.optmem_max; otherwise SO_ATTACH_FILTER fails with
 * ENOMEM.
 *
 * Exact for 64-bit Linux 6.18 on machines that load unaligned words (x86-64, arm64) without
 * net.core.bpf_jit_harden; other versions differ by some bytes in all.
 *
 * Returns the bytes, or -EINVAL when @insns is NULL or @n is not 1 to L2_FILTER_MAX.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int64_t l2filter_memory(const struct l2insn *insns, size_t n);

/*
 * l2filter_facts_init - the facts about a frame as far as they are known
 *
 * @ret: the facts, overwritten
 * @pkt: the descriptor of a received frame, or NULL: then nothing but the bytes is known
 *
 * A descriptor tells the length, protocol, packet type, interface, device type and the tag that the
 * kernel took out. It does not tell mark, queue, hash (the kernel computes the one of a descriptor
 * after the filter has run), processor, payload offset and random numbers. The caller may add them:
 * set ancillary[N] and bit N of known.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API void l2filter_facts_init(struct l2filter_facts *ret, const struct l2pkt *pkt);

/*
 * l2filter_run - what the kernel's filter would return for a frame
 *
 * @insns:    a program that l2filter_check() accepts, @n instructions
 * @frame:    the frame as the kernel has it when the filter runs
 * @captured: bytes at @frame
 * @facts:    what is known beside the bytes; NULL as l2filter_facts_init() with NULL
 *
 * The kernel delivers as many bytes of the frame as the program returns; 0 rejects it. Loads beyond
 * the frame's end reject it, and so does division by X = 0. Shifts by X use the lower 5 bits of X.
 * X + k of an indirect load is a 32-bit sum, that can reach L2FILTER_NET and L2FILTER_LINK.
 *
 * The result is exact or refused: a program that needs what is not known ends with -ENODATA. A
 * program that l2filter_check() refuses gets -EINVAL or a value without meaning. Runs at most @n
 * instructions, because programs only jump forward.
 *
 * Returns the program's value, 0 to UINT32_MAX, or
 *   -ENODATA  the program loaded an ancillary fact that is not known, or bytes beyond @captured
 *	       that the frame has
 *   -EINVAL   the program is invalid; or @insns is NULL, or @frame is NULL with @captured
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int64_t l2filter_run(const struct l2insn *insns, size_t n, const void *frame,
			    size_t captured, const struct l2filter_facts *facts);

/*
 * l2filter_run_pkt - what the kernel's filter would return for a received frame
 *
 * @pkt: its descriptor, as it was received: l2pkt_restore_tag() makes another frame of it
 *
 * Short for l2filter_run() on the descriptor's data with the facts of l2filter_facts_init().
 *
 * Returns as l2filter_run(), or -EINVAL if @pkt is NULL.
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int64_t l2filter_run_pkt(const struct l2insn *insns, size_t n, const struct l2pkt *pkt);

/*
 * l2filter_print - write a program as text
 *
 * @insns: the program, @n instructions
 * @style: L2FILTER_D, _DD, _DDD or _ASM
 * @text:  where the lines and a NUL go; untouched on failure. NULL with @size 0 asks for the length
 * @size:  bytes at @text
 *
 * Every line ends with a newline. L2FILTER_DD, _DDD and _ASM can be read again by l2filter_parse()
 * and give the same program; _ASM leaves out fields that an instruction does not use.
 *
 * Returns the length without the NUL, or
 *   -ENOSPC  @size is too small
 *   -EINVAL  @insns is NULL, @n is not 1 to L2_FILTER_MAX, @style is unknown, @text is NULL with a
 *	      @size; or the style is L2FILTER_ASM and l2filter_check() refuses the program
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int64_t l2filter_print(const struct l2insn *insns, size_t n, uint32_t style, char *text,
			      size_t size);

/*
 * l2filter_parse - read a program from text
 *
 * @text:   @len bytes, without a NUL, in the language of L2FILTER_DD, _DDD or _ASM, told by the
 *	    first character
 * @insns:  where the instructions go, @max of them; undefined on failure
 * @report: on failure, the instruction, line and column, and what is wrong; may be NULL
 *
 * Comments are those of bpf_asm in every language: C comments, what stands behind ';', and lines
 * that begin with '#'. In L2FILTER_DDD commas may stand in place of the ends of lines. The language
 * of bpf_asm is read as that program does, but jumps have to lead forward, jumps on a condition to
 * one of the next 256 instructions.
 *
 * The program is not checked: l2filter_check() tells whether the kernel would take it.
 *
 * Returns the number of instructions, or
 *   -EINVAL  the text is no program; or @text is NULL, or @insns is NULL with @max
 *   -ENOSPC  the program has more than @max instructions
 *   -E2BIG   the program has more than L2_FILTER_MAX instructions
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int64_t l2filter_parse(const char *text, size_t len, struct l2insn *insns, size_t max,
			      struct l2filter_report *report);

/* l2filter_wire() flags */
#define L2FILTER_COOKED 0x0001u /* for a handle without link-layer headers */

/*
 * l2filter_wire - a program for frames on the wire, made into one for frames as the kernel has them
 *
 * @insns:  a program for Ethernet frames as they are on the wire, @n instructions
 * @flags:  0, or L2FILTER_COOKED
 * @result: where the instructions go, @max of them; L2_FILTER_MAX always suffice. Not in @insns.
 *	    Untouched when there are too few; NULL with @max 0 asks for the length
 * @report: on failure, the instruction and the reason; may be NULL
 *
 * The kernel takes the outermost 0x8100 or 0x88a8 tag out of a frame it receives before it runs a
 * filter. The result returns for that frame what the program returns for the frame with its tag in
 * place, and for any other frame what the program returns. Absolute and indirect offsets, those
 * from L2FILTER_LINK, header lengths, the length and the payload offset count the tag. Ancillary
 * loads, and those from L2FILTER_NET, mean what they mean to the kernel. A program that loads
 * L2FILTER_VLAN_TCI, _PRESENT or _TPID is for frames as the kernel has them already: the result is
 * the program.
 *
 * A program returns how many bytes to deliver. They are counted on the wire too: of the frame that
 * l2pkt_restore_tag() makes, no byte asked for is missing. A program that returns 13 to 15 gets the
 * frame up to the end of the tag, one that returns less gets the addresses as far as it asked.
 *
 * With L2FILTER_COOKED the result is for a handle whose frames begin behind the link-layer header.
 * The program is the same as for any Ethernet handle: its offsets count from the destination
 * address. At least one byte of an accepted frame is delivered. Frames that this host sends with a
 * tag in the data are rejected if the verdict depends on more than the header, because it is not
 * known where the kernel's frame begins.
 *
 * A frame without a tag costs two instructions more than in the program, three when the result is
 * long; on cooked handles up to six. Uses about 48 KiB of stack.
 *
 * Returns the number of instructions, or
 *   -ENOSPC	  the result has more than @max
 *   -EINVAL	  the program is invalid, as l2filter_check() says; unknown flags; @result is NULL
 *		  with @max
 *   -E2BIG	  the result is longer than L2_FILTER_MAX, or than the kernel's jumps reach
 *   -EOPNOTSUPP  a load that touches the tag needs a word of scratch memory and the program uses
 *		  all at once; or the program looks for netlink attributes
 *
 * Safe from any thread. Since 0.1.
 */
L2_API int64_t l2filter_wire(const struct l2insn *insns, size_t n, uint32_t flags,
			     struct l2insn *result, size_t max, struct l2filter_report *report);

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_FILTER_H */
