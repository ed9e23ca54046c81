#pragma once
#include <sys/prctl.h>

// Swift imports no function of variable arguments.
static inline int sesame_process_set_dumpable(int is_dumpable) {
  return prctl(PR_SET_DUMPABLE, is_dumpable, 0, 0, 0);
}
