internal import Accounts
internal import MongoDriver
internal import SessionCore

/// The writing verbs of accounts, each decided on what the transaction sees.
///
/// All reading comes before the first write, so that a verb that fails has written nothing.
extension WriteBatch {
  func insert(
    _ profile: AccountProfile, password: PasswordHash?, by actor: Actor, now: Timestamp
  ) throws(StoreError) -> AccountInsertOutcome {
    if let member = try taken(by: profile, of: nil) { return .taken(member) }
    var profile = profile
    if profile.isActive, try !hasAdministrator(otherThan: nil) { profile.level = .administrator }
    let number = try nextNumber(of: AccountDocument.collection)
    let account = Account(
      id: AccountID(number), profile: profile, created: now, hasPassword: password != nil, revision: 1)
    insert(AccountDocument.write(account, password: password, due: nil), into: AccountDocument.collection)
    record([.created(account, by: actor, at: now)])
    tell(.account(number))
    return .inserted(account)
  }

  func move(_ moved: MovedAccount) throws(StoreError) -> AccountMoveOutcome {
    let account = moved.account
    if let document = try document(of: account.id) {
      return moved.outcome(besideOneOf: try AccountDocument.read(document).created)
    }
    if let member = try taken(by: account.profile, of: account.id) { return .taken(member) }
    try noteGiven(account.id.number, of: AccountDocument.collection)
    insert(AccountDocument.write(account, password: moved.password, due: moved.due), into: AccountDocument.collection)
    tell(.account(account.id.number))
    return .added
  }

  func replace(
    _ profile: AccountProfile, of id: AccountID, revision: Int64, by actor: Actor, now: Timestamp
  ) throws(StoreError) -> AccountReplaceOutcome {
    guard let document = try document(of: id) else { return .missing }
    let before = try AccountDocument.read(document)
    guard before.revision == revision else { return .conflict }
    if before.isActiveAdministrator, !(profile.isActive && profile.level == .administrator),
      try !hasAdministrator(otherThan: id)
    {
      return .lastAdministrator
    }
    if let member = try taken(by: profile, of: id) { return .taken(member) }
    var after = before
    after.profile = profile
    after.raiseRevision()
    let due = profile.isActive ? try AccountDocument.due(document) : ClosingDue()
    try put(after, password: AccountDocument.password(document), due: due)
    if let event = Event.changed(from: before.profile, to: after, by: actor, at: now) { record([event]) }
    tell(.account(id.number))
    return .replaced(after, before: before)
  }

  func setPassword(
    _ hash: PasswordHash, replacing current: PasswordHash?, closing due: ClosingDue?, of id: AccountID,
    by actor: Actor, now: Timestamp
  ) throws(StoreError) -> Bool {
    guard let document = try document(of: id) else { return false }
    guard Self.isSame(try AccountDocument.password(document), current) else { return false }
    var account = try AccountDocument.read(document)
    account.hasPassword = true
    account.raiseRevision()
    let owed = try AccountDocument.due(document)
    try put(account, password: hash, due: due.map { due in owed.map { $0.joined(with: due) } ?? due } ?? owed)
    if due != nil { record([.passwordChanged(of: id, by: actor, at: now)]) }
    tell(.account(id.number))
    return true
  }

  func remove(_ id: AccountID, by actor: Actor, now: Timestamp) throws(StoreError) -> AccountRemoveOutcome {
    guard let document = try document(of: id) else { return .missing }
    let account = try AccountDocument.read(document)
    if account.isActiveAdministrator, try !hasAdministrator(otherThan: id) { return .lastAdministrator }
    delete(["_id": .int64(id.number)], from: AccountDocument.collection)
    record([.removed(id, by: actor, at: now)])
    tell(.account(id.number))
    return .removed(account)
  }

  func settleClosing(of id: AccountID, due: ClosingDue) throws(StoreError) {
    guard let document = try document(of: id), try AccountDocument.due(document) == due else { return }
    try put(AccountDocument.read(document), password: AccountDocument.password(document), due: nil)
  }

