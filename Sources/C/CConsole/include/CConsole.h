/* The files of the web console, embedded at build time. */
#ifndef CCONSOLE_H
#define CCONSOLE_H

#include <stddef.h>

/* A file: its name and its bytes, which live as long as the process. */
typedef struct {
  const char *name;
  const unsigned char *bytes;
  size_t count;
} console_file;

/* How many files there are. */
size_t console_file_count(void);

/* The file of that number, from 0; with a number beyond the last one, the first. */
console_file console_file_at(size_t index);

#endif
