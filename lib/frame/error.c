/* SPDX-License-Identifier: MIT */
/* The builder's error as a sentence, made when somebody asks. */
#include <errno.h>

#include "build-internal.h"
#include "text-internal.h"

static void write_layer(struct l2line *line, uint8_t proto, uint8_t layer)
{
	const char *name = l2proto_name(proto);

	l2line_str(line, name ? name : "frame");
	if (name && layer) {
		l2line_str(line, " (layer ");
		l2line_dec(line, layer);
		l2line_str(line, ")");
	}
	l2line_str(line, ": ");
}

/* The text with its values in place. */
static void write_text(struct l2line *line, const char *text, const uint32_t values[2])
{
	const char *place;

	while ((place = strchr(text, '%'))) {
		l2line_bytes(line, text, (size_t)(place - text));
		l2line_dec(line, values[place[1] == 'b']);
		text = place + 2;
	}
	l2line_str(line, text);
}

int l2frame_error(const struct l2frame *f, struct l2err *ret)
{
	const struct l2build *b = l2build_of_const(f);
	struct l2line line = { .buf = ret->text, .size = sizeof(ret->text) - 1 };
	uint32_t values[2] = { b->error_values[0], b->error_values[1] };

	if (b->error == -ENOSPC)
		values[0] = (uint32_t)l2frame_size(f);
	if (b->error)
		write_layer(&line, b->error_proto, b->error_layer);
	write_text(&line, b->error ? b->error_text : "success", values);
	ret->text[line.len < line.size ? line.len : line.size] = '\0';
	ret->code = b->error;
	return b->error;
}
