internal import CMongoC

/// The library's own beginning, once for each process.
enum MongoLibrary {
  /// Begins to use the library; later calls change nothing.
  ///
  /// It is never ended (https://mongoc.org/libmongoc/1.23.1/init-cleanup.html): the process may have other users of it.
  /// What it would write to the process's standard error names hosts, so it is silent.
  static func start() { _ = isStarted }

  private static let isStarted: Bool = {
    mongoc_init()
    mongoc_log_set_handler(nil, nil)
    return true
  }()

  /// The document of bytes that the library gives away.
  static func take(_ given: mongo_bytes) throws(BSONError) -> BSONDocument {
    guard let start = unsafe given.bytes else { return BSONDocument() }
    defer { unsafe bson_free(start) }
    return unsafe try document(start, given.length)
  }

  /// The document of bytes that the library keeps.
  static func document(_ start: UnsafePointer<UInt8>, _ length: UInt32) throws(BSONError) -> BSONDocument {
    unsafe try BSONDocument(checking: Array(UnsafeBufferPointer(start: start, count: Int(length))))
  }
}
