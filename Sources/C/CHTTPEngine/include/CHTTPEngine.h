/* An HTTP/1.1 server engine on Boost.Beast and Asio, behind plain C.
 *
 * One thread per event loop. A connection belongs to one loop for life, and every callback runs on that loop's thread.
 * Nothing here knows what is served: the callbacks do. */
#ifndef CHTTPENGINE_H
#define CHTTPENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma clang assume_nonnull begin

typedef struct http_engine http_engine;
typedef struct http_loop http_loop;
typedef struct http_connection http_connection;

/* The methods by number; whatever is not listed is http_method_other. */
enum {
  http_method_get,
  http_method_head,
  http_method_post,
  http_method_put,
  http_method_patch,
  http_method_delete,
  http_method_options,
  http_method_other,
};

/* Why a request was refused, or a connection cut; each is counted. Those named cut get no answer. */
enum {
  http_refusal_request_line,
  http_refusal_line_ending,
  http_refusal_version,
  http_refusal_method,
  http_refusal_target,
  http_refusal_target_too_long,
  http_refusal_field,
  http_refusal_field_folded,
  http_refusal_fields_too_large,
  http_refusal_host_missing,
  http_refusal_host_repeated,
  http_refusal_host_malformed,
  http_refusal_host_differs,
  http_refusal_content_length,
  http_refusal_content_length_repeated,
  http_refusal_two_framings,
  http_refusal_transfer_encoding,
  http_refusal_chunk,
  http_refusal_chunk_extension,
  http_refusal_trailer,
  http_refusal_body_too_large,
  http_refusal_expectation,
  http_refusal_head_timeout,
  http_refusal_body_timeout,
  http_refusal_incomplete,
  http_cut_hang_up,
  http_cut_handshake,
  http_cut_write_timeout,
  http_refusal_count,
};

/* One header field, in the connection's buffer. */
typedef struct {
  const uint8_t *_Nullable name;
  size_t name_length;
  const uint8_t *_Nullable value;
  size_t value_length;
} http_field;

/* A whole request, in the connection's buffer; valid until the callback that got it returns. */
typedef struct {
  int32_t method;
  bool is_secure;
  const uint8_t *target;
  size_t target_length;
  const http_field *_Nullable fields;
  size_t field_count;
  const uint8_t *_Nullable body;
  size_t body_length;
  void *peer;
  /* 0, unless it was asked for once more: then for how many nanoseconds it has waited. */
  uint64_t waited;
} http_request;

/* What the engine calls. `context` is the loop's own, given to `http_engine_start`. */
typedef struct {
  /* A connection was accepted; what is returned comes back as `peer`. A null address is a Unix socket's. */
  void *_Nonnull (*_Nonnull opened)(void *context, const char *_Nullable address, uint16_t port);
  /* The connection is gone, and `peer` is not used again. */
  void (*_Nonnull closed)(void *peer);
  /* Call `http_connection_answer` or `http_connection_begin_stream` once: now, or later from the loop's thread. Or
   * first `http_connection_ask_again`. */
  void (*_Nonnull request)(void *context, http_connection *connection, const http_request *request);
  /* Call `http_connection_answer` once, before returning. */
  void (*_Nonnull refused)(void *context, http_connection *connection, int32_t refusal, bool is_head);
  /* What `http_connection_begin_stream` or `http_connection_write` could not hand over at once now is. */
  void (*_Nonnull written)(void *context, http_connection *connection);
  /* A stream should end. With `is_open`, because the server stops, and what is written still arrives; without, because
   * the connection is gone: `written` doesn't come any more. Call `http_connection_end_stream` in either case. */
  void (*_Nonnull interrupted)(void *context, http_connection *connection, bool is_open);
  /* Runs what was given to `http_loop_enqueue`. */
  void (*_Nonnull job)(void *context, void *job);
  /* The grace time is over: what is still in progress should end. Its answers are not sent any more. */
  void (*_Nonnull cancel)(void *context);
  /* Called once: all is closed; or, a second after `cancel`, some request hasn't ended. */
  void (*_Nonnull finished)(void *context);
  /* The thread ends; the last use of `context`. */
  void (*_Nonnull ended)(void *context);
} http_callbacks;

