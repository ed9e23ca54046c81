internal import Accounts
internal import SQLiteDriver
internal import SessionCore

/// The writing verbs of accounts. All that is looked at before a change is looked at inside the one transaction that
/// writes, so that nothing comes in between.
extension SQLiteWriter {
  func insert(
    _ profile: AccountProfile, password: PasswordHash?, by actor: Actor, now: Timestamp
  ) throws(StoreError) -> AccountInsertOutcome {
    if let member = try taken(by: profile, of: nil) { return .taken(member) }
    var profile = profile
    if profile.isActive, try !hasAdministrator(otherThan: nil) { profile.level = .administrator }
    return try step { () throws(StoreError) in
      let number = try returned(AccountRow.insert) { statement in
        AccountRow.bind(profile, to: statement)
        statement.bind(now.milliseconds, at: 12)
        statement.bind(password?.text, at: 13)
      }
      guard let number, number >= 1 else { throw AccountRow.damaged }
      let account = Account(
        id: AccountID(number), profile: profile, created: now, hasPassword: password != nil, revision: 1)
      try link(profile.links, to: account.id)
      try record([.created(account, by: actor, at: now)])
      return .inserted(account)
    }
  }

  func move(_ moved: MovedAccount) throws(StoreError) -> AccountMoveOutcome {
    let account = moved.account
    if let other = try connection().account(account.id) { return moved.outcome(besideOneOf: other.created) }
    if let member = try taken(by: account.profile, of: account.id) { return .taken(member) }
    return try step { () throws(StoreError) in
      // The next number is above the greatest there ever was (https://www.sqlite.org/autoinc.html).
      try change(AccountRow.move) { statement in
        AccountRow.bind(account.profile, to: statement)
        statement.bind(account.created.milliseconds, at: 12)
        statement.bind(moved.password?.text, at: 13)
        statement.bind(account.id.number, at: 14)
        statement.bind(account.revision, at: 15)
        statement.bind(moved.due == nil ? 0 : 1, at: 16)
      }
      try link(account.profile.links, to: account.id)
      return .added
    }
  }

  func replace(
    _ profile: AccountProfile, of id: AccountID, revision: Int64, by actor: Actor, now: Timestamp
  ) throws(StoreError) -> AccountReplaceOutcome {
    guard let before = try connection().account(id) else { return .missing }
    guard before.revision == revision else { return .conflict }
    if before.profile.isActiveAdministrator, !profile.isActiveAdministrator, try !hasAdministrator(otherThan: id) {
      return .lastAdministrator
    }
    if let member = try taken(by: profile, of: id) { return .taken(member) }
    return try step { () throws(StoreError) in
      let revision = try returned(AccountRow.replace) { statement in
        AccountRow.bind(profile, to: statement)
        statement.bind(id.number, at: 12)
      }
      guard let revision else { return .missing }
      if profile.links != before.profile.links {
        try unlink(id)
        try link(profile.links, to: id)
      }
      var account = before
      (account.profile, account.revision) = (profile, revision)
      try record(Event.changed(from: before.profile, to: account, by: actor, at: now).map { [$0] } ?? [])
      return .replaced(account, before: before)
    }
  }

  func setPassword(
    _ hash: PasswordHash, replacing current: PasswordHash?, closing due: ClosingDue?, of id: AccountID,
    by actor: Actor, now: Timestamp
  ) throws(StoreError) -> Bool {
    guard try hasPassword(id, current) else { return false }
    let owed = try connection().closingDue(of: id)
    let all = due.map { due in owed.map { $0.joined(with: due) } ?? due } ?? owed
    return try step { () throws(StoreError) in
      try change(
        """
        UPDATE account SET password_hash = ?2, closing_due = ?3, closing_except = ?4, \(SessionRow.raiseRevision)
        WHERE id = ?1
        """
      ) { statement in
        statement.bind(id.number, at: 1)
        statement.bind(hash.text, at: 2)
        statement.bind(all == nil ? 0 : 1, at: 3)
        statement.bind(utf8: all?.except?.text, at: 4)
      }
      if due != nil { try record([.passwordChanged(of: id, by: actor, at: now)]) }
      return true
    }
  }

  func remove(_ id: AccountID, by actor: Actor, now: Timestamp) throws(StoreError) -> AccountRemoveOutcome {
    guard let account = try connection().account(id) else { return .missing }
    if account.profile.isActiveAdministrator, try !hasAdministrator(otherThan: id) { return .lastAdministrator }
    return try step { () throws(StoreError) in
      try unlink(id)
      try change("DELETE FROM account WHERE id = ?1") { $0.bind(id.number, at: 1) }
      try record([.removed(id, by: actor, at: now)])
      return .removed(account)
    }
  }

