internal import CPostgreSQL

/// The one owner of a connection's pointer, which it closes.
@safe
struct ConnectionHandle: ~Copyable {
  let pointer: OpaquePointer

  /// Begins to connect; what became of it is for `PQconnectPoll` to say.
  ///
  /// The later of two settings of one name counts, and those of the address stand where `dbname` stands.
  ///
  /// https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-PQCONNECTSTARTPARAMS
  init(_ settings: [(name: String, value: String)]) throws(PostgreSQLError) {
    unsafe pointer = try Self.start(settings)
  }

  private static func start(_ settings: [(name: String, value: String)]) throws(PostgreSQLError) -> OpaquePointer {
    // Both lists end with a null pointer, and the texts are copied by the call.
    var bytes: [CChar] = []
    var places: [Int] = []
    for text in settings.flatMap({ [$0.name, $0.value] }) {
      places.append(bytes.count)
      bytes += text.utf8.map { CChar(bitPattern: $0) } + [0]
    }
    let started = unsafe bytes.withUnsafeBufferPointer { texts -> OpaquePointer? in
      var names: [UnsafePointer<CChar>?] = unsafe []
      var values: [UnsafePointer<CChar>?] = unsafe []
      for (index, place) in places.enumerated() {
        let text = unsafe texts.baseAddress.map { unsafe $0 + place }
        if index % 2 == 0 { unsafe names.append(text) } else { unsafe values.append(text) }
      }
      unsafe names.append(nil)
      unsafe values.append(nil)
      return unsafe PQconnectStartParams(names, values, 1)
    }
    guard let started = unsafe started else {
      throw PostgreSQLError(.unreachable, "There is no memory for a connection.")
    }
    return unsafe started
  }

  deinit { unsafe PQfinish(pointer) }
}

/// The one owner of a result's pointer, which it frees.
@safe
struct ResultHandle: ~Copyable {
  let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }

  deinit { unsafe PQclear(pointer) }
}
