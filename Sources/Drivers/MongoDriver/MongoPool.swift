internal import BlockingIO
internal import CMongoC

/// The connections of a program to one replica set.
///
/// The library watches its servers on threads of its own, and finds a new primary by itself; it looks at a lost server
/// at most every half second (https://mongoc.org/libmongoc/1.23.1/connection-pooling.html).
@safe
public final class MongoPool: Sendable {
  private let handle: PoolHandle
  /// The database that the address names; `nil` if it names none.
  public let database: String?

  /// Reads an address of the form `mongodb://…`; connects to nothing yet.
  ///
  /// What the address says of time-outs and of the number of connections gives way to `options`. TLS, the names of
  /// authorities' files and authentication are the address's own. `mongodb+srv://` works where DNS does.
  ///
  /// - Parameters:
  ///   - address: the address.
  ///   - options: how to behave.
  /// - Throws: `misuse` for an address that can't be read.
  public init(address: String, options: MongoOptions) throws(MongoError) {
    MongoLibrary.start()
    let uri = try URIHandle(address, options)
    database = uri.database
    handle = try PoolHandle(uri, connections: options.connections)
  }

  /// A client; `nil` if all are in use.
  public func client() -> MongoClient? {
    guard let client = unsafe mongoc_client_pool_try_pop(handle.pointer) else { return nil }
    return unsafe MongoClient(client, of: self)
  }

  func take(back client: OpaquePointer) { unsafe mongoc_client_pool_push(handle.pointer, client) }
}

/// The one owner of a pool's pointer.
///
/// The pool is made for use by many threads at once, and so is `@unchecked Sendable`.
@safe
private struct PoolHandle: ~Copyable, @unchecked Sendable {
  let pointer: OpaquePointer

  init(_ uri: borrowing URIHandle, connections: Int) throws(MongoError) {
    var error = bson_error_t()
    guard let pool = unsafe mongoc_client_pool_new_with_error(uri.pointer, &error) else {
      throw MongoError(error, reply: nil)
    }
    unsafe pointer = pool
    unsafe mongoc_client_pool_max_size(pool, UInt32(clamping: max(1, connections)))
    unsafe mongoc_client_pool_set_error_api(pool, MONGOC_ERROR_API_VERSION_2)
  }

  deinit { unsafe PoolRemains(pointer).clear() }
}

/// A pool that nobody uses any more.
///
/// Sending it from one thread to another is right, since nobody else has it.
@safe
private struct PoolRemains: @unchecked Sendable {
  let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }

  /// Closes the connections, on a thread of its own: the library waits for its threads that watch the servers, which
  /// look up every half second.
  func clear() {
    guard
      let thread = try? BlockingWorkers<PoolRemains>(
        name: "mongo-close", capacity: 1,
        makeWorker: { _ in
          { for remains in $0 { remains.destroy() } }
        }), (try? thread.submit(self)) != nil
    else { return destroy() }
    Task { await thread.stop() }
  }

  private func destroy() { unsafe mongoc_client_pool_destroy(pointer) }
}

/// The one owner of an address's pointer.
@safe
private struct URIHandle: ~Copyable {
  let pointer: OpaquePointer

  init(_ address: String, _ options: MongoOptions) throws(MongoError) {
    var error = bson_error_t()
    guard !address.utf8.contains(0), let uri = unsafe mongoc_uri_new_with_error(address, &error) else {
      // What the library says quotes the address, which may hold a password.
      throw MongoError(.misuse, "The address can't be read.")
    }
    unsafe pointer = uri
    if let password = options.password { unsafe mongoc_uri_set_password(uri, password) }
    set("sockettimeoutms", options.answerTimeout)
    set("connecttimeoutms", options.connectTimeout)
    set("serverselectiontimeoutms", options.selectionTimeout)
    // How often a server that is well is looked at. The least that the library takes; an idle server costs little.
    set("heartbeatfrequencyms", 500)
    unsafe mongoc_uri_set_appname(uri, options.program)
  }

  private borrowing func set(_ name: String, _ milliseconds: Int64) {
    unsafe mongoc_uri_set_option_as_int32(pointer, name, Int32(clamping: max(1, milliseconds)))
  }

  var database: String? {
    guard let name = unsafe mongoc_uri_get_database(pointer) else { return nil }
    let database = unsafe String(cString: name)
    return database.isEmpty ? nil : database
  }

  deinit { unsafe mongoc_uri_destroy(pointer) }
}
