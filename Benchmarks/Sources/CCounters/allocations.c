#include "CCounters.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

// glibc's own allocator under its second names: a program may define the first ones
// (https://www.gnu.org/software/libc/manual/html_node/Replacing-malloc.html), and free stays as it is.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static _Atomic uint64_t total_count;
static _Atomic uint64_t total_bytes;

static void count(size_t size) {
  atomic_fetch_add_explicit(&total_count, 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&total_bytes, size, memory_order_relaxed);
}

CCountersAllocations ccounters_allocations(void) {
  CCountersAllocations allocations = {
      atomic_load_explicit(&total_count, memory_order_relaxed),
      atomic_load_explicit(&total_bytes, memory_order_relaxed),
  };
  return allocations;
}

void *malloc(size_t size) {
  count(size);
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count(number * size);
  return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
  count(size);
  return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
  count(size);
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
  void *memory = memalign(alignment, size);
  if (!memory) return ENOMEM;
  *block = memory;
  return 0;
}
