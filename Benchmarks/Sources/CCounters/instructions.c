#include "CCounters.h"

#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#define HAS_CALLGRIND 1
#endif

static int counter = -1;

bool ccounters_instructions_begin(void) {
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.size = sizeof attributes;
  attributes.type = PERF_TYPE_HARDWARE;
  attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  // Threads started later are counted with this one (perf_event_open(2)).
  attributes.inherit = 1;
  counter = (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
  return counter >= 0;
}

uint64_t ccounters_instructions(void) {
  uint64_t count = 0;
  return read(counter, &count, sizeof count) == sizeof count ? count : 0;
}

#ifdef HAS_CALLGRIND

bool ccounters_is_under_callgrind(void) { return RUNNING_ON_VALGRIND > 0; }

void ccounters_callgrind_begin(void) { CALLGRIND_START_INSTRUMENTATION; }

void ccounters_callgrind_end(void) {
  CALLGRIND_STOP_INSTRUMENTATION;
  CALLGRIND_DUMP_STATS;
}

#else

bool ccounters_is_under_callgrind(void) { return false; }

void ccounters_callgrind_begin(void) {}

void ccounters_callgrind_end(void) {}

#endif
