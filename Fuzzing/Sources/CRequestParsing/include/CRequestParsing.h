/* The HTTP engine's parser without its sockets, behind plain C. */
#ifndef CREQUESTPARSING_H
#define CREQUESTPARSING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Reads bytes as a connection does, once all at a time and once as they come in pieces of `step`, which is 1 or more:
 * whether both find the same requests. */
bool request_parsing_agrees(const uint8_t *_Nullable bytes, size_t size, size_t step);

#ifdef __cplusplus
}
#endif

#endif
