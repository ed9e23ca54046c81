internal import CPostgreSQL

/// What a connection is asked, in one round trip for each call.
extension PostgreSQLConnection {
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
}
