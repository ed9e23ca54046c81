/// A look for one row, or a short statement, that waits for its turn, and the answer that it owes.
struct FindJob: Sendable {
  enum Question: Sendable {
    case key([UInt8])
    case statement(PostgreSQLStatement)
  }

  let question: Question
  let deadline: ContinuousClock.Instant
  /// Tells the waiting task: the rows, and which of them has the key; to be called exactly once.
  let answer: @Sendable (Result<(PostgreSQLRows, Int?), PostgreSQLError>) -> Void
}

/// Work for a reading connection, which answers by itself.
struct ReadJob: Sendable {
  let perform: @Sendable (ConnectionKeeper) -> Void
}

/// One connection that finds, on its own thread: whatever waits goes in one round trip, and all keys in one statement.
final class Finder {
  private let keeper: ConnectionKeeper
  private let lookUp: @Sendable (PostgreSQLValue) -> PostgreSQLStatement
  private let reserve: Duration

  init(_ configuration: PostgreSQLClientConfiguration, _ keeper: ConnectionKeeper) {
    self.keeper = keeper
    lookUp = configuration.lookUp
    reserve = configuration.reserve
  }

  /// Answers a batch.
  func handle(_ waiting: [FindJob]) {
    var jobs: [FindJob] = []
    let latest = ContinuousClock.now + reserve
    for job in waiting {
      if job.deadline > latest {
        jobs.append(job)
      } else {
        job.answer(.failure(PostgreSQLError(.busy, "The time was over before it began.")))
      }
    }
    guard let deadline = jobs.map(\.deadline).min() else { return }
    do throws(PostgreSQLError) {
      try answer(jobs, until: deadline)
    } catch {
      for job in jobs { job.answer(.failure(error)) }
    }
  }

  private func answer(_ jobs: [FindJob], until deadline: ContinuousClock.Instant) throws(PostgreSQLError) {
    var keys: [[UInt8]?] = []
    var statements: [PostgreSQLStatement] = []
    for job in jobs {
      switch job.question {
      case .key(let key): keys.append(key)
      case .statement(let statement): statements.append(statement)
      }
    }
    if !keys.isEmpty { statements.append(lookUp(.texts(keys))) }
    let answers = try keeper.read(until: deadline) { (connection) throws(PostgreSQLError) in
      try connection.each(statements)
    }
    give(answers[...], to: jobs)
  }

  private func give(_ answers: ArraySlice<Result<PostgreSQLRows, PostgreSQLError>>, to jobs: [FindJob]) {
    var answers = answers
    var places: [[UInt8]: Int] = [:]
    let hasKeys = jobs.contains { if case .key = $0.question { true } else { false } }
    let found = hasKeys ? answers.popLast() : nil
    if case .success(let rows)? = found {
      for index in 0..<rows.count { if let key = rows[index].bytes(0) { places[key] = index } }
    }
    for job in jobs {
      switch job.question {
      case .key(let key): if let found { job.answer(found.map { ($0, places[key]) }) }
      case .statement: if let answer = answers.popFirst() { job.answer(answer.map { ($0, nil) }) }
      }
    }
  }
}
