/* SPDX-License-Identifier: MIT */
/* From times to ratios, and the table of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

/* Where the control must lie. */
#define CONTROL_LEAST 0.95
#define CONTROL_MOST  1.05

static int compare(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

/* The value below which a part of the sorted ones lies. */
static double quantile(const double *sorted, size_t n, double part)
{
	double place = part * (double)(n - 1);
	size_t below = (size_t)place;
	size_t above = below + 1 < n ? below + 1 : below;

	return sorted[below] + (sorted[above] - sorted[below]) * (place - (double)below);
}

static double median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), compare);
	return quantile(values, n, 0.5);
}

/* The method's time over the other's in the same round, for every round; sorts as it goes. */
static struct bench_spread ratio_of(const struct bench_result *r, const double *times,
				    size_t method, size_t against)
{
	size_t all = (size_t)r->rounds * r->reps;
	double *ratios = calloc(all, sizeof(*ratios));
	struct bench_spread s = { .min = 1e9 };
	unsigned int rep;
	double middle;
	size_t i;

	if (!ratios)
		return s;
	for (i = 0; i < all; i++)
		ratios[i] = times[method * all + i] / times[against * all + i];
	for (rep = 0; rep < r->reps; rep++) {
		middle = median(ratios + (size_t)rep * r->rounds, r->rounds);
		s.min = middle < s.min ? middle : s.min;
		s.max = middle > s.max ? middle : s.max;
	}
	s.median = median(ratios, all);
	s.p25 = quantile(ratios, all, 0.25);
	s.p75 = quantile(ratios, all, 0.75);
	free(ratios);
	return s;
}

/* Nanoseconds of one operation. */
static double cost_of(const struct bench_result *r, const double *times, size_t method)
{
	size_t all = (size_t)r->rounds * r->reps;
	double *copy = calloc(all, sizeof(*copy));
	double middle;

	if (!copy)
		return 0;
	memcpy(copy, times + method * all, all * sizeof(*copy));
	middle = median(copy, all);
	free(copy);
	return middle / r->burst;
}

static void csv_line(FILE *csv, const struct bench_result *r, const char *method,
		     const char *quantity, double value)
{
	if (csv)
		fprintf(csv, "%s,%s,%s,%s,%.6g\n", r->bench->name, r->what->name, method, quantity,
			value);
}

static void csv_spread(FILE *csv, const struct bench_result *r, const char *method,
		       const struct bench_spread *s)
{
	csv_line(csv, r, method, "ratio", s->median);
	csv_line(csv, r, method, "p25", s->p25);
	csv_line(csv, r, method, "p75", s->p75);
	csv_line(csv, r, method, "min", s->min);
	csv_line(csv, r, method, "max", s->max);
}

static void print_method(const struct bench_result *r, size_t method, FILE *csv)
{
	const char *name = r->bench->methods[method].name;
	struct bench_spread wall = ratio_of(r, r->wall, method, 0);
	struct bench_spread busy = ratio_of(r, r->busy, method, 0);
	double ns = cost_of(r, r->wall, method);
	double cpu_ns = cost_of(r, r->busy, method);

	printf("  %-24s %10.2f %10.2f", name, ns, cpu_ns);
	if (method)
		printf(" %8.3f %8.3f  %6.3f..%-6.3f  %6.3f..%.3f\n", wall.median, busy.median,
		       wall.p25, wall.p75, wall.min, wall.max);
	else
		printf("    reference\n");
	csv_line(csv, r, name, "ns", ns);
	csv_line(csv, r, name, "cpu_ns", cpu_ns);
	csv_line(csv, r, name, "cpu_ratio", busy.median);
	csv_spread(csv, r, name, &wall);
}

static bool print_control(const struct bench_spread *control)
{
	bool quiet = control->median >= CONTROL_LEAST && control->median <= CONTROL_MOST;

	printf("  control: %.3f (%.3f..%.3f), %s %.2f..%.2f%s\n", control->median, control->min,
	       control->max, quiet ? "within" : "outside", CONTROL_LEAST, CONTROL_MOST,
	       quiet ? "" : ": NOISY, do not rely on these");
	return quiet;
}

