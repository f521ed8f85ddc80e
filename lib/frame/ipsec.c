/* SPDX-License-Identifier: MIT */
/* IPsec's headers: AH shows what follows, ESP hides it. */
#include <errno.h>
#include <l2sock/option.h>

#include "build-internal.h"
#include "parse-internal.h"
#include "text-internal.h"

#define AH_LEN  12 /* at least */
#define AH_MAX  (4 * (255 + 2))
#define ESP_LEN 8

static const struct l2field ah_fields[] = {
	{ "next", L2IP_NO_NEXT, L2AH_NEXT, L2FIELD_NUMBER },
	{ "len", 0, L2AH_LEN, L2FIELD_NUMBER },
	{ "spi", 0, L2AH_SPI, L2FIELD_HEX },
	{ "seq", 0, L2AH_SEQ, L2FIELD_NUMBER },
};

static const struct l2field esp_fields[] = {
	{ "spi", 0, L2ESP_SPI, L2FIELD_HEX },
	{ "seq", 0, L2ESP_SEQ, L2FIELD_NUMBER },
};

/* It is no part of the pseudo-header; the IP header in front is. */
static int pseudo(const struct l2build *b, const struct l2record *r, struct l2pseudo *ret)
{
	(void)b;
	(void)r;
	(void)ret;
	return 0;
}

/* Its length counts words, unlike those of the headers that IPv6 brought itself. */
static int parse_ah(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	uint32_t len;

	if (left < AH_LEN)
		return l2cursor_truncated(c, layer, h, left);
	len = 4 * (h[1] + 2u);
	if (len < AH_LEN)
		return l2cursor_malformed(c, layer, h, left);
	if (left < len)
		return l2cursor_truncated(c, layer, h, left);
	layer = l2cursor_layer(c, layer, h, left, len, L2PROTO_AH, 0);
	return l2cursor_next_ip(c, layer, h + len, left - len, h[0]);
}

static int parse_esp(struct l2cursor *c, struct l2layer *layer, const uint8_t *h, uint32_t left)
{
	if (left < ESP_LEN)
		return l2cursor_truncated(c, layer, h, left);
	layer = l2cursor_layer(c, layer, h, left, ESP_LEN, L2PROTO_ESP, 0);
	return l2cursor_payload(c, layer, h + ESP_LEN, left - ESP_LEN);
}

static void print_ah(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2line_str(line, "AH spi 0x");
	l2line_hex(line, l2bytes_get32(h + 4), 8);
}

static void print_esp(struct l2line *line, const struct l2parse *p, uint32_t index)
{
	const uint8_t *h = l2layer_header(p, index);

	l2line_str(line, "ESP spi 0x");
	l2line_hex(line, l2bytes_get32(h), 8);
}

const struct l2proto l2proto_ah = {
	.name = "ah",
	.fields = ah_fields,
	.n_fields = L2COUNT(ah_fields),
	.number = { [L2SPACE_IP] = L2NUMBER(51) },
	.id = L2PROTO_AH,
	.print = print_ah,
	.pseudo = pseudo,
	.parse = parse_ah,
};

const struct l2proto l2proto_esp = {
	.name = "esp",
	.fields = esp_fields,
	.n_fields = L2COUNT(esp_fields),
	.number = { [L2SPACE_IP] = L2NUMBER(50) },
	.id = L2PROTO_ESP,
	.print = print_esp,
	.parse = parse_esp,
};

void l2frame_ah(struct l2frame *f, uint32_t spi, uint32_t seq, const void *icv, size_t n)
{
	struct l2build *b = l2build_of(f);
	uint8_t *h;

	if ((n && !icv) || n % 4 || n > AH_MAX - AH_LEN) {
		l2build_fail(b, -EINVAL, L2PROTO_AH,
			     "a check value of %a bytes is NULL, too long, or not whole words",
			     (uint32_t)n, 0);
		return;
	}
	h = l2build_push(b, &l2proto_ah, AH_LEN + (uint32_t)n);
	if (!h)
		return;
	l2bytes_put32(h, L2IP_NO_NEXT << 24 | (uint32_t)(n / 4 + 1) << 16);
	l2bytes_put32(h + 4, spi);
	l2bytes_put32(h + 8, seq);
	if (n)
		memcpy(h + AH_LEN, icv, n);
	l2build_open(b, L2SPACE_IP, h);
}

void l2frame_esp(struct l2frame *f, uint32_t spi, uint32_t seq)
{
	uint8_t *h = l2build_push(l2build_of(f), &l2proto_esp, ESP_LEN);

	if (!h)
		return;
	l2bytes_put32(h, spi);
	l2bytes_put32(h + 4, seq);
}
