/// A write that waits for its turn, and the answer that it owes.
struct WriteJob: Sendable {
  let statements: [PostgreSQLStatement]
  let deadline: ContinuousClock.Instant
  /// Tells the waiting task; to be called exactly once.
  let answer: @Sendable (Result<[PostgreSQLRows], PostgreSQLError>) -> Void

  var size: Int { statements.reduce(0) { $0 + $1.size } }
}

/// The one connection that writes, on its own thread: whatever waits is done in one transaction, and answered after
/// its commit.
final class GroupWriter {
  private let keeper: ConnectionKeeper
  private let batchBytes: Int
  private let writeLock: Int64
  /// How much of a call's time is kept for the answer's way back, so that the server gives up waiting before the call
  /// does: then nothing has happened, and that is known.
  private let reserve: Duration

  init(_ configuration: PostgreSQLClientConfiguration, _ keeper: ConnectionKeeper) {
    self.keeper = keeper
    batchBytes = configuration.batchBytes
    writeLock = configuration.writeLock
    reserve = configuration.reserve
  }

  /// Does a batch, in as few transactions as hold it.
  func handle(_ jobs: [WriteJob]) {
    var group: [WriteJob] = []
    var size = 0
    for job in jobs {
      if !group.isEmpty, size + job.size > batchBytes {
        write(group)
        group = []
        size = 0
      }
      group.append(job)
      size += job.size
    }
    write(group)
  }

  private func write(_ waiting: [WriteJob]) {
    var jobs: [WriteJob] = []
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
      let outcome = try keeper.run(until: deadline) { (connection) throws(PostgreSQLError) in
        try connection.transaction(opening: opening(until: deadline), jobs.map(\.statements))
      }
      switch outcome {
      case .stored(let rows): for (job, rows) in zip(jobs, rows) { job.answer(.success(rows)) }
      case .notBegun(let error): for job in jobs { job.answer(.failure(error)) }
      case .refused(let error, let number):
        guard jobs.count > 1 else { return jobs[0].answer(.failure(error)) }
        // Whose fault it was may depend on the others: it is tried alone, after them.
        let refused = jobs.remove(at: number)
        write(jobs)
        write([refused])
      }
    } catch {
      for job in jobs { job.answer(.failure(error)) }
    }
  }

  /// Takes the lock of all writers, which the commit lets go of.
  ///
  /// https://www.postgresql.org/docs/15/explicit-locking.html#ADVISORY-LOCKS
  private func opening(until deadline: ContinuousClock.Instant) -> PostgreSQLStatement {
    let (seconds, attoseconds) = (deadline - reserve - .now).components
    let milliseconds = max(1, min(seconds, 3600) * 1000 + attoseconds / 1_000_000_000_000_000)
    return "SELECT set_config('lock_timeout', \(String(milliseconds)), true), pg_advisory_xact_lock(\(writeLock))"
  }
}
