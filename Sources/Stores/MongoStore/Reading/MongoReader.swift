internal import MongoDriver
internal import SessionCore

/// A client that reads, on its own thread.
///
/// It reads from the primary what a majority has, so that nothing that was read is ever undone.
final class MongoReader {
  private let pool: MongoPool
  private let database: String
  private let health: ServerHealth
  private var client: MongoClient?
  private var transaction: MongoTransaction?
  /// Whose work is being done.
  private var call: (any PendingCall)?

  init(_ pool: MongoPool, database: String, health: ServerHealth) {
    self.pool = pool
    self.database = database
    self.health = health
  }

  /// Does a batch: all single sessions with one command, and then one after the other what else there is.
  func handle(_ jobs: [ReadJob]) {
    var wanted: [(SessionID, StoreCall<Session?>)] = []
    for case .session(let id, let call) in jobs where call.begin() { wanted.append((id, call)) }
    if !wanted.isEmpty { find(wanted) }
    defer { call = nil }
    for case .work(let call, let work) in jobs where call.begin() {
      self.call = call
      work(self)
    }
  }

  private func find(_ wanted: [(id: SessionID, call: StoreCall<Session?>)]) {
    do throws(StoreError) {
      let ids = Set(wanted.map(\.id))
      let documents = try documents([
        "find": .string(SessionDocument.collection),
        "filter": ["_id": ["$in": .array(ids.map { .utf8($0.text) })]], "batchSize": 1000,
      ])
      var found: [SessionID: Result<Session, StoreError>] = [:]
      for document in documents {
        guard let id = document["_id"]?.text.flatMap({ SessionID($0) }) else { continue }
        do throws(StoreError) { found[id] = .success(try SessionDocument.read(document)) } catch {
          found[id] = .failure(error)
        }
      }
      for (id, call) in wanted {
        switch found[id] {
        case nil: call.answer(.success(nil))
        case .success(let session)?: call.answer(.success(session))
        case .failure(let error)?: call.refuse(error)
        }
      }
    } catch {
      for (_, call) in wanted { call.refuse(error) }
    }
  }

  // MARK: For the verbs

  /// All documents that a command with a cursor finds.
  func documents(_ command: BSONDocument) throws(StoreError) -> [BSONDocument] {
    var command = command
    command.append("readConcern", ["level": "majority"])
    return try again { (client) throws(MongoError) in try client.documents(command, on: database) }
  }

  /// Runs several reading commands that all see the same state of the database.
  func snapshot<Result>(
    _ body: ((BSONDocument) throws(StoreError) -> [BSONDocument]) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    var tries = 0
    while true {
      tries += 1
      var failure: MongoError?
      do throws(StoreError) {
        let (client, transaction) = try session()
        defer { transaction.abort() }
        do { try transaction.begin() } catch { throw StoreError(error) }
        return try body { (command) throws(StoreError) in
          // A walk for something rare is long: it is not gone on with for nobody.
          if isGivenUp { throw StoreError(.unavailable, "The list was given up.") }
          do throws(MongoError) { return try client.documents(command, on: database, in: transaction) } catch {
            failure = error
            throw StoreError(error)
          }
        }
      } catch {
        guard let failure else { throw error }
        transaction = nil
        if tries == 1, !isGivenUp, failure.isOfConnection || failure.isTransient { continue }
        if failure.isOfConnection { health.fail(error) }
        throw error
      }
    }
  }

  /// Runs a command that writes, once; `call` learns that it may have happened.
  func write(_ command: BSONDocument, for call: any PendingCall) throws(StoreError) -> BSONDocument {
    let client = try connected()
    guard call.send() else { throw StoreError(.unavailable, "The session store is too busy.") }
    do { return try client.run(command, on: database) } catch {
      if error.isOfConnection { health.fail(StoreError(error)) }
      throw StoreError(sending: error)
    }
  }

  /// Runs a command once more if the connection was lost: it may have been lost long ago, and the server be there.
  func again<Result>(_ body: (MongoClient) throws(MongoError) -> Result) throws(StoreError) -> Result {
    let client = try connected()
    do {
      return try body(client)
    } catch {
      guard error.isOfConnection else { throw StoreError(error) }
    }
    do {
      return try body(client)
    } catch {
      if error.isOfConnection { health.fail(StoreError(error)) }
      throw StoreError(error)
    }
  }

  /// The time of the primary's clock, in milliseconds since 1970.
  func serverTime() throws(StoreError) -> Int64 {
    let hello = try again { (client) throws(MongoError) in try client.run(["hello": 1], on: "admin") }
    guard let time = hello["localTime"]?.date else {
      throw StoreError(.corrupt, "The session store does not tell the time.")
    }
    return time
  }

  /// Whether whoever asked for the work under way has been answered.
  private var isGivenUp: Bool { call?.isAnswered ?? false }

  private func connected() throws(StoreError) -> MongoClient {
    if let client { return client }
    guard let client = pool.client() else {
      throw StoreError(.unavailable, "The session store has no connection left.")
    }
    self.client = client
    return client
  }

  private func session() throws(StoreError) -> (MongoClient, MongoTransaction) {
    let client = try connected()
    if let transaction { return (client, transaction) }
    do {
      let transaction = try MongoTransaction(client)
      self.transaction = transaction
      return (client, transaction)
    } catch { throw StoreError(error) }
  }
}
