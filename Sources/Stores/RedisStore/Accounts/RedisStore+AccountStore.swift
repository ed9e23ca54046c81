public import Accounts
internal import RedisDriver
public import SessionCore

/// Accounts in the directory: one partition of the database, in which each verb is one step.
///
/// What must be unique among all accounts, and that there is always an administrator, can be decided only where all
/// accounts are. So a Cluster keeps all of them on one of its primaries: their number is bounded by its memory (about
/// 1.5 KB each), and the rate of their changes by what it does in scripts (tens of thousands a second).
extension RedisStore: AccountStore {
  /// Adds an account: its hash, its places in the indexes and its event, in one script.
  public func insert(
    _ profile: AccountProfile, password: PasswordHash?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountInsertOutcome {
    let deadline = deadline()
    func account(_ id: AccountID, _ level: AccountLevel) -> Account {
      var kept = profile
      kept.level = level
      return Account(id: id, profile: kept, created: now, hasPassword: password != nil, revision: 1)
    }
    // The script finds the number, and whether this is the first administrator.
    let events = [profile.level, .administrator].flatMap { level in
      var event = Event.created(account(AccountID(1), level), by: actor, at: now)
      event.userID = nil
      return EventFields.arguments(event)
    }
    let fields = AccountHash.fields(profile) + [("created", String(now.milliseconds))]
    let reply = try await changeDirectory(
      scripts.accounts.insert, Self.arguments(fields) + [.optional(password?.text)] + events, by: deadline)
    let words = reply.asArray ?? []
    switch words.first?.asText {
    case "inserted":
      guard words.count == 3, let id = Self.accountID(words[1]),
        let level = words[2].asText.flatMap(AccountLevel.init(rawValue:))
      else { throw AccountHash.damaged }
      await settle(layout.directory, by: deadline)
      return .inserted(account(id, level))
    case "taken": return .taken(try Self.member(words))
    default: throw AccountHash.damaged
    }
  }

  /// The account, by one command.
  public func account(_ id: AccountID) async throws(StoreError) -> Account? { try await account(id, by: deadline()) }

  /// The account of that address, by its index.
  public func account(email: EmailAddress) async throws(StoreError) -> Account? {
    try await account(by: "account_by_email", email.key.string)
  }

  /// The account of that user name, by its index.
  public func account(username: ExactText) async throws(StoreError) -> Account? {
    try await account(by: "account_by_username", username.string)
  }

  /// The account of that user of a provider, by the links' index.
  public func account(link: IdentityLink) async throws(StoreError) -> Account? {
    try await account(by: "account_by_link", AccountHash.name(of: link))
  }

  /// The account's password hash, by one command.
  public func passwordHash(of id: AccountID) async throws(StoreError) -> PasswordHash? {
    let reply = try await askDirectory("GET", "password:\(id)", by: deadline())
    if reply.isNull { return nil }
    guard let text = reply.asText else { throw AccountHash.damaged }
    return PasswordHash(text)
  }

  /// Replaces the profile of an account that is still at `revision`.
  ///
  /// The account is read first, for the event tells what has changed; the script that writes compares the revision
  /// again.
  public func replace(
    _ profile: AccountProfile, of id: AccountID, revision: Int64, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountReplaceOutcome {
    let deadline = deadline()
    guard let before = try await account(id, by: deadline) else { return .missing }
    guard before.revision == revision else { return .conflict }
    var account = before
    account.profile = profile
    let event = Event.changed(from: before.profile, to: account, by: actor, at: now)
    let reply = try await changeDirectory(
      scripts.accounts.replace,
      [RedisArgument(id.number), RedisArgument(revision)] + Self.arguments(AccountHash.fields(profile))
        + Self.arguments(event), by: deadline)
    let words = reply.asArray ?? []
    switch words.first?.asText {
    case "replaced":
      guard words.count == 2, let revision = words[1].asInteger else { throw AccountHash.damaged }
      if event != nil { await settle(layout.directory, by: deadline) }
      account.revision = revision
      return .replaced(account, before: before)
    case "missing": return .missing
    case "conflict": return .conflict
    case "taken": return .taken(try Self.member(words))
    case "lastAdministrator": return .lastAdministrator
    default: throw AccountHash.damaged
    }
  }

  /// Sets the password of an account whose hash is still `current`, in one script.
  public func setPassword(
    _ hash: PasswordHash, replacing current: PasswordHash?, closing due: ClosingDue?, of id: AccountID,
    by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    let deadline = deadline()
    let event = due.map { _ in Event.passwordChanged(of: id, by: actor, at: now) }
    let reply = try await changeDirectory(
      scripts.accounts.setPassword,
      [
        RedisArgument(id.number), RedisArgument(hash.text), .optional(current?.text), due == nil ? "0" : "1",
        .optional(bytes: due?.except?.text),
      ] + Self.arguments(event), by: deadline)
    guard reply.asInteger == 1 else { return false }
    if event != nil { await settle(layout.directory, by: deadline) }
    return true
  }

  /// Removes an account, with the debt that it may have.
  public func remove(
    _ id: AccountID, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountRemoveOutcome {
    let deadline = deadline()
    let event = Self.arguments(.removed(id, by: actor, at: now))
    // It is read first, so that what can't be answered is not removed, and read again if it has changed in between:
    // until the deadline at most.
    while let account = try await account(id, by: deadline) {
      let reply = try await changeDirectory(
        scripts.accounts.remove, [RedisArgument(id.number), RedisArgument(account.revision)] + event, by: deadline)
      switch reply.asText {
      case "removed":
        await settle(layout.directory, by: deadline)
        return .removed(account)
      case "missing": return .missing
      case "lastAdministrator": return .lastAdministrator
      case "conflict": continue
      default: throw AccountHash.damaged
      }
    }
    return .missing
  }

  /// Accounts that owe the closing of their sessions, by an index of these alone.
  public func closingsDue(limit: Int) async throws(StoreError) -> [(id: AccountID, due: ClosingDue)] {
    try checkOpen()
    var dues: [(id: AccountID, due: ClosingDue)] = []
    var isAtEnd = false
    while dues.count < limit, !isAtEnd {
      let wanted = min(limit - dues.count, Self.longestWalk)
      let reply = try await askDirectory(
        scripts.accounts.due, [.optional(dues.last?.id.description), RedisArgument(wanted)], by: deadline())
      guard let rows = reply.asArray else { throw AccountHash.damaged }
      for row in rows {
        guard let parts = row.asArray, parts.count == 3, let id = Self.accountID(parts[0]),
          let isDue = parts[1].asText, let except = parts[2].asText
        else { throw AccountHash.damaged }
        dues.append((id, try AccountHash.due(isDue, except: except)))
      }
      isAtEnd = rows.count < wanted
    }
    return dues
  }

  /// Takes the debt away, if it is still this one.
  public func settleClosing(of id: AccountID, due: ClosingDue) async throws(StoreError) {
    _ = try await changeDirectory(
      scripts.accounts.settle, [RedisArgument(id.number), .optional(bytes: due.except?.text)], by: deadline())
  }
}

extension RedisStore {
  /// The number of an account in an answer.
  static func accountID(_ reply: RedisReply) -> AccountID? {
    reply.asText.flatMap { AccountID(ExactText($0)) }
  }

  /// The account of an answer that is its number and its fields.
  static func account(_ reply: RedisReply) throws(StoreError) -> Account {
    guard let parts = reply.asArray, parts.count == 2, let id = accountID(parts[0]) else { throw AccountHash.damaged }
    return try AccountHash.read(id, try HashFields(parts[1], orElse: AccountHash.damaged))
  }

  private func account(
    _ id: AccountID, by deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> Account? {
    let fields = try HashFields(
      try await askDirectory("HGETALL", "account:\(id)", by: deadline), orElse: AccountHash.damaged)
    return fields.count == 0 ? nil : try AccountHash.read(id, fields)
  }

  private func account(by index: String, _ name: String) async throws(StoreError) -> Account? {
    let reply = try await askDirectory(
      scripts.accounts.find, [RedisArgument(index), RedisArgument(name)], by: deadline())
    return reply.isNull ? nil : try Self.account(reply)
  }

  /// What the second word of a refusal says belongs to another account.
  static func member(_ words: [RedisReply]) throws(StoreError) -> UniqueMember {
    guard words.count == 2, let member = words[1].asText.flatMap(UniqueMember.init(rawValue:)) else {
      throw AccountHash.damaged
    }
    return member
  }
}
