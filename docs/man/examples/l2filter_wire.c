/* SPDX-License-Identifier: MIT */
/*
 * Prints the program that finds ARP in VLAN 5 where the kernel has taken
 * the tag out of the frame, in the format of "tcpdump -dd".
 */
#include <inttypes.h>
#include <stdio.h>
#include <l2sock/filter.h>

static const struct l2insn on_the_wire[] = {
	{ 0x28, 0, 0, 12 },         /* ldh [12] */
	{ 0x15, 0, 5, 0x8100 },     /* jeq #0x8100, next, reject */
	{ 0x28, 0, 0, 14 },         /* ldh [14] */
	{ 0x54, 0, 0, 0x0fff },     /* and #0xfff */
	{ 0x15, 0, 2, 5 },          /* jeq #5, next, reject */
	{ 0x28, 0, 0, 16 },         /* ldh [16] */
	{ 0x15, 1, 0, 0x0806 },     /* jeq #0x0806, accept, reject */
	{ 0x06, 0, 0, 0 },          /* reject: ret #0 */
	{ 0x06, 0, 0, 0xffffffff }, /* accept: ret #-1 */
};

int main(void)
{
	const size_t n = sizeof(on_the_wire) / sizeof(on_the_wire[0]);
	struct l2insn insns[L2_FILTER_MAX];
	struct l2filter_report report;
	int64_t len;
	int64_t i;

	len = l2filter_wire(on_the_wire, n, 0, insns, L2_FILTER_MAX,
			    &report);
	if (len < 0) {
		printf("instruction %" PRIu32 ": %s\n", report.index,
		       report.text);
		return 1;
	}
	for (i = 0; i < len; i++)
		printf("{ 0x%x, %d, %d, %" PRIu32 " },\n", insns[i].code,
		       insns[i].jt, insns[i].jf, insns[i].k);
	return 0;
}