/* Limits: sizes in bytes, times in milliseconds. */
typedef struct {
  size_t request_line;
  size_t fields_size;
  size_t field_count;
  size_t body_size;
  int64_t head_time;
  int64_t body_time;
  int64_t idle_time;
  int64_t write_time;
  int64_t grace_time;
  size_t connections;
} http_limits;

/* What went wrong while preparing. */
enum {
  http_failure_none,
  http_failure_address_in_use,
  http_failure_not_resolvable,
  http_failure_not_permitted,
  http_failure_not_a_socket,
  http_failure_path_too_long,
  http_failure_certificate_unreadable,
  http_failure_certificate_invalid,
  http_failure_key_unreadable,
  http_failure_key_invalid,
  http_failure_key_mismatch,
  http_failure_system,
};

/* A failure and what the system said of it. */
typedef struct {
  int32_t code;
  char reason[256];
} http_failure;

/* An engine that listens nowhere yet. Release it with `http_engine_release`. */
http_engine *http_engine_create(int32_t threads, http_limits limits, http_callbacks callbacks);
/* Loads a certificate chain and its key (PEM files); new connections use them at once, on every loop. */
bool http_engine_load_certificate(http_engine *engine, const char *chain, const char *key, http_failure *failure);
/* Listens; answers the port bound, or -1. With `is_secure`, a certificate must have been loaded. */
int32_t http_engine_listen_tcp(
    http_engine *engine, const char *host, uint16_t port, bool is_secure, http_failure *failure);
/* Listens on a socket file of that mode; a file left behind, on which nobody listens, is replaced. */
bool http_engine_listen_unix(http_engine *engine, const char *path, uint32_t mode, http_failure *failure);
/* Starts the threads, one for each loop, in order; `contexts` has one context for each. To be called once. Answers how
 * many could be started; the contexts of the others are not used. */
int32_t http_engine_start(http_engine *engine, void *_Nonnull const *_Nonnull contexts);
/* Stops accepting, closes what is idle, and lets the rest finish within the grace time. From any thread. */
void http_engine_stop(http_engine *engine);
/* Gives up the caller's reference; running threads hold their own. */
void http_engine_release(http_engine *engine);
/* Open connections. From any thread. */
size_t http_engine_connection_count(const http_engine *engine);
/* How many requests were refused for that reason. From any thread. */
uint64_t http_engine_refusal_count(const http_engine *engine, int32_t refusal);

/* The loop of that index, which lives as long as the engine. */
http_loop *http_engine_loop(http_engine *engine, int32_t index);
/* Has `job` run on the loop's thread. From any thread. */
void http_loop_enqueue(http_loop *loop, void *job);
/* Whether the answer to the request in progress may leave the connection open. */
bool http_connection_is_kept(const http_connection *connection);
/* Has the request in progress handed over once more, on the loop's thread. From any thread, in place of an answer. */
void http_connection_ask_again(http_connection *connection, uint64_t waited);
/* Sends a whole answer. On the loop's thread. */
void http_connection_answer(http_connection *connection, const uint8_t *bytes, size_t length, bool is_kept);

/* Whether the client of the request in progress understands a body in chunks: that of HTTP/1.0 doesn't. */
bool http_connection_takes_chunks(const http_connection *connection);
/* Sends the head of an answer whose body follows in pieces, in chunks if the client takes them, else up to the end of
 * the connection. Answers whether the bytes were handed to the system at once; otherwise `written` tells when, or
 * `interrupted` that they never will be. On the loop's thread, as the next two. */
bool http_connection_begin_stream(http_connection *connection, const uint8_t *bytes, size_t length, bool is_kept);
/* Sends a piece that isn't empty; one at a time. Answers as `http_connection_begin_stream` does. */
bool http_connection_write(http_connection *connection, const uint8_t *bytes, size_t length);
/* Ends the answer, with no piece under way, once; the connection must not be used again. */
void http_connection_end_stream(http_connection *connection);

#pragma clang assume_nonnull end
#ifdef __cplusplus
}
#endif
#endif
