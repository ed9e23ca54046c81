import Accounts
import MemoryStore
import SessionCore

/// A memory store of accounts, tries, events and service keys with hooks around each verb.
struct WatchedStore: Sendable {
  let store: MemoryStore
  let hooks: Hooks
}

extension WatchedStore: AccountStore {
  func insert(
    _ profile: AccountProfile, password: PasswordHash?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountInsertOutcome {
    try await hooks.around("insert") { () async throws(StoreError) in
      try await store.insert(profile, password: password, by: actor, now: now)
    }
  }

  func account(_ id: AccountID) async throws(StoreError) -> Account? {
    try await hooks.around("account") { () async throws(StoreError) in try await store.account(id) }
  }

  func account(email: EmailAddress) async throws(StoreError) -> Account? {
    try await hooks.around("account(email)") { () async throws(StoreError) in try await store.account(email: email) }
  }

  func account(username: ExactText) async throws(StoreError) -> Account? {
    try await hooks.around("account(username)") { () async throws(StoreError) in
      try await store.account(username: username)
    }
  }

  func account(link: IdentityLink) async throws(StoreError) -> Account? {
    try await hooks.around("account(link)") { () async throws(StoreError) in try await store.account(link: link) }
  }

  func passwordHash(of id: AccountID) async throws(StoreError) -> PasswordHash? {
    try await hooks.around("passwordHash") { () async throws(StoreError) in try await store.passwordHash(of: id) }
  }

  func replace(
    _ profile: AccountProfile, of id: AccountID, revision: Int64, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountReplaceOutcome {
    try await hooks.around("replace") { () async throws(StoreError) in
      try await store.replace(profile, of: id, revision: revision, by: actor, now: now)
    }
  }

  func setPassword(
    _ hash: PasswordHash, replacing current: PasswordHash?, closing due: ClosingDue?, of id: AccountID,
    by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    try await hooks.around("setPassword") { () async throws(StoreError) in
      try await store.setPassword(hash, replacing: current, closing: due, of: id, by: actor, now: now)
    }
  }

  func remove(_ id: AccountID, by actor: Actor, now: Timestamp) async throws(StoreError) -> AccountRemoveOutcome {
    try await hooks.around("remove") { () async throws(StoreError) in
      try await store.remove(id, by: actor, now: now)
    }
  }

  func page(_ query: AccountQuery) async throws(StoreError) -> AccountPage {
    try await hooks.around("page") { () async throws(StoreError) in try await store.page(query) }
  }

  func closingsDue(limit: Int) async throws(StoreError) -> [(id: AccountID, due: ClosingDue)] {
    try await hooks.around("closingsDue") { () async throws(StoreError) in try await store.closingsDue(limit: limit) }
  }

  func settleClosing(of id: AccountID, due: ClosingDue) async throws(StoreError) {
    try await hooks.around("settleClosing") { () async throws(StoreError) in
      try await store.settleClosing(of: id, due: due)
    }
  }
}

extension WatchedStore: LoginStore {
  func countAttempt(_ rules: [AttemptRule], now: Timestamp) async throws(StoreError) -> AttemptVerdict {
    try await hooks.around("countAttempt") { () async throws(StoreError) in
      try await store.countAttempt(rules, now: now)
    }
  }

  func forgetAttempts(_ keys: [String]) async throws(StoreError) {
    try await hooks.around("forgetAttempts") { () async throws(StoreError) in try await store.forgetAttempts(keys) }
  }

  func returnAttempts(_ keys: [String]) async throws(StoreError) {
    try await hooks.around("returnAttempts") { () async throws(StoreError) in try await store.returnAttempts(keys) }
  }

  func useOnce(_ key: String, until end: Timestamp, now: Timestamp) async throws(StoreError) -> Bool {
    try await hooks.around("useOnce") { () async throws(StoreError) in
      try await store.useOnce(key, until: end, now: now)
    }
  }

  func purgeLoginNotes(now: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await store.purgeLoginNotes(now: now, limit: limit)
  }
}

extension WatchedStore: EventStore {
  func append(_ events: [Event]) async throws(StoreError) {
    try await hooks.around("append") { () async throws(StoreError) in try await store.append(events) }
  }

  func events(after number: Int64, kinds: Set<Event.Kind>?, limit: Int) async throws(StoreError) -> EventPage {
    try await store.events(after: number, kinds: kinds, limit: limit)
  }

  func lastEventNumber() async throws(StoreError) -> Int64 { try await store.lastEventNumber() }

  func purgeEvents(before time: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await store.purgeEvents(before: time, limit: limit)
  }

  func eventCursor(of follower: String) async throws(StoreError) -> Int64? {
    try await store.eventCursor(of: follower)
  }

  func setEventCursor(_ number: Int64, of follower: String) async throws(StoreError) {
    try await store.setEventCursor(number, of: follower)
  }
}

extension WatchedStore: ServiceKeyStore {
  func insertKey(
    name: ExactText, scopes: Set<ServiceScope>, expires: Timestamp?, digest: [UInt8], by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> ServiceKey {
    try await hooks.around("insertKey") { () async throws(StoreError) in
      try await store.insertKey(name: name, scopes: scopes, expires: expires, digest: digest, by: actor, now: now)
    }
  }

  func serviceKey(digest: [UInt8]) async throws(StoreError) -> ServiceKey? {
    try await hooks.around("serviceKey") { () async throws(StoreError) in try await store.serviceKey(digest: digest) }
  }

  func serviceKeys(after id: Int64, limit: Int) async throws(StoreError) -> [ServiceKey] {
    try await hooks.around("serviceKeys") { () async throws(StoreError) in
      try await store.serviceKeys(after: id, limit: limit)
    }
  }

  func revokeKey(_ id: Int64, by actor: Actor, now: Timestamp) async throws(StoreError) -> ServiceKey? {
    try await hooks.around("revokeKey") { () async throws(StoreError) in
      try await store.revokeKey(id, by: actor, now: now)
    }
  }

  func touchKey(_ id: Int64, at time: Timestamp) async throws(StoreError) {
    try await hooks.around("touchKey") { () async throws(StoreError) in try await store.touchKey(id, at: time) }
  }
}
