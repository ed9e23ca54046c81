internal import CPostgreSQL
internal import Glibc

/// What a connection is asked, in one round trip for each call.
extension PostgreSQLConnection {
  /// How many bytes leave in one call of the system at most: libpq sends whenever it has gathered so many.
  private static let pieceSize = 8192

  /// The rows of one statement, which is a transaction by itself.
  public func rows(_ statement: PostgreSQLStatement) throws(PostgreSQLError) -> PostgreSQLRows {
    guard let answer = try each([statement]).first else { throw PostgreSQLError(.answer, "The server said nothing.") }
    return try answer.get()
  }

  /// The answers to several statements in one round trip, each a transaction by itself.
  public func each(
    _ statements: [PostgreSQLStatement]
  ) throws(PostgreSQLError) -> [Result<PostgreSQLRows, PostgreSQLError>] {
    let statements = statements.map(PreparedStatement.init)
    let refused = try prepare(statements)
    for statement in statements where refused[statement.sql] == nil {
      try send(statement)
      try sendSync()
    }
    try flush()
    var answers: [Result<PostgreSQLRows, PostgreSQLError>] = []
    for statement in statements {
      if let error = refused[statement.sql] {
        answers.append(.failure(error))
      } else {
        answers.append(try answer())
        try expectSync()
      }
    }
    return answers
  }

  /// The rows of several reading statements in one round trip, which all see the same database.
  public func snapshot(_ statements: [PostgreSQLStatement]) throws(PostgreSQLError) -> [PostgreSQLRows] {
    let all = (["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"] + statements + ["COMMIT"]).map(
      PreparedStatement.init)
    if let error = try prepare(all).first?.value { throw error }
    for statement in all { try send(statement) }
    try sendSync()
    try flush()
    var answers: [Result<PostgreSQLRows, PostgreSQLError>] = []
    for _ in all { answers.append(try answer()) }
    try expectSync()
    for case .failure(let error) in answers {
      _ = try rows("ROLLBACK")
      throw error
    }
    return try answers.dropFirst().dropLast().map { (answer) throws(PostgreSQLError) in try answer.get() }
  }

  /// Runs a script of several statements without parameters, as one transaction unless it says otherwise.
  public func execute(_ script: String) throws(PostgreSQLError) {
    try exitPipeline()
    guard unsafe PQsendQuery(handle.pointer, script) == 1 else { throw failure(.lost) }
    try flush()
    var failed: PostgreSQLError?
    while let result = try nextResult() {
      if let error = try error(in: result) { failed = failed ?? error }
    }
    if let failed { throw failed }
  }

  // MARK: Writing together

  /// What became of the jobs of one transaction.
  enum GroupOutcome {
    /// All are stored.
    case stored([[PostgreSQLRows]])
    /// None is: the transaction could not begin.
    case notBegun(PostgreSQLError)
    /// None is: the job of that number was refused.
    case refused(PostgreSQLError, job: Int)
  }

  /// Runs the statements of several jobs as one transaction in one round trip, after `opening`.
  ///
  /// An error that is thrown says whether the jobs may be stored.
  ///
  /// What fits into one piece is with the server whole or not at all, whatever stops this process. Between pieces the
  /// server is asked to answer, because only then its clock for idle transactions runs
  /// (https://www.postgresql.org/docs/15/runtime-config-client.html#GUC-IDLE-IN-TRANSACTION-SESSION-TIMEOUT): a process
  /// that stops in the middle does not keep the others from writing.
  func transaction(
    opening: PostgreSQLStatement, _ jobs: [[PostgreSQLStatement]]
  ) throws(PostgreSQLError) -> GroupOutcome {
    let all = (["BEGIN", opening] + jobs.flatMap { $0 } + ["COMMIT"]).map(PreparedStatement.init)
    let refused = try prepare(all)
    if !refused.isEmpty {
      for (number, job) in jobs.enumerated() {
        for statement in job { if let error = refused[statement.sql] { return .refused(error, job: number) } }
      }
      if let error = refused.first?.value { return .notBegun(error) }
    }
    var isCommitSent = false
    do throws(PostgreSQLError) {
      var isPieceEnd: [Bool] = []
      var size = 0
      for statement in all {
        let next = statement.size
        if size > 0, size + next > Self.pieceSize {
          try sendSync()
          isPieceEnd[isPieceEnd.count - 1] = true
          size = 0
        }
        isCommitSent = isPieceEnd.count == all.count - 1
        try send(statement)
        isPieceEnd.append(false)
        size += next
      }
      try sendSync()
      try flush()
      var answers: [Result<PostgreSQLRows, PostgreSQLError>] = []
      for isEnd in isPieceEnd {
        answers.append(try answer())
        if isEnd { try expectSync() }
      }
      try expectSync()
      let outcome = try outcome(answers[...], jobs)
      if case .stored = outcome { return outcome }
      // Where all went as one piece, the commit was left out like everything after what was refused.
      isCommitSent = false
      _ = try rows("ROLLBACK")
      return outcome
    } catch {
      var error = error
      error.mayBeStored = isCommitSent
      throw error
    }
  }

