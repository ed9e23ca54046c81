#ifndef CJSON_H
#define CJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The most levels of arrays and objects that the parser can be asked to accept.
#define CJSON_DEPTH_CEILING 1000

/// What became of a text.
typedef enum {
  CJSON_VALID = 0,
  CJSON_SYNTAX,
  CJSON_ENCODING,
  CJSON_DEPTH,
  CJSON_SIZE,
  CJSON_DUPLICATE_NAME,
  CJSON_NUMBER,
  CJSON_EMPTY,
  CJSON_STRING,
} cjson_status;

/// The kinds of nodes.
enum {
  CJSON_NODE_NULL = 0,
  CJSON_NODE_FALSE,
  CJSON_NODE_TRUE,
  CJSON_NODE_SIGNED,
  CJSON_NODE_UNSIGNED,
  CJSON_NODE_DOUBLE,
  CJSON_NODE_STRING,
  CJSON_NODE_ARRAY,
  CJSON_NODE_OBJECT,
};

/// One value. Nodes stand in the order of the text; a member is the node of its name, then those of its value.
typedef struct {
  /// Where the value's minified text starts and ends.
  uint32_t start;
  uint32_t end;
  /// The index of the first node behind this value and all inside it.
  uint32_t next;
  uint32_t kind;
  /// A number's bits; the start of a string's decoded bytes (the low half) and their length (the high one);
  /// how many elements or members an array or an object has.
  uint64_t payload;
} cjson_node;

/// A parsed text. What it points to belongs to the thread, and lasts until its next call.
typedef struct {
  cjson_status status;
  /// Where in the caller's bytes the fault is, or -1 when that is not known.
  int64_t fault;
  const cjson_node *nodes;
  size_t node_count;
  /// The minified text.
  const uint8_t *text;
  size_t text_length;
  /// The decoded bytes of the strings that hold escapes; a payload counts them from the end of the text.
  const uint8_t *decoded;
  size_t decoded_length;
} cjson_result;

/// Reads one JSON text (RFC 8259) of at most 2^31 bytes, which may be NULL when the length is 0.
void cjson_parse(const uint8_t *bytes, size_t length, size_t maximum_depth, cjson_result *result);

#ifdef __cplusplus
}
#endif

#endif