  /// A number of a collection that was never given before.
  func nextNumber(of collection: String) throws(StoreError) -> Int64 {
    let number = try lastNumber(of: collection) + 1
    setLast(number, of: collection)
    return number
  }

  /// Sees to it that a number is not given again.
  private func noteGiven(_ number: Int64, of collection: String) throws(StoreError) {
    if try lastNumber(of: collection) < number { setLast(number, of: collection) }
  }

  private func lastNumber(of collection: String) throws(StoreError) -> Int64 {
    let found = try find([
      "find": .string(AccountDocument.counters), "filter": ["_id": .string(collection)], "limit": 1,
    ])
    let last = found.first?["last"]?.int ?? 0
    guard (0..<Int64.max).contains(last) else {
      throw StoreError(.corrupt, "The session store holds a counter that can't be read.")
    }
    return last
  }

  private func setLast(_ number: Int64, of collection: String) {
    let counter: BSONValue = .string(collection)
    put(["_id": counter, "last": .int64(number)], id: counter, in: AccountDocument.counters)
  }

  // MARK: Parts

  private func document(of id: AccountID) throws(StoreError) -> BSONDocument? {
    try find(["find": .string(AccountDocument.collection), "filter": ["_id": .int64(id.number)], "limit": 1]).first
  }

  private func put(_ account: Account, password: PasswordHash?, due: ClosingDue?) throws(StoreError) {
    put(
      AccountDocument.write(account, password: password, due: due), id: .int64(account.id.number),
      in: AccountDocument.collection)
  }

  /// Whether two hashes are the same bytes.
  private static func isSame(_ left: PasswordHash?, _ right: PasswordHash?) -> Bool {
    left.map { ExactText($0.text) } == right.map { ExactText($0.text) }
  }

  /// What of a profile belongs to another account than `id`; a link that it names twice counts as such.
  private func taken(by profile: AccountProfile, of id: AccountID?) throws(StoreError) -> UniqueMember? {
    var alternatives: [BSONValue] = []
    if let key = profile.email?.key { alternatives.append(["email_key": .string(key.string)]) }
    if let username = profile.username { alternatives.append(["username": .string(username.string)]) }
    if !profile.links.isEmpty {
      alternatives.append(["links": ["$in": .array(profile.links.map(AccountDocument.link))]])
    }
    var owners: [BSONDocument] = []
    if !alternatives.isEmpty {
      owners = try find([
        "find": .string(AccountDocument.collection),
        "filter": ["$or": .array(alternatives), "_id": ["$ne": .int64(id?.number ?? 0)]],
        "projection": ["email_key": 1, "username": 1], "batchSize": 1000,
      ])
    }
    if let key = profile.email?.key, owners.contains(where: { Self.has($0["email_key"], key) }) { return .email }
    if let name = profile.username, owners.contains(where: { Self.has($0["username"], name) }) { return .username }
    if Set(profile.links).count < profile.links.count { return .links }
    return owners.isEmpty ? nil : .links
  }

  private static func has(_ value: BSONValue?, _ text: ExactText) -> Bool {
    value?.text.map { ExactText($0) } == text
  }

  /// Whether there is an active administrator other than `id`.
  private func hasAdministrator(otherThan id: AccountID?) throws(StoreError) -> Bool {
    let found = try find([
      "find": .string(AccountDocument.collection),
      "filter": [
        "level": .string(AccountLevel.administrator.rawValue), "is_active": true,
        "_id": ["$ne": .int64(id?.number ?? 0)],
      ],
      "projection": ["_id": 1], "limit": 1, "hint": "account_by_level_and_activity",
    ])
    return !found.isEmpty
  }
}

extension Account {
  fileprivate var isActiveAdministrator: Bool { profile.isActive && profile.level == .administrator }

  /// Raises the revision, which stays a number at the end of the numbers.
  fileprivate mutating func raiseRevision() { revision += revision < .max ? 1 : 0 }
}
