/* SPDX-License-Identifier: MIT */
/*
 * Status for the textfile collector of the Prometheus node_exporter: text exposition
 * format 0.0.4. An unknown value has no sample; there are no timestamps.
 */
#include <inttypes.h>

#include "status/advice/advice.h"
#include "status/fields.h"
#include "status/render/render.h"

static void head(FILE *out, const char *metric, const char *help)
{
	fprintf(out, "# HELP %s %c%s.\n# TYPE %s gauge\n", metric,
		help[0] >= 'a' && help[0] <= 'z' ? help[0] - 'a' + 'A' : help[0],
		help + 1, metric);
}

/* Writes name="value". Escaped text has no newline, but it has backslashes. */
static void label(FILE *out, const char *before, const char *name, const char *value)
{
	fprintf(out, "%s%s=\"", before, name);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			fputc('\\', out);
		fputc(*value, out);
	}
	fputc('"', out);
}

static void put_number(FILE *out, const char *metric, const char *help, uint64_t number)
{
	head(out, metric, help);
	fprintf(out, "%s %" PRIu64 "\n", metric, number);
}

static void put_field(FILE *out, const struct field *field, const struct facts *facts)
{
	if (!field->metric || field_unknown(field, facts))
		return;

	uint64_t number = field_number(field, facts);

	head(out, field->metric, field->help);
	if (field->type == FIELD_MILLI)
		fprintf(out, "%s %" PRIu64 ".%03u\n", field->metric, number / 1000,
			(unsigned int)(number % 1000));
	else if (field->type == FIELD_BITS)
		fprintf(out, "%s %.15g\n", field->metric, (double)number / 8);
	else
		fprintf(out, "%s %" PRIu64 "\n", field->metric, number);
}

static const char *known(const struct fact_text *fact)
{
	return fact->unknown ? "" : fact->text;
}

static void put_info(FILE *out, const struct facts *facts)
{
	head(out, "crng_info", "the kernel, and the hardware generator in use");
	label(out, "crng_info{", "release", known(&facts->kernel_release));
	label(out, ",", "rng", known(&facts->era));
	label(out, ",", "cpu", known(&facts->cpu_rng));
	label(out, ",", "hwrng", known(&facts->hwrng_current));
	label(out, ",", "virtualization", known(&facts->virtualization));
	fputs("} 1\n", out);
}

static void put_seeds(FILE *out, const struct seeds *seeds)
{
	static const struct {
		const char *metric, *help;
	} metrics[] = {
		{ "crng_seed_file_size_bytes", "size of a seed file" },
		{ "crng_seed_file_modified_time_seconds",
		  "when a seed file was written" },
		{ "crng_seed_file_credited",
		  "whether the next boot credits a seed file" },
	};

	for (size_t m = 0; m < sizeof(metrics) / sizeof(*metrics); m++) {
		bool first = true;

		for (size_t i = 0; i < seeds->count; i++) {
			const struct seed_file *file = &seeds->list[i];
			const int64_t values[] = { (int64_t)file->size, file->modified,
						   file->credit == SEED_CREDIT_YES };

			if (file->unknown ||
			    (m == 2 && file->credit == SEED_CREDIT_UNKNOWN))
				continue;
			if (first)
				head(out, metrics[m].metric, metrics[m].help);
			first = false;
			fputs(metrics[m].metric, out);
			label(out, "{", "path", file->path);
			label(out, ",", "system", file->system);
			fprintf(out, "} %" PRId64 "\n", values[m]);
		}
	}
}

static void put_timeline(FILE *out, const struct timeline *timeline)
{
	if (timeline->unknown)
		return;
	put_number(
		out, "crng_early_reads",
		"reads of /dev/urandom before the RNG was ready, according to the kernel log",
		timeline->early_reads);
	put_number(out, "crng_log_wrapped",
		   "whether the kernel log of early boot is lost", timeline->wrapped);
}

static void put_advice(FILE *out, const struct facts *facts)
{
	struct advice list[ADVICE_MAX];
	size_t count = advice_find(facts, list);

	if (count > 0)
		head(out, "crng_advice",
		     "a piece of advice, which 'crng status --explain ID' explains");
	for (size_t i = 0; i < count; i++) {
		label(out, "crng_advice{", "id", list[i].rule->id);
		label(out, ",", "severity", advice_severity_name(list[i].rule->severity));
		fputs("} 1\n", out);
	}
}

/* If not all tasks could be seen, seeing none does not mean that there is none. */
static void put_waiters(FILE *out, const struct waiters *waiters)
{
	if (waiters->unknown || (waiters->total == 0 && !waiters_complete(waiters)))
		return;
	put_number(out, "crng_waiters",
		   "tasks blocked until the RNG is ready or, before Linux "
		   "5.6, until the blocking pool has bytes",
		   waiters->total);
}

void render_prometheus(const struct facts *facts, const struct render_style *style,
		       FILE *out)
{
	(void)style;
	put_number(out, "crng_determined", "whether readiness could be determined",
		   !facts->verdict.unknown);
	if (!facts->verdict.unknown)
		put_number(out, "crng_ready", "whether the kernel's RNG is ready",
			   facts_ready(facts));
	for (size_t i = 0; i < field_count; i++)
		put_field(out, &fields[i], facts);
	put_waiters(out, &facts->waiters);
	put_timeline(out, &facts->timeline);
	put_seeds(out, &facts->seeds);
	put_info(out, facts);
	put_advice(out, facts);
}
