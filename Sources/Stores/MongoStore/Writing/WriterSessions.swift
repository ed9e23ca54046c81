internal import MongoDriver
internal import SessionCore

/// The server's sessions in which the writers of all nodes have their transactions, under which they can be ended.
///
/// A node that dies in the middle of a transaction leaves the log's place taken, and the server would give it back only
/// after its own limit, a minute unless `transactionLifetimeLimitSeconds` says otherwise
/// (https://www.mongodb.com/docs/manual/core/transactions-production-consideration/). So every writer says first which
/// session is its own, and one that finds the place taken for a quarter of a second, while nothing is written, ends the
/// others' (https://www.mongodb.com/docs/manual/reference/command/killSessions/). A writer that was only slow loses
/// nothing by it but a try: its transaction is undone, and done again. So that slow ones don't end each other for ever,
/// who ends a session, and whose is ended, is twice as patient from then on, for a minute.
struct WriterSessions {
  static let collection = "writers"
  /// For how long nothing is written before the others' sessions are ended, at first and at most.
  private static let patience: (least: Duration, most: Duration) = (.milliseconds(250), .seconds(8))
  private static let memory: Duration = .seconds(60)
  /// How often a writer says that its session is in use; the server forgets it after four times that.
  private static let refreshing: Duration = .seconds(21_600)

  let database: String
  private var named: ContinuousClock.Instant?
  private var patience = Self.patience.least
  private var lastEnding: ContinuousClock.Instant?
  private var stall: (since: ContinuousClock.Instant, last: Int64)?

  init(database: String) { self.database = database }

  /// Says whose a session is, before its first transaction and now and then.
  mutating func name(_ transaction: MongoTransaction, through client: MongoClient) throws(MongoError) {
    let now = ContinuousClock.now
    if let named, now - named < Self.refreshing { return }
    let name: BSONValue = [
      "q": ["_id": .document(transaction.id)], "u": ["seen": .date(MongoTime.now())], "upsert": true,
    ]
    try client.run(
      ["update": .string(Self.collection), "updates": [name], "writeConcern": ["w": "majority"]], on: database)
    named = now
  }

  /// Forgets the session, which is not used any more.
  mutating func forget() { named = nil }

  /// Forgets for how long nothing was written.
  mutating func reset() { stall = nil }

  /// Notes that the log's place was taken, and ends the sessions of others if nothing has been written for long.
  mutating func noteConflict(
    of transaction: MongoTransaction, through client: MongoClient
  ) throws(MongoError) {
    let place = try client.documents(
      [
        "find": .string(EventDocument.places), "filter": ["_id": "log"], "limit": 1,
        "readConcern": ["level": "majority"],
      ], on: database)
    let now = ContinuousClock.now
    let last = place.first?["last"]?.int ?? 0
    guard let stall, stall.last == last else {
      self.stall = (now, last)
      return
    }
    if let lastEnding, now - lastEnding > Self.memory { patience = Self.patience.least }
    guard now - stall.since > patience else { return }
    let writers = try client.documents(
      ["find": .string(Self.collection), "sort": ["seen": -1], "limit": 100, "batchSize": 100], on: database)
    let others = writers.compactMap { $0["_id"]?.document }.filter { $0 != transaction.id }
    if !others.isEmpty {
      try client.run(["killSessions": .array(others.map(BSONValue.document))], on: "admin")
      noteEnding()
    }
    self.stall = (now, last)
  }

  /// Notes that a session was ended, by this writer or this writer's own by another.
  mutating func noteEnding() {
    patience = min(patience * 2, Self.patience.most)
    lastEnding = ContinuousClock.now
  }
}