  private func outcome(
    _ answers: ArraySlice<Result<PostgreSQLRows, PostgreSQLError>>, _ jobs: [[PostgreSQLStatement]]
  ) throws(PostgreSQLError) -> GroupOutcome {
    var answers = answers
    guard let begun = answers.popFirst(), let opened = answers.popFirst(), let committed = answers.popLast() else {
      throw outOfStep()
    }
    if case .failure(let error) = begun {
      // Without a transaction, what came in a later piece was done by itself.
      if answers.contains(where: { (try? $0.get()) != nil }) {
        throw giveUp(PostgreSQLError(.answer, error.description))
      }
      return .notBegun(error)
    }
    if case .failure(let error) = opened { return .notBegun(error) }
    var stored: [[PostgreSQLRows]] = []
    for (number, job) in jobs.enumerated() {
      var rows: [PostgreSQLRows] = []
      for answer in answers.prefix(job.count) {
        switch answer {
        case .success(let success): rows.append(success)
        case .failure(let error): return .refused(error, job: number)
        }
      }
      answers = answers.dropFirst(job.count)
      stored.append(rows)
    }
    switch committed {
    case .failure(let error): return .notBegun(error)
    case .success(let rows):
      guard rows.isCommit else { throw outOfStep() }
      return .stored(stored)
    }
  }

  // MARK: Sending

  /// Has the server prepare what it has not yet, and answers what it refused.
  private func prepare(_ statements: [PreparedStatement]) throws(PostgreSQLError) -> [String: PostgreSQLError] {
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

  private func send(_ statement: PreparedStatement) throws(PostgreSQLError) {
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

  private func sendSync() throws(PostgreSQLError) {
    guard unsafe PQpipelineSync(handle.pointer) == 1 else { throw failure(.lost) }
  }

  /// Sends what is gathered, and takes in what comes meanwhile: the server might wait for that.
  private func flush() throws(PostgreSQLError) {
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

  private func nextResult() throws(PostgreSQLError) -> ResultHandle? {
    while unsafe PQisBusy(handle.pointer) == 1 {
      _ = try wait(for: POLLIN)
      guard unsafe PQconsumeInput(handle.pointer) == 1 else { throw failure(.lost) }
    }
    guard let result = unsafe PQgetResult(handle.pointer) else { return nil }
    return unsafe ResultHandle(result)
  }

  /// What answers one statement.
  private func answer() throws(PostgreSQLError) -> Result<PostgreSQLRows, PostgreSQLError> {
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

  private func expectSync() throws(PostgreSQLError) {
    guard let result = try nextResult(), unsafe PQresultStatus(result.pointer) == PGRES_PIPELINE_SYNC else {
      throw outOfStep()
    }
  }

  private func outOfStep() -> PostgreSQLError {
    giveUp(PostgreSQLError(.answer, "The server's answers don't belong to the questions."))
  }

  /// What the server refused; throws what ends the connection.
  private func error(in result: borrowing ResultHandle) throws(PostgreSQLError) -> PostgreSQLError? {
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
private struct PreparedStatement {
  let sql: String
  let values: [PostgreSQLValue]
  let size: Int

  init(_ statement: PostgreSQLStatement) {
    sql = statement.sql
    values = statement.values
    size = statement.size
  }
}
