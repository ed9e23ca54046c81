internal import MongoDriver
internal import SessionCore

/// The one thread of a node that writes: whatever waits is done in one transaction, and answered after its commit.
///
/// Every transaction of every node begins with the log's place, so that they come one after the other, and entries
/// become visible in the order of their numbers. Who comes second hears of the conflict at once, and tries again.
final class MongoWriter {
  private let pool: MongoPool
  private let database: String
  private let configuration: MongoStoreConfiguration
  private let health: ServerHealth
  private var transaction: MongoTransaction?
  private var client: MongoClient?
  private var sessions: WriterSessions
  /// How many documents one transaction changes at most, unless a single job changes more.
  private static let weightLimit = 2000

  init(_ pool: MongoPool, database: String, configuration: MongoStoreConfiguration, health: ServerHealth) {
    self.pool = pool
    self.database = database
    self.configuration = configuration
    self.health = health
    sessions = WriterSessions(database: database)
  }

  /// Does a batch of jobs, in one transaction or, if they are heavy, several.
  func handle(_ jobs: [WriteJob]) {
    var rest = jobs[...]
    while !rest.isEmpty {
      var weight = 0
      let count = rest.prefix { job in
        weight += job.needs.weight
        return weight <= Self.weightLimit
      }.count
      transact(rest.prefix(max(1, count)))
      rest = rest.dropFirst(max(1, count))
    }
  }

  /// Does jobs in one transaction, again and again until it is committed, it fails for good, or nobody waits for it.
  private func transact(_ jobs: ArraySlice<WriteJob>) {
    var jobs = jobs
    var conflicts = 0
    var isSecondTry = false
    sessions.reset()
    while true {
      jobs = jobs.filter { $0.call.begin() }[...]
      guard !jobs.isEmpty else { return }
      do throws(MongoError) {
        if conflicts > 0 { try wait(conflicts) }
        try attempt(jobs)
        return
      } catch {
        if error.isTransient, !error.isOfConnection {
          // NoSuchTransaction: another writer has ended it, or the server, which found it too long.
          if error.number == 251 { sessions.noteEnding() }
          conflicts += 1
          continue
        }
        transaction = nil
        sessions.forget()
        // The connection may have been lost long ago, and the server be there: that is found out by a second try.
        if error.isOfConnection, !error.isUnknownCommit, !isSecondTry {
          isSecondTry = true
          continue
        }
        if error.isOfConnection { health.fail(StoreError(error)) }
        let failure = error.isUnknownCommit ? StoreError(sending: error) : StoreError(error)
        for job in jobs { job.call.refuse(failure) }
        return
      }
    }
  }

  /// Waits after a conflict: another writer was there first, and is done soon.
  ///
  /// Not all are to come back at the same time.
  private func wait(_ conflicts: Int) throws(MongoError) {
    if conflicts % 16 == 0, let client, let transaction {
      try sessions.noteConflict(of: transaction, through: client)
    }
    MongoTime.pause(microseconds: Int64.random(in: 200...(400 * Int64(min(conflicts, 10)))))
  }

  /// Does jobs in a transaction, and answers them.
  private func attempt(_ jobs: ArraySlice<WriteJob>) throws(MongoError) {
    guard !jobs.isEmpty else { return }
    let (client, transaction) = try session()
    let batch = WriteBatch(client, transaction, database: database, slack: configuration.expirySlack)
    try transaction.begin()
    var answers: [() -> Void] = []
    do throws(StoreError) {
      try batch.takeLog(for: jobs.reduce(0) { $0 + $1.needs.events })
      try batch.load(jobs)
      for job in jobs {
        answers.append(batch.perform(job).answer)
        if batch.failure != nil { break }
      }
      if batch.failure == nil { try batch.flush() }
    } catch {
      transaction.abort()
      guard let failure = batch.failure else {
        for job in jobs { job.call.refuse(error) }
        return
      }
      throw failure
    }
    if let failure = batch.failure {
      transaction.abort()
      throw failure
    }
    guard send(jobs) else {
      transaction.abort()
      return try attempt(jobs.filter { $0.call.begin() }[...])
    }
    try commit(transaction, jobs)
    for answer in answers { answer() }
  }

  /// Notes that the jobs may happen from here on; `false` if one of them is answered already, and must not.
  private func send(_ jobs: ArraySlice<WriteJob>) -> Bool {
    for (count, job) in jobs.enumerated() where !job.call.send() {
      for job in jobs.prefix(count) { job.call.recall() }
      return false
    }
    return true
  }

  /// Commits; if nothing is heard of it, asks again, as often as somebody waits for it
  /// (https://github.com/mongodb/specifications/blob/master/source/transactions/transactions.md).
  private func commit(_ transaction: MongoTransaction, _ jobs: ArraySlice<WriteJob>) throws(MongoError) {
    while true {
      do throws(MongoError) {
        try transaction.commit()
        return
      } catch {
        guard error.isUnknownCommit else {
          for job in jobs { job.call.recall() }
          throw error
        }
        guard jobs.contains(where: { $0.call.send() }) else { throw error }
        if error.isOfConnection { MongoTime.pause(microseconds: 20_000) }
      }
    }
  }

  private func session() throws(MongoError) -> (MongoClient, MongoTransaction) {
    guard let client = client ?? pool.client() else { throw MongoError(.exhausted, "All connections are in use.") }
    self.client = client
    if transaction == nil { transaction = try MongoTransaction(client) }
    guard let transaction else { throw MongoError(.exhausted, "There is no session.") }
    try sessions.name(transaction, through: client)
    return (client, transaction)
  }
}
