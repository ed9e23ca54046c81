/// Several jobs as one transaction.
extension PostgreSQLConnection {
  /// How many bytes leave in one call of the system at most: libpq sends whenever it has gathered so many.
  static let pieceSize = 8192

  /// Whatever the server's usual isolation: each statement must see what others wrote before `opening` was over.
  private static var begin: PostgreSQLStatement { "BEGIN ISOLATION LEVEL READ COMMITTED" }

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
    let all = ([Self.begin, opening] + jobs.flatMap { $0 } + ["COMMIT"]).map(PreparedStatement.init)
    let refused = try prepare(all)
    if !refused.isEmpty {
      for (number, job) in jobs.enumerated() {
        for statement in job { if let error = refused[statement.sql] { return .refused(error, job: number) } }
      }
      if let error = refused.first?.value { return .notBegun(error) }
    }
    var isCommitSent = false
    do throws(PostgreSQLError) {
      let isPieceEnd = Self.endsOfPieces(all.map(\.size))
      for (number, statement) in all.enumerated() {
        isCommitSent = number == all.count - 1
        try send(statement)
        if isPieceEnd[number] { try sendSync() }
      }
      try flush()
      var answers: [Result<PostgreSQLRows, PostgreSQLError>] = []
      for isEnd in isPieceEnd {
        answers.append(try answer())
        if isEnd { try expectSync() }
      }
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

  /// Which statements are the last ones of a piece, if they have these sizes: one that would not fit any more begins
  /// another piece, and the last one of all ends the last.
  static func endsOfPieces(_ sizes: [Int]) -> [Bool] {
    var ends = sizes.map { _ in false }
    var piece = 0
    for (number, size) in sizes.enumerated() {
      if number > 0, piece + size > pieceSize {
        ends[number - 1] = true
        piece = 0
      }
      piece += size
    }
    if !ends.isEmpty { ends[ends.count - 1] = true }
    return ends
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
}
