public import Accounts
internal import MongoDriver
public import SessionCore

extension MongoStore: AccountSessionStore {
  /// Live sessions with their accounts, in one snapshot: sessions are walked in pieces, each joined with the accounts
  /// that it names, and judged by ``AccountSessionCondition/holds(for:)``.
  public func accountSessions(
    _ query: AccountSessionQuery, now: Timestamp
  ) async throws(StoreError) -> AccountSessionPage {
    try await read { (reader) throws(StoreError) in
      try reader.snapshot { (fetch) throws(StoreError) in
        try withoutActuallyEscaping(fetch) { (fetch) throws(StoreError) in
          try AccountSessionSearch(now: now, fetch: fetch).page(query)
        }
      }
    }
  }
}

/// Lists of sessions with their accounts, in one snapshot.
private struct AccountSessionSearch {
  let now: Timestamp
  let fetch: (BSONDocument) throws(StoreError) -> [BSONDocument]

  func page(_ query: AccountSessionQuery) throws(StoreError) -> AccountSessionPage {
    var filter = SessionFilter()
    filter.isAlive = true
    if let user = try user(of: query.condition) {
      guard let one = user.id else { return AccountSessionPage(rows: [], next: nil) }
      filter.userID = one
    }
    // What must be equal whatever else is asked narrows the walk.
    filter.address = query.condition.required(.address)
    let limit = max(1, query.limit)
    var sessions = SessionQuery(filter, order: .newest, after: query.after, limit: min(limit, 999) + 1)
    var page = AccountSessionPage(rows: [], next: nil)
    while true {
      let piece = try SessionSearch(now: now, fetch: fetch).page(sessions)
      let holders = try holders(of: piece.sessions)
      for session in piece.sessions {
        let row = AccountSession(session, account: AccountID(session.userID).flatMap { holders[$0] })
        guard query.condition.holds(for: row) else { continue }
        if page.rows.count == limit {
          page.next = page.rows.last?.place
          return page
        }
        page.rows.append(row)
      }
      guard let next = piece.next else { return page }
      sessions.after = next
      sessions.limit = min(sessions.limit * 2, 1000)
    }
  }

  /// The one user whose sessions alone can meet a condition, whose id is `nil` if there is none; `nil` if it may be
  /// anybody.
  private func user(of condition: AccountSessionCondition) throws(StoreError) -> (id: ExactText?, Void)? {
    if let userID = condition.required(.userID) { return (userID, ()) }
    let account: BSONDocument
    if let username = condition.required(.username) {
      account = ["username": .string(username.string)]
    } else if let email = condition.required(.email) {
      account = ["email_key": .string(email.string)]
    } else {
      return nil
    }
    let found = try fetch([
      "find": .string(AccountDocument.collection), "filter": .document(account), "projection": ["_id": 1], "limit": 1,
    ])
    guard let document = found.first else { return (nil, ()) }
    guard let number = document["_id"]?.int, number >= 1 else { throw AccountDocument.damaged }
    return (AccountID(number).userID, ())
  }

  /// The accounts that these sessions are of.
  private func holders(of sessions: [Session]) throws(StoreError) -> [AccountID: SessionHolder] {
    let ids = Set(sessions.compactMap { AccountID($0.userID) })
    guard !ids.isEmpty else { return [:] }
    let found = try fetch([
      "find": .string(AccountDocument.collection),
      "filter": ["_id": ["$in": .array(ids.map { .int64($0.number) })]], "projection": AccountDocument.withoutSecrets,
      "batchSize": 1000,
    ])
    var holders: [AccountID: SessionHolder] = [:]
    for document in found {
      let account = try AccountDocument.read(document)
      holders[account.id] = SessionHolder(account)
    }
    return holders
  }
}
