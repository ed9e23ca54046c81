internal import CMongoC

/// What is written to a collection from now on, in the order of its being known to a majority.
///
/// Belongs to its client's thread. A short failure is passed over by the library, which goes on behind the last change
/// that it has handed out (https://mongoc.org/libmongoc/1.23.1/mongoc_change_stream_t.html); after any other the
/// stream is at its end, and a new one sees only what comes then.
@safe
public final class MongoChangeStream {
  private let client: MongoClient
  private let pointer: OpaquePointer

  /// Begins to watch: what is written after this is seen.
  ///
  /// - Parameters:
  ///   - collection: of which collection.
  ///   - database: of which database.
  ///   - pipeline: which changes, and what of them.
  ///   - patience: how long ``next()`` waits for a change, in milliseconds.
  ///   - client: through which client.
  /// - Throws: if the server can't be reached, or has no change streams.
  public init(
    of collection: String, in database: String, pipeline: [BSONValue], patience: Int64, through client: MongoClient
  ) throws(MongoError) {
    self.client = client
    let place = unsafe mongoc_client_get_collection(client.pointer, database, collection)
    defer { unsafe mongoc_collection_destroy(place) }
    let options: BSONDocument = ["maxAwaitTimeMS": .int64(max(1, patience))]
    let stages: BSONDocument = ["pipeline": .array(pipeline)]
    let stream = unsafe mongo_watch(
      place, stages.bytes, stages.bytes.count, options.bytes, options.bytes.count)
    guard let stream = unsafe stream else { throw MongoError(.exhausted, "No change stream was made.") }
    unsafe pointer = stream
    if let failure { throw failure }
  }

  deinit { unsafe mongoc_change_stream_destroy(pointer) }

  /// The next change; `nil` if none came while it was waited for.
  public func next() throws(MongoError) -> BSONDocument? {
    var length: UInt32 = 0
    if let change = unsafe mongo_next_change(pointer, &length) {
      do { return try unsafe MongoLibrary.document(change, length) } catch {
        throw MongoError(.malformed, error.description)
      }
    }
    if let failure { throw failure }
    return nil
  }

  private var failure: MongoError? {
    var error = bson_error_t()
    var answer: UnsafePointer<UInt8>?
    var length: UInt32 = 0
    guard unsafe mongo_stream_failure(pointer, &error, &answer, &length) else { return nil }
    return MongoError(error, reply: unsafe answer.flatMap { try? unsafe MongoLibrary.document($0, length) })
  }
}
