/* SPDX-License-Identifier: MIT */
/*
 * template.h - build a frame once, stamp out many that differ in some fields
 *
 *	struct l2template t;
 *	uint64_t values[2];
 *
 *	l2template_init(&t, &f);
 *	l2template_vary(&t, L2UDP_SPORT, 0);
 *	l2template_vary(&t, L2IP4_ID, 0);
 *	for (i = 0; i < count; i++) {
 *		values[0] = 1024 + i;
 *		values[1] = i;
 *		n = l2template_stamp(&t, slot(i), slot_size, values);
 *	}
 *
 * A stamped frame is to the byte the frame that the builder makes of these values: every checksum
 * that finishing filled in is right for them, a UDP checksum of 0 becomes 0xffff, and a checksum
 * set by the caller stays. What depends on a field by anything but a checksum, such as a length,
 * does not follow it.
 */
#ifndef L2SOCK_TEMPLATE_H
#define L2SOCK_TEMPLATE_H

#include <l2sock/build.h>

#ifdef __cplusplus
extern "C" {
#endif

#define L2TEMPLATE_VALUES 16 /* values of a template */

/* The template. Frozen; needs no clean-up. */
struct l2template {
	uint64_t opaque[128];
};

/*
 * l2template_init - make a template of a frame
 *
 * @f: the frame, complete; the call finishes it. It and its buffer belong to the template from now
 *     on: they stay where they are, and are not changed by anybody else, as long as it is in use.
 *
 * Returns the length of the frame, or the error of l2frame_finish().
 *
 * One thread at a time per handle: nothing else may use @t or @f. Since 0.1.
 */
L2_API int64_t l2template_init(struct l2template *t, struct l2frame *f);

/*
 * l2template_vary - have a field take a value of its own in each frame
 *
 * @field: L2<PROTOCOL>_<FIELD> of proto.h
 * @nth:   in which header of its protocol: 0 is the outermost, of tags too
 *
 * The values of a stamp are in the order of these calls. A field of 128 bits takes two, the higher
 * one first.
 *
 * Returns the index of the field's first value, or
 *   -EINVAL  @field is no field
 *   -ENOENT  the frame has no such header, or the header not this field
 *   -EEXIST  the field shares a byte with one that varies
 *   -ENOSPC  there would be more than L2TEMPLATE_VALUES values
 *
 * One thread at a time per handle: nothing else may use the template. Since 0.1.
 */
L2_API int l2template_vary(struct l2template *t, uint32_t field, uint32_t nth);

/*
 * l2template_vary_bytes - have some bytes take a value of their own, as in a payload
 *
 * @at: where they begin, from the start of the frame
 * @n:	their number, 1 to 8; the value is an integer of so many bytes, the most significant first
 *
 * Returns as l2template_vary() does, and
 *   -EINVAL  @n is another, or the bytes are not all within the frame, or only some of them are
 *	      part of what a checksum covers
 *
 * One thread at a time per handle: nothing else may use the template. Since 0.1.
 */
L2_API int l2template_vary_bytes(struct l2template *t, size_t at, uint32_t n);

/*
 * l2template_stamp - write a frame
 *
 * @dst:    where it goes, @cap bytes
 * @values: one for each that varies, in the order of the calls; may be NULL when nothing varies
 *
 * Returns the length of the frame, or
 *   -ENOSPC  @cap is less
 *   -ERANGE  a value is wider than its field
 *
 * After a failure nothing has been written. Safe from any thread, when nobody varies the template
 * meanwhile. Since 0.1.
 */
L2_API int64_t l2template_stamp(const struct l2template *t, void *dst, size_t cap,
				const uint64_t *values);

/*
 * l2template_stamp_many - write several frames at equal distances
 *
 * @dst:    where the first one goes
 * @stride: from one frame to the next, in bytes: the length of a frame at least
 * @count:  frames
 * @values: those of the first frame, then those of the second, and so on
 *
 * Returns the frames written, fewer than @count where a value is wider than its field, or
 *   -ENOSPC  @stride is less than the length of the frame
 *   -ERANGE  a value of the first frame is wider than its field
 *
 * Safe from any thread, when nobody varies the template meanwhile. Since 0.1.
 */
L2_API int64_t l2template_stamp_many(const struct l2template *t, void *dst, size_t stride,
				     uint32_t count, const uint64_t *values);

#ifdef __cplusplus
}
#endif

#endif /* L2SOCK_TEMPLATE_H */
