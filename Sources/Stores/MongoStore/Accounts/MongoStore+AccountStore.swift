public import Accounts
internal import MongoDriver
public import SessionCore

extension MongoStore: AccountStore {
  /// Adds an account under the next number.
  public func insert(
    _ profile: AccountProfile, password: PasswordHash?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountInsertOutcome {
    try await write { (batch) throws(StoreError) in
      try batch.insert(profile, password: password, by: actor, now: now)
    }
  }

  /// The account, by its number.
  public func account(_ id: AccountID) async throws(StoreError) -> Account? {
    try await account(["_id": .int64(id.number)])
  }

  /// The account of that address, by an index.
  public func account(email: EmailAddress) async throws(StoreError) -> Account? {
    try await account(["email_key": .string(email.key.string)])
  }

  /// The account of that user name, by an index.
  public func account(username: ExactText) async throws(StoreError) -> Account? {
    try await account(["username": .string(username.string)])
  }

  /// The account of that user of a provider, by an index.
  public func account(link: IdentityLink) async throws(StoreError) -> Account? {
    try await account(["links": ["$in": [AccountDocument.link(link)]]])
  }

  private func account(_ filter: BSONDocument) async throws(StoreError) -> Account? {
    try await find { (reader) throws(StoreError) in
      let found = try reader.documents([
        "find": .string(AccountDocument.collection), "filter": .document(filter),
        "projection": AccountDocument.withoutSecrets, "limit": 1,
      ])
      return try found.first.map { (document) throws(StoreError) in try AccountDocument.read(document) }
    }
  }

  /// The account's password hash, by its number.
  public func passwordHash(of id: AccountID) async throws(StoreError) -> PasswordHash? {
    try await find { (reader) throws(StoreError) in
      let found = try reader.documents([
        "find": .string(AccountDocument.collection), "filter": ["_id": .int64(id.number)],
        "projection": ["password_hash": 1], "limit": 1,
      ])
      return try found.first.flatMap { (document) throws(StoreError) in try AccountDocument.password(document) }
    }
  }

  /// Replaces the profile of an account that is still at `revision`.
  public func replace(
    _ profile: AccountProfile, of id: AccountID, revision: Int64, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountReplaceOutcome {
    try await write { (batch) throws(StoreError) in
      try batch.replace(profile, of: id, revision: revision, by: actor, now: now)
    }
  }

  /// Sets the password of an account whose hash is still `current`.
  public func setPassword(
    _ hash: PasswordHash, replacing current: PasswordHash?, closing due: ClosingDue?, of id: AccountID,
    by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    try await write { (batch) throws(StoreError) in
      try batch.setPassword(hash, replacing: current, closing: due, of: id, by: actor, now: now)
    }
  }

  /// Removes an account, with the debt that it may have.
  public func remove(
    _ id: AccountID, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountRemoveOutcome {
    try await write { (batch) throws(StoreError) in try batch.remove(id, by: actor, now: now) }
  }

  /// One page of accounts, in one snapshot.
  public func page(_ query: AccountQuery) async throws(StoreError) -> AccountPage {
    try await read { (reader) throws(StoreError) in
      try reader.snapshot { (fetch) throws(StoreError) in
        let search = AccountSearch(query)
        let documents = try fetch(search.page)
        let accounts = try documents.prefix(search.limit).map { (document) throws(StoreError) in
          try AccountDocument.read(document)
        }
        var count: Int?
        if query.counts { count = Int(clamping: try fetch(search.count).first?["count"]?.int ?? 0) }
        return AccountPage(
          accounts: accounts, next: documents.count > search.limit ? accounts.last?.id : nil, count: count)
      }
    }
  }

  /// Accounts that owe the closing of their sessions, by an index that has no others.
  public func closingsDue(limit: Int) async throws(StoreError) -> [(id: AccountID, due: ClosingDue)] {
    guard limit > 0 else { return [] }
    return try await find { (reader) throws(StoreError) in
      let found = try reader.documents([
        "find": .string(AccountDocument.collection), "filter": ["closing_due": true], "sort": ["_id": 1],
        "projection": ["closing_due": 1, "closing_except": 1], "limit": .int64(Int64(min(limit, 10_000))),
        "hint": "account_by_closing", "batchSize": 1000,
      ])
      var dues: [(id: AccountID, due: ClosingDue)] = []
      for document in found {
        guard let number = document["_id"]?.int, number >= 1, let due = try AccountDocument.due(document) else {
          throw AccountDocument.damaged
        }
        dues.append((AccountID(number), due))
      }
      return dues
    }
  }

  /// Takes the debt away, if it is still this one.
  public func settleClosing(of id: AccountID, due: ClosingDue) async throws(StoreError) {
    var needs = WriteJob.Needs()
    needs.events = 0
    try await write(needs) { (batch) throws(StoreError) in try batch.settleClosing(of: id, due: due) }
  }
}
