// What Swift can't reach: counters behind malloc, the kernel's counter of instructions, and Valgrind's requests.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/// How often this process has asked for memory, on all threads, and for how many bytes.
typedef struct {
  uint64_t count;
  uint64_t bytes;
} CCountersAllocations;

/// What was asked for since the process began: malloc, calloc, realloc, and the aligned kinds.
CCountersAllocations ccounters_allocations(void);

/// Begins to count instructions of this process in user mode, of this thread and all that it will start.
///
/// To be called before any thread is started. False if the kernel or the processor has no such counter for us.
bool ccounters_instructions_begin(void);

/// Instructions since then; to be called only if it began.
uint64_t ccounters_instructions(void);

/// Whether the process runs under Callgrind.
bool ccounters_is_under_callgrind(void);

/// Has Callgrind count from here on.
void ccounters_callgrind_begin(void);

/// Has Callgrind write down what it counted, and stop.
void ccounters_callgrind_end(void);
