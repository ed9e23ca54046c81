#pragma once
#include <sys/prctl.h>

// Swift imports no function of variable arguments.
static inline int sesame_thread_set_name(const char *name) {
  return prctl(PR_SET_NAME, name, 0, 0, 0);
}