/* n_methods if there is none of that name. */
static size_t index_of(const struct bench *b, const char *name)
{
	size_t i;

	for (i = 0; i < b->n_methods; i++)
		if (strcmp(b->methods[i].name, name) == 0)
			break;
	return i;
}

static bool concerns(const struct bench_bar *bar, const struct bench_result *r)
{
	return index_of(r->bench, bar->method) < r->bench->n_methods &&
	       index_of(r->bench, bar->against) < r->bench->n_methods &&
	       (!bar->what || strcmp(bar->what, r->what->name) == 0);
}

/* A run whose control is further from 1 than the bar's margin cannot judge the bar. */
static int judge(const struct bench_bar *bar, double ratio, const struct bench_spread *control,
		 bool quiet)
{
	double error = control->median > 1 ? control->median - 1 : 1 - control->median;
	double margin = bar->limit > 1 ? bar->limit - 1 : 1 - bar->limit;

	if (!quiet || error > margin)
		return BENCH_NOISY;
	return ratio <= bar->limit ? 0 : BENCH_NOT_MET;
}

static int print_bar(const struct bench_result *r, const struct bench_bar *bar,
		     const struct bench_spread *control, bool quiet, FILE *csv)
{
	struct bench_spread s = ratio_of(r, bar->cpu ? r->busy : r->wall,
					 index_of(r->bench, bar->method),
					 index_of(r->bench, bar->against));
	int verdict = bar->limit > 0 ? judge(bar, s.median, control, quiet) : 0;
	const char *word = verdict == 0 ? "met" : verdict == BENCH_NOISY ? "noisy" : "not met";
	char pair[80];

	snprintf(pair, sizeof(pair), "%s / %s%s", bar->method, bar->against,
		 bar->cpu ? " (cpu)" : "");
	printf("  %s: %.3f (%.3f..%.3f)", pair, s.median, s.min, s.max);
	if (bar->limit > 0)
		printf(", at most %.3g: %s", bar->limit, word);
	printf("\n");
	csv_spread(csv, r, pair, &s);
	if (bar->limit > 0) {
		csv_line(csv, r, pair, "limit", bar->limit);
		csv_line(csv, r, pair, "verdict", verdict);
	}
	return verdict;
}

static int print_case(const struct bench_result *r, FILE *csv)
{
	const struct bench *b = r->bench;
	struct bench_spread control = ratio_of(r, r->wall, 1, 0);
	int worst = 0;
	int verdict;
	bool quiet;
	size_t i;

	printf("%s, %s: %u operations, %u rounds, %u repetitions, cpu %d\n", b->name, r->what->name,
	       r->burst, r->rounds, r->reps, r->cpu);
	printf("  %-24s %10s %10s %8s %8s  %-14s  %s\n", "method", "ns/op", "cpu ns/op", "ratio",
	       "cpu", "p25..p75", "repetitions");
	for (i = 0; i < b->n_methods; i++)
		print_method(r, i, csv);
	quiet = print_control(&control);
	for (i = 0; i < b->n_bars; i++) {
		if (!concerns(&b->bars[i], r))
			continue;
		verdict = print_bar(r, &b->bars[i], &control, quiet, csv);
		if (verdict && worst != BENCH_NOT_MET)
			worst = verdict;
	}
	printf("\n");
	fflush(stdout);
	return worst;
}

int bench_report(const struct bench_result *r, const char *csv)
{
	FILE *file = NULL;
	int worst;

	if (csv) {
		file = fopen(csv, "ae");
		if (!file) {
			perror(csv);
			return BENCH_BROKEN;
		}
	}
	worst = print_case(r, file);
	if (file && fclose(file)) {
		perror(csv);
		return BENCH_BROKEN;
	}
	return worst;
}
