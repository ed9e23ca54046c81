internal import CMongoC

/// A session of the server's, which has one transaction after the other.
///
/// Belongs to its client's thread, and must go before the client does, which it keeps alive.
@safe
public final class MongoTransaction {
  private let client: MongoClient
  private let pointer: OpaquePointer

  /// Begins a session; costs no round trip.
  public init(_ client: MongoClient) throws(MongoError) {
    self.client = client
    var error = bson_error_t()
    let settings = unsafe mongoc_session_opts_new()
    defer { unsafe mongoc_session_opts_destroy(settings) }
    // Each transaction reads its own snapshot of what a majority has: nothing earlier is waited for.
    unsafe mongoc_session_opts_set_causal_consistency(settings, false)
    guard let session = unsafe mongoc_client_start_session(client.pointer, settings, &error) else {
      throw MongoError(error, reply: nil)
    }
    unsafe pointer = session
  }

  deinit { unsafe mongoc_client_session_destroy(pointer) }

  /// The id by which the server knows the session, and others may end it.
  public var id: BSONDocument {
    var length: UInt32 = 0
    guard let start = unsafe mongo_session_id(pointer, &length) else { return BSONDocument() }
    return (try? unsafe MongoLibrary.document(start, length)) ?? BSONDocument()
  }

  /// Begins a transaction, which reads one snapshot, and when it is committed is known to a majority.
  ///
  /// - Parameter commitTimeout: how long the server may take to commit, in milliseconds.
  /// - Throws: `misuse` if one is under way.
  public func begin(commitTimeout: Int64? = nil) throws(MongoError) {
    let settings = unsafe mongoc_transaction_opts_new()
    defer { unsafe mongoc_transaction_opts_destroy(settings) }
    let reading = unsafe mongoc_read_concern_new()
    defer { unsafe mongoc_read_concern_destroy(reading) }
    unsafe mongoc_read_concern_set_level(reading, "snapshot")
    unsafe mongoc_transaction_opts_set_read_concern(settings, reading)
    let writing = unsafe mongoc_write_concern_new()
    defer { unsafe mongoc_write_concern_destroy(writing) }
    // https://mongoc.org/libmongoc/1.23.1/mongoc_write_concern_t.html: a majority, each of which has it on its disk.
    unsafe mongoc_write_concern_set_w(writing, MONGOC_WRITE_CONCERN_W_MAJORITY)
    unsafe mongoc_write_concern_set_journal(writing, true)
    unsafe mongoc_transaction_opts_set_write_concern(settings, writing)
    if let commitTimeout { unsafe mongoc_transaction_opts_set_max_commit_time_ms(settings, max(1, commitTimeout)) }
    var error = bson_error_t()
    guard unsafe mongoc_client_session_start_transaction(pointer, settings, &error) else {
      throw MongoError(error, reply: nil)
    }
  }

  /// Commits.
  ///
  /// May be called again after an error that says ``MongoError/isUnknownCommit``; the library has tried twice by then
  /// (https://mongoc.org/libmongoc/1.23.1/mongoc_client_session_commit_transaction.html).
  public func commit() throws(MongoError) {
    var error = bson_error_t()
    var answer = unsafe mongo_bytes()
    let isDone = unsafe mongo_commit(pointer, &answer, &error)
    let reply = try? unsafe MongoLibrary.take(answer)
    guard isDone else { throw MongoError(error, reply: reply) }
  }

  /// Undoes the transaction, if one is under way; a server that can't be told will undo it in its own time.
  public func abort() {
    guard unsafe mongoc_client_session_in_transaction(pointer) else { return }
    _ = unsafe mongoc_client_session_abort_transaction(pointer, nil)
  }

  /// What tells the library that a command belongs to the transaction.
  var options: BSONDocument {
    get throws(MongoError) {
      var error = bson_error_t()
      var answer = unsafe mongo_bytes()
      let isDone = unsafe mongo_session_options(pointer, &answer, &error)
      guard let document = try? unsafe MongoLibrary.take(answer), isDone else { throw MongoError(error, reply: nil) }
      return document
    }
  }
}