  func settleClosing(of id: AccountID, due: ClosingDue) throws(StoreError) {
    try change(
      """
      UPDATE account SET closing_due = 0, closing_except = NULL
      WHERE id = ?1 AND closing_due = 1 AND closing_except IS ?2
      """
    ) { statement in
      statement.bind(id.number, at: 1)
      statement.bind(utf8: due.except?.text, at: 2)
    }
  }

  // MARK: Rules

  /// What of a profile belongs to another account than `id`; a link that it names twice counts as such.
  private func taken(by profile: AccountProfile, of id: AccountID?) throws(StoreError) -> UniqueMember? {
    let connection = try connection()
    // No account has number 0.
    let own = id?.number ?? 0
    func isOwned(_ source: String, _ key: String) throws(StoreError) -> Bool {
      try connection.hasRow("SELECT 1 FROM account INDEXED BY \(source) = ?1 AND id <> ?2") { statement in
        statement.bind(key, at: 1)
        statement.bind(own, at: 2)
      }
    }
    if let email = profile.email, try isOwned("account_by_email WHERE email_key", email.key.string) { return .email }
    if let username = profile.username, try isOwned("account_by_username WHERE username", username.string) {
      return .username
    }
    if Set(profile.links).count < profile.links.count { return .links }
    for link in profile.links {
      let isOwned = try connection.hasRow(
        "SELECT 1 FROM account_link WHERE issuer = ?1 AND subject = ?2 AND account_id <> ?3"
      ) { statement in
        statement.bind(link.issuer.string, at: 1)
        statement.bind(link.subject.string, at: 2)
        statement.bind(own, at: 3)
      }
      if isOwned { return .links }
    }
    return nil
  }

  /// Whether there is an active administrator other than `id`.
  private func hasAdministrator(otherThan id: AccountID?) throws(StoreError) -> Bool {
    try connection().hasRow(
      """
      SELECT 1 FROM account INDEXED BY account_by_level_and_activity
      WHERE level = ?1 AND is_active = 1 AND id <> ?2 LIMIT 1
      """
    ) { statement in
      statement.bind(AccountLevel.administrator.rawValue, at: 1)
      statement.bind(id?.number ?? 0, at: 2)
    }
  }

  private func hasPassword(_ id: AccountID, _ hash: PasswordHash?) throws(StoreError) -> Bool {
    try connection().hasRow("SELECT 1 FROM account WHERE id = ?1 AND password_hash IS ?2") { statement in
      statement.bind(id.number, at: 1)
      statement.bind(hash?.text, at: 2)
    }
  }

  // MARK: Statements

  private func link(_ links: [IdentityLink], to id: AccountID) throws(StoreError) {
    for (place, link) in links.enumerated() {
      try change("INSERT INTO account_link (issuer, subject, account_id, place) VALUES (?1, ?2, ?3, ?4)") { statement in
        statement.bind(link.issuer.string, at: 1)
        statement.bind(link.subject.string, at: 2)
        statement.bind(id.number, at: 3)
        statement.bind(Int64(place), at: 4)
      }
    }
  }

  private func unlink(_ id: AccountID) throws(StoreError) {
    try change("DELETE FROM account_link WHERE account_id = ?1") { $0.bind(id.number, at: 1) }
  }
}

extension SQLiteWriter {
  /// Runs a statement, and answers how many rows it changed.
  @discardableResult
  func change(_ sql: String, _ bind: (SQLiteStatement) -> Void) throws(StoreError) -> Int {
    try run { (connection) throws(SQLiteError) in
      let statement = try connection.statement(sql)
      bind(statement)
      try statement.run()
      return connection.changes
    }
  }

  /// Runs a statement that changes at most one row and returns a number of it; `nil` if it changed none.
  func returned(_ sql: String, _ bind: (SQLiteStatement) -> Void) throws(StoreError) -> Int64? {
    try run { (connection) throws(SQLiteError) in
      let statement = try connection.statement(sql)
      defer { statement.reset() }
      bind(statement)
      var number: Int64?
      while try statement.step() { number = statement.int(0) }
      return number
    }
  }
}

extension AccountProfile {
  /// Whether the account may change every other.
  fileprivate var isActiveAdministrator: Bool { isActive && level == .administrator }
}
