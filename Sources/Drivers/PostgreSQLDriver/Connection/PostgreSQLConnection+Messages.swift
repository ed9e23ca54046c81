internal import CPostgreSQL
internal import Glibc

/// What goes to the server, and what comes back.
extension PostgreSQLConnection {
  // MARK: Sending

  /// Has the server prepare what it has not yet, and answers what it refused.
  func prepare(_ statements: [PreparedStatement]) throws(PostgreSQLError) -> [String: PostgreSQLError] {
    try enterPipeline()
    var missing: [String] = []
    for statement in statements where prepared[statement.sql] == nil && !missing.contains(statement.sql) {
      missing.append(statement.sql)
    }
    guard !missing.isEmpty else { return [:] }
    if prepared.count + missing.count > Self.statementLimit, !prepared.isEmpty {
      prepared = [:]
      guard unsafe PQsendQueryParams(handle.pointer, "DEALLOCATE ALL", 0, nil, nil, nil, nil, 0) == 1 else {
        throw failure(.lost)
      }
      try sendSync()
      try flush()
      _ = try answer().get()
      try expectSync()
      return try prepare(statements)
    }
    var names: [String] = []
    for sql in missing {
      preparations += 1
      names.append("s\(preparations)")
      guard unsafe PQsendPrepare(handle.pointer, names[names.count - 1], sql, 0, nil) == 1 else {
        throw failure(.lost)
      }
      try sendSync()
    }
    try flush()
    var refused: [String: PostgreSQLError] = [:]
    for (sql, name) in zip(missing, names) {
      switch try answer() {
      case .success: prepared[sql] = name
      case .failure(let error): refused[sql] = error
      }
      try expectSync()
    }
    return refused
  }

  func send(_ statement: PreparedStatement) throws(PostgreSQLError) {
    guard let name = prepared[statement.sql] else { throw failure(.answer) }
    var bytes: [UInt8] = []
    var places: [Int?] = []
    var lengths: [Int32] = []
    for value in statement.values {
      let place = bytes.count
      let isNull = !value.write(into: &bytes)
      places.append(isNull ? nil : place)
      lengths.append(Int32(clamping: bytes.count - place))
      // What is not binary is a C string.
      bytes.append(0)
    }
    let formats = statement.values.map { $0.isBinary ? 1 : 0 as Int32 }
    let isSent = unsafe bytes.withUnsafeBytes { buffer -> Bool in
      var values: [UnsafePointer<CChar>?] = unsafe []
      for place in places {
        guard let place, let start = buffer.baseAddress else {
          unsafe values.append(nil)
          continue
        }
        unsafe values.append((start + place).assumingMemoryBound(to: CChar.self))
      }
      return unsafe PQsendQueryPrepared(
        handle.pointer, name, Int32(clamping: values.count), values, lengths, formats, 0) == 1
    }
    guard isSent else { throw failure(.lost) }
  }

  func sendSync() throws(PostgreSQLError) {
    guard unsafe PQpipelineSync(handle.pointer) == 1 else { throw failure(.lost) }
  }

  /// Sends what is gathered, and takes in what comes meanwhile: the server might wait for that.
  func flush() throws(PostgreSQLError) {
    while true {
      switch unsafe PQflush(handle.pointer) {
      case 0: return
      case 1:
        let ready = try wait(for: POLLIN | POLLOUT)
        if ready & ~POLLOUT != 0, unsafe PQconsumeInput(handle.pointer) != 1 { throw failure(.lost) }
      default: throw failure(.lost)
      }
    }
  }

  // MARK: Receiving

  func nextResult() throws(PostgreSQLError) -> ResultHandle? {
    while unsafe PQisBusy(handle.pointer) == 1 {
      _ = try wait(for: POLLIN)
      guard unsafe PQconsumeInput(handle.pointer) == 1 else { throw failure(.lost) }
    }
    guard let result = unsafe PQgetResult(handle.pointer) else { return nil }
    return unsafe ResultHandle(result)
  }

  /// What answers one statement.
  func answer() throws(PostgreSQLError) -> Result<PostgreSQLRows, PostgreSQLError> {
    guard let result = try nextResult() else { throw outOfStep() }
    let answer: Result<PostgreSQLRows, PostgreSQLError>
    if let error = try error(in: result) {
      answer = .failure(error)
    } else {
      answer = .success(PostgreSQLRows(result))
    }
    guard try nextResult() == nil else { throw outOfStep() }
    return answer
  }

  func expectSync() throws(PostgreSQLError) {
    guard let result = try nextResult(), unsafe PQresultStatus(result.pointer) == PGRES_PIPELINE_SYNC else {
      throw outOfStep()
    }
  }

  func outOfStep() -> PostgreSQLError {
    giveUp(PostgreSQLError(.answer, "The server's answers don't belong to the questions."))
  }

  /// What the server refused; throws what ends the connection.
  func error(in result: borrowing ResultHandle) throws(PostgreSQLError) -> PostgreSQLError? {
    switch unsafe PQresultStatus(result.pointer) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: return nil
    case PGRES_PIPELINE_ABORTED: return PostgreSQLError(.refused, "An earlier statement was refused.")
    case PGRES_FATAL_ERROR: break
    default: throw outOfStep()
    }
    let severity = unsafe Self.field(result.pointer, sesame_pg_diag_severity())
    guard unsafe PQstatus(handle.pointer) == CONNECTION_OK, severity == "ERROR" else {
      var failure = failure(.lost)
      if let message = unsafe Self.field(result.pointer, sesame_pg_diag_message()) {
        let state = unsafe Self.field(result.pointer, sesame_pg_diag_sqlstate()) ?? ""
        failure = PostgreSQLError(.lost, message, state: state)
      }
      throw failure
    }
    return PostgreSQLError(
      .refused, unsafe Self.field(result.pointer, sesame_pg_diag_message()) ?? "",
      state: unsafe Self.field(result.pointer, sesame_pg_diag_sqlstate()) ?? "")
  }

  /// https://www.postgresql.org/docs/15/libpq-exec.html#LIBPQ-PQRESULTERRORFIELD: the message without its details,
  /// which quote values.
  private static func field(_ result: OpaquePointer, _ code: Int32) -> String? {
    unsafe PQresultErrorField(result, code).map { unsafe String(cString: $0) }
  }
}

/// A statement with its text, which is put together only once.
struct PreparedStatement {
  let sql: String
  let values: [PostgreSQLValue]
  let size: Int

  init(_ statement: PostgreSQLStatement) {
    sql = statement.sql
    values = statement.values
    size = statement.size
  }
}
