#ifndef CTOML_H
#define CTOML_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The kinds of entries.
enum {
  CTOML_STRING = 0,
  CTOML_INTEGER,
  CTOML_BOOLEAN,
  CTOML_ARRAY,
  CTOML_TABLE,
  /// A float, a date or a time.
  CTOML_OTHER,
};

/// One key and its value, or one element of an array, which follows the array's own entry.
typedef struct {
  int kind;
  /// The dotted key, without quotes; empty for an element.
  const char *key;
  size_t key_length;
  /// A string's text.
  const char *text;
  size_t text_length;
  /// An integer, a boolean as 0 or 1, or the number of an array's elements.
  int64_t number;
  /// The line in the file, counted from 1.
  uint32_t line;
} ctoml_entry;

/// A TOML file, flattened.
typedef struct ctoml_file ctoml_file;

/// Reads a TOML text (version 1.0); the answer, which is NULL only without memory, is freed with ctoml_free.
///
/// A line of more than 16,384 bytes is refused, and what lies deeper than eight tables is left out.
ctoml_file *ctoml_parse(const char *text, size_t length);
/// Frees the file and all that its entries point to.
void ctoml_free(ctoml_file *file);

/// Its entries; none if the text was refused.
const ctoml_entry *ctoml_entries(const ctoml_file *file, size_t *count);
/// Why the text was refused, or NULL if it was not; `line` is where.
const char *ctoml_refusal(const ctoml_file *file, uint32_t *line);

/// Reads a whole file of at most 1 MiB into memory that the caller frees with ctoml_free_text.
///
/// Answers 0, or the number of the system's error.
int ctoml_read(const char *path, char **text, size_t *length);
/// Frees what ctoml_read answered.
void ctoml_free_text(char *text);

#ifdef __cplusplus
}
#endif

#endif
