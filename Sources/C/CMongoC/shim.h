#include <mongoc/mongoc.h>

/*
 * The library passes documents as `bson_t`, a structure of 128-byte alignment that Swift can't hold. These functions
 * hold it on their own stack and pass documents as bytes. Bytes that are answered are given back with `bson_free`.
 */

/* A document as bytes. */
typedef struct {
  uint8_t *bytes;
  uint32_t length;
} mongo_bytes;

/* Takes the bytes out of a document that is at its end with this. */
static inline mongo_bytes mongo_steal(bson_t *document) {
  mongo_bytes taken = {0};
  taken.bytes = bson_destroy_with_steal(document, true, &taken.length);
  return taken;
}

static inline bool mongo_command(mongoc_client_t *client, const char *database, const uint8_t *command,
                                 size_t command_length, const uint8_t *options, size_t options_length,
                                 mongo_bytes *answer, bson_error_t *error) {
  bson_t sent, with, reply;
  if (!bson_init_static(&sent, command, command_length) || !bson_init_static(&with, options, options_length)) {
    bson_set_error(error, MONGOC_ERROR_BSON, MONGOC_ERROR_BSON_INVALID, "a document is too long");
    return false;
  }
  bool is_done = mongoc_client_command_with_opts(client, database, &sent, NULL, &with, &reply, error);
  *answer = mongo_steal(&reply);
  return is_done;
}

static inline bool mongo_commit(mongoc_client_session_t *session, mongo_bytes *answer, bson_error_t *error) {
  bson_t reply;
  bool is_done = mongoc_client_session_commit_transaction(session, &reply, error);
  *answer = mongo_steal(&reply);
  return is_done;
}

/* What tells the library that a command belongs to a session. */
static inline bool mongo_session_options(const mongoc_client_session_t *session, mongo_bytes *answer,
                                         bson_error_t *error) {
  bson_t options = BSON_INITIALIZER;
  bool is_done = mongoc_client_session_append(session, &options, error);
  *answer = mongo_steal(&options);
  return is_done;
}

/* The session's id, which lives as long as the session. */
static inline const uint8_t *mongo_session_id(const mongoc_client_session_t *session, uint32_t *length) {
  const bson_t *id = mongoc_client_session_get_lsid(session);
  *length = id ? id->len : 0;
  return id ? bson_get_data(id) : NULL;
}

static inline mongoc_change_stream_t *mongo_watch(const mongoc_collection_t *collection, const uint8_t *pipeline,
                                                  size_t pipeline_length, const uint8_t *options,
                                                  size_t options_length) {
  bson_t stages, with;
  if (!bson_init_static(&stages, pipeline, pipeline_length) || !bson_init_static(&with, options, options_length))
    return NULL;
  return mongoc_collection_watch(collection, &stages, &with);
}

/* The next change, which lives until the next call; none if there is none yet, or the stream has failed. */
static inline const uint8_t *mongo_next_change(mongoc_change_stream_t *stream, uint32_t *length) {
  const bson_t *change = NULL;
  if (!mongoc_change_stream_next(stream, &change) || !change) return NULL;
  *length = change->len;
  return bson_get_data(change);
}

/* Whether the stream has failed; the server's answer lives as long as the stream. */
static inline bool mongo_stream_failure(const mongoc_change_stream_t *stream, bson_error_t *error,
                                        const uint8_t **answer, uint32_t *length) {
  const bson_t *reply = NULL;
  *answer = NULL;
  *length = 0;
  if (!mongoc_change_stream_error_document(stream, error, &reply)) return false;
  if (reply) {
    *answer = bson_get_data(reply);
    *length = reply->len;
  }
  return true;
}
