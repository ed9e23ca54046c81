internal import MongoDriver
internal import SessionCore

/// One transaction of the writer's, and what its jobs have done in it so far.
///
/// Jobs decide in memory, on what was read within the transaction's snapshot; what they write is sent when the batch
/// is over, or before a query that must see it. Belongs to the writer's thread.
final class WriteBatch {
  /// A session as the transaction sees it now.
  struct Entry {
    var session: Session?
    /// Whether `user`, `data` and `carried` were read, too.
    var isWhole: Bool
    /// Whether the server has it, after what was sent.
    var isStored: Bool
    /// Whether the server has something else yet.
    var isChanged = false
    /// When the server removes it by itself.
    var expires = Timestamp.latest
  }

  /// A document to be written; an order is kept within each collection, where kinds of writing follow each other.
  struct Write {
    enum Kind { case insert, update, delete }

    let collection: String
    let kind: Kind
    let statement: BSONDocument
  }

  /// What a job that fails takes back.
  struct State {
    var sessions: [SessionID: Entry] = [:]
    var open: [ExactText: Set<SessionID>] = [:]
    var changed: [SessionID] = []
    var writes: [Write] = []
    var events: [Event] = []
    var notes: [ChangeNote] = []
  }

  let client: MongoClient
  let transaction: MongoTransaction
  let database: String
  let slack: TimeSpan
  var state = State()
  /// What is gone back to when the job under way fails: never to before what was sent, or it would be sent again.
  private var undo = State()
  /// What ended the transaction before its time.
  private(set) var failure: MongoError?
  /// The number of the last entry in the event log, and the last that this transaction has for itself.
  private var lastNumber: Int64 = 0
  private var lastOwnNumber: Int64 = 0

  init(_ client: MongoClient, _ transaction: MongoTransaction, database: String, slack: TimeSpan) {
    self.client = client
    self.transaction = transaction
    self.database = database
    self.slack = slack
  }

  // MARK: For the verbs

  /// All documents that match, as the transaction sees them; sends what is waiting first.
  func find(_ command: BSONDocument) throws(StoreError) -> [BSONDocument] {
    try flush()
    return try fetch(command)
  }

  /// Adds a document when the batch is sent.
  func insert(_ document: BSONDocument, into collection: String) {
    state.writes.append(Write(collection: collection, kind: .insert, statement: document))
  }

  /// Puts a document in the place of the one of that `_id`, or adds it.
  func put(_ document: BSONDocument, id: BSONValue, in collection: String) {
    update(["_id": id], .document(document), in: collection, upsert: true)
  }

  /// Updates one document when the batch is sent, by operators or as a whole.
  func update(_ query: BSONDocument, _ change: BSONValue, in collection: String, upsert: Bool = false) {
    var statement: BSONDocument = ["q": .document(query), "u": change]
    if upsert { statement.append("upsert", true) }
    state.writes.append(Write(collection: collection, kind: .update, statement: statement))
  }

  /// Removes documents when the batch is sent; one, unless it is said that all that match.
  func delete(_ query: BSONDocument, from collection: String, all: Bool = false) {
    state.writes.append(
      Write(collection: collection, kind: .delete, statement: ["q": .document(query), "limit": all ? 0 : 1]))
  }

  /// Adds entries to the event log.
  func record(_ events: [Event]) { state.events += events }

  /// Tells all nodes of a change.
  func tell(_ note: ChangeNote) { state.notes.append(note) }

  /// A time that is as far from this machine's as `time` is from `now`, and the slack later: for the server's own
  /// clock.
  func expiry(_ time: Timestamp, now: Timestamp) -> Timestamp {
    Timestamp(milliseconds: MongoTime.now()) + (time - now) + slack
  }

  /// Runs a job; if it fails, takes back what it did in memory.
  func perform(_ job: WriteJob) -> WriteJob.Outcome {
    undo = state
    let outcome = job.perform(self)
    if outcome.isFailure { state = undo }
    undo = State()
    return outcome
  }

  // MARK: For the writer

  /// Takes the log's place at its end, which no other writer has until the transaction is over, for about so many
  /// entries.
  func takeLog(for count: Int) throws(StoreError) {
    let entries = Int64(max(1, count))
    let reply = try run([
      "findAndModify": .string(EventDocument.places), "query": ["_id": "log"],
      "update": ["$inc": ["last": .int64(entries)]], "new": true,
    ])
    guard let last = reply["value"]?.document?["last"]?.int, last >= entries else {
      throw StoreError(.corrupt, "The session store's event log has no end.")
    }
    if lastOwnNumber == 0 { lastNumber = last - entries }
    lastOwnNumber = last
  }

  /// Sends what is waiting.
  func flush() throws(StoreError) {
    flushSessions()
    try flushEvents()
    for start in stride(from: 0, to: state.notes.count, by: 10_000) {
      let notes = state.notes[start..<min(start + 10_000, state.notes.count)]
      insert(ChangeDocument.write(notes), into: ChangeDocument.collection)
    }
    state.notes = []
    let writes = state.writes
    state.writes = []
    var start = 0
    while start < writes.count { start = try send(writes, from: start) }
    undo = state
  }

  private func flushEvents() throws(StoreError) {
    // Nobody else has taken numbers since the first were taken, so those that are added follow them.
    let missing = Int64(state.events.count) - (lastOwnNumber - lastNumber)
    if missing > 0 { try takeLog(for: Int(missing)) }
    for event in state.events {
      lastNumber += 1
      insert(EventDocument.write(event, number: lastNumber), into: EventDocument.collection)
    }
    state.events = []
  }

  /// Sends the writes of one command, of one collection and kind, and answers where the next begins.
  private func send(_ writes: [Write], from start: Int) throws(StoreError) -> Int {
    let first = writes[start]
    var end = start
    var size = 0
    var statements: [BSONValue] = []
    while end < writes.count, writes[end].collection == first.collection, writes[end].kind == first.kind,
      statements.count < 1000, size < 8_000_000
    {
      size += writes[end].statement.bytes.count
      statements.append(.document(writes[end].statement))
      end += 1
    }
    let (name, list) =
      switch first.kind {
      case .insert: ("insert", "documents")
      case .update: ("update", "updates")
      case .delete: ("delete", "deletes")
      }
    let command = BSONDocument([(name, .string(first.collection)), (list, .array(statements))])
    _ = try run(command)
    return end
  }

  /// All documents that match, whatever waits to be sent.
  func fetch(_ command: BSONDocument) throws(StoreError) -> [BSONDocument] {
    do { return try client.documents(command, on: database, in: transaction) } catch { throw note(error) }
  }

  private func run(_ command: BSONDocument) throws(StoreError) -> BSONDocument {
    do { return try client.run(command, on: database, in: transaction) } catch { throw note(error) }
  }

  private func note(_ error: MongoError) -> StoreError {
    failure = error
    return StoreError(error)
  }
}
