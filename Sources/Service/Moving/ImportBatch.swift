import Accounts
import SessionCore

extension Importer {
  /// Records of one sort that are stored together.
  struct Batch {
    var keys: [(at: String, key: MovedKey)] = []
    var accounts: [(at: String, account: MovedAccount)] = []
    var sessions: [Session] = []
    private var size = 0

    var isFull: Bool { count >= Importer.batchLength || size >= Importer.batchBytes }

    private var count: Int { keys.count + accounts.count + sessions.count }

    /// Whether a record is of the sort of those in it.
    func takes(_ record: MovedRecord, _ size: Int) -> Bool {
      switch record {
      case .key: accounts.isEmpty && sessions.isEmpty
      case .account: keys.isEmpty && sessions.isEmpty
      case .session: keys.isEmpty && accounts.isEmpty
      }
    }

    mutating func add(_ record: MovedRecord, at: String, _ size: Int) {
      switch record {
      case .key(let key): keys.append((at, key))
      case .account(let account): accounts.append((at, account))
      case .session(let session): sessions.append(session)
      }
      self.size += size
    }
  }

  /// How many accounts are stored at once.
  private static let accountsAtOnce = 64

  /// Stores a batch, and empties it.
  func store(_ batch: inout Batch, _ report: inout Report) async throws(MovingError) {
    do throws(StoreError) {
      for (_, key) in batch.keys {
        let isAdded = try await store(key)
        if isAdded { report.added.keys += 1 } else { report.kept.keys += 1 }
      }
      if !batch.sessions.isEmpty {
        let added = try await store.insertAll(batch.sessions)
        report.added.sessions += Int64(added)
        report.kept.sessions += Int64(batch.sessions.count - added)
      }
    } catch {
      throw Self.failure(error)
    }
    try await store(batch.accounts, &report)
    batch = Batch()
  }

  /// Adds a key under a number of this store's, unless its digest is there.
  private func store(_ moved: MovedKey) async throws(StoreError) -> Bool {
    guard try await store.serviceKey(digest: moved.digest) == nil else { return false }
    _ = try await store.insertKey(
      name: moved.key.name, scopes: moved.key.scopes, expires: moved.key.expires, digest: moved.digest, by: actor,
      now: clock.now())
    return true
  }

  private func store(
    _ accounts: [(at: String, account: MovedAccount)], _ report: inout Report
  ) async throws(MovingError) {
    for start in stride(from: 0, to: accounts.count, by: Self.accountsAtOnce) {
      let part = accounts[start..<min(start + Self.accountsAtOnce, accounts.count)]
      let store = store
      let outcomes = await withTaskGroup(of: (Int, Result<AccountMoveOutcome, StoreError>).self) { group in
        for (index, item) in zip(part.indices, part) {
          group.addTask {
            do throws(StoreError) { return (index, .success(try await store.move(item.account))) } catch {
              return (index, .failure(error))
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      var refusal: (index: Int, sentence: String)?
      for (index, outcome) in outcomes {
        switch outcome {
        case .success(.added): report.added.accounts += 1
        case .success(.kept): report.kept.accounts += 1
        case .success(let outcome):
          let sentence = Self.sentence(outcome, accounts[index])
          if refusal.map({ index < $0.index }) ?? true { refusal = (index, sentence) }
        case .failure(let error): throw Self.failure(error)
        }
      }
      if let refusal { throw MovingError(.conflict, refusal.sentence) }
    }
  }

  private static func sentence(
    _ outcome: AccountMoveOutcome, _ item: (at: String, account: MovedAccount)
  ) -> String {
    let number = item.account.account.id.number
    guard case .taken(let member) = outcome else {
      return """
        \(item.at): the account number \(number) is another account's here, created at another time, and sessions name \
        their user by it. Import into a store that has no accounts of its own.
        """
    }
    return """
      \(item.at): the \(member.rawValue) of account \(number) belongs to another account here. Change it there or \
      here, and import again; what is imported already is kept.
      """
  }

  private static func failure(_ error: StoreError) -> MovingError {
    MovingError(.store, "The store failed: \(error.description) What was imported is kept; import again to go on.")
  }
}
