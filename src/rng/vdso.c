/* SPDX-License-Identifier: MIT */
/*
 * Finds functions in the vDSO, the ELF image that the kernel maps into every process
 * (vdso(7)). It comes from the kernel, yet every offset is checked against the image: an
 * emulator or a sandbox may have put something else there.
 */
#include "rng/vdso.h"

#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

struct image {
	uintptr_t base;
	size_t size;	/* of the loaded segment */
	uintptr_t bias; /* from addresses in the file to memory */
	const ElfW(Sym) * symbols;
	size_t symbol_count;
	const char *strings;
	size_t strings_size;
};

/* The memory at address (in the file's terms), if size bytes are there; else NULL. */
static const void *at(const struct image *image, uintptr_t address, size_t size)
{
	uintptr_t offset = address + image->bias - image->base;

	if (offset > image->size || size > image->size - offset)
		return NULL;
	return (const void *)(image->base + offset);
}

/*
 * Only DT_HASH holds the number of symbols. Where there is only DT_GNU_HASH, it is one
 * more than the last symbol of the last chain.
 */
static size_t count_gnu(const struct image *image, uintptr_t address)
{
	const uint32_t *head = at(image, address, 4 * sizeof(*head));
	size_t last = 0;

	if (!head)
		return 0;

	uint32_t buckets = head[0], offset = head[1], bloom = head[2];
	uintptr_t table = address + 4 * sizeof(*head) + bloom * sizeof(ElfW(Addr));
	uintptr_t chains = table + buckets * sizeof(*head);

	for (uint32_t i = 0; i < buckets; i++) {
		const uint32_t *bucket = at(image, table + i * sizeof(*bucket),
					    sizeof(*bucket));

		if (!bucket)
			return 0;
		if (*bucket > last)
			last = *bucket;
	}
	for (; last >= offset; last++) {
		const uint32_t *link = at(image, chains + (last - offset) * sizeof(*link),
					  sizeof(*link));

		if (!link)
			return 0;
		if (*link & 1)
			return last + 1;
	}
	return 0;
}

static bool read_dynamic(struct image *image, const ElfW(Dyn) * dynamic, size_t count)
{
	enum { TAGS = DT_STRSZ + 1 };
	uintptr_t value[TAGS] = { 0 }, gnu_hash = 0;

	for (size_t i = 0; i < count && dynamic[i].d_tag != DT_NULL; i++) {
		if (dynamic[i].d_tag > 0 && dynamic[i].d_tag < TAGS)
			value[dynamic[i].d_tag] = dynamic[i].d_un.d_ptr;
		else if (dynamic[i].d_tag == DT_GNU_HASH)
			gnu_hash = dynamic[i].d_un.d_ptr;
	}

	const uint32_t *hash = at(image, value[DT_HASH], 2 * sizeof(*hash));

	if (value[DT_HASH] && hash)
		image->symbol_count = hash[1];
	else if (gnu_hash)
		image->symbol_count = count_gnu(image, gnu_hash);
	if (image->symbol_count > image->size / sizeof(*image->symbols))
		return false;
	image->symbols = at(image, value[DT_SYMTAB],
			    image->symbol_count * sizeof(*image->symbols));
	image->strings_size = value[DT_STRSZ];
	image->strings = at(image, value[DT_STRTAB], image->strings_size);
	return image->symbols && image->strings;
}

static const void *from_start(const struct image *image, uintptr_t offset, size_t size)
{
	return offset > image->size || size > image->size - offset
		       ? NULL
		       : (const void *)(image->base + offset);
}

/* The headers lie in the first page, which is always there. */
static bool read_image(struct image *image, uintptr_t base)
{
	const ElfW(Ehdr) *header = (const void *)base;
	const ElfW(Dyn) *dynamic = NULL;
	size_t dynamic_size = 0;

	*image = (struct image){ .base = base, .size = (size_t)sysconf(_SC_PAGESIZE) };
	if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
	    header->e_phentsize != sizeof(ElfW(Phdr)))
		return false;

	const ElfW(Phdr) *segment = from_start(image, header->e_phoff,
					       header->e_phnum * sizeof(*segment));

	for (size_t i = 0; segment && i < header->e_phnum; i++) {
		if (segment[i].p_type == PT_LOAD && segment[i].p_offset == 0) {
			image->size = segment[i].p_memsz;
			image->bias = base - segment[i].p_vaddr;
		}
	}
	for (size_t i = 0; segment && i < header->e_phnum; i++) {
		if (segment[i].p_type == PT_DYNAMIC) {
			dynamic_size = segment[i].p_filesz;
			dynamic = from_start(image, segment[i].p_offset, dynamic_size);
		}
	}
	return dynamic && read_dynamic(image, dynamic, dynamic_size / sizeof(*dynamic));
}

/* The function of that name in the vDSO, or NULL. */
static const void *lookup(const char *name)
{
	struct image image;
	uintptr_t base = getauxval(AT_SYSINFO_EHDR);
	size_t len = strlen(name) + 1;

	if (base == 0 || !read_image(&image, base))
		return NULL;
	for (size_t i = 0; i < image.symbol_count; i++) {
		const ElfW(Sym) *symbol = &image.symbols[i];

		if (symbol->st_shndx != SHN_UNDEF &&
		    symbol->st_name < image.strings_size &&
		    len <= image.strings_size - symbol->st_name &&
		    memcmp(image.strings + symbol->st_name, name, len) == 0)
			return at(&image, symbol->st_value, 1);
	}
	return NULL;
}

const void *vdso_getrandom(void)
{
	/* s390, arm64 and powerpc call theirs __kernel_... */
	const void *function = lookup("__vdso_getrandom");

	return function ? function : lookup("__kernel_getrandom");
}

bool vdso_has_getrandom(void)
{
	return vdso_getrandom() != NULL;
}
