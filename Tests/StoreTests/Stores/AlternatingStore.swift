import Accounts
import SessionCore
import Synchronization

/// Several stores on one place that answer in turn, as nodes behind a balancer do.
final class AlternatingStore: Sendable {
  private let stores: [any StorePlace.Store]
  private let turn = Atomic<Int>(0)

  /// Takes the stores, one or more.
  init(_ stores: [any StorePlace.Store]) {
    precondition(!stores.isEmpty, "nobody would answer")
    self.stores = stores
  }

  /// Opens `place` so often.
  static func opening(_ place: StorePlace, times: Int) async throws -> AlternatingStore {
    var stores: [any StorePlace.Store] = []
    for _ in 0..<times { stores.append(try await place.open()) }
    return AlternatingStore(stores)
  }

  private var next: any StorePlace.Store {
    stores[turn.wrappingAdd(1, ordering: .relaxed).oldValue % stores.count]
  }

  func shutdown() async {
    for store in stores { await store.shutdown() }
  }
}

extension AlternatingStore: AccountStore {
  func insert(
    _ profile: AccountProfile, password: PasswordHash?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountInsertOutcome {
    try await next.insert(profile, password: password, by: actor, now: now)
  }

  func account(_ id: AccountID) async throws(StoreError) -> Account? { try await next.account(id) }

  func account(email: EmailAddress) async throws(StoreError) -> Account? { try await next.account(email: email) }

  func account(username: ExactText) async throws(StoreError) -> Account? {
    try await next.account(username: username)
  }

  func account(link: IdentityLink) async throws(StoreError) -> Account? { try await next.account(link: link) }

  func passwordHash(of id: AccountID) async throws(StoreError) -> PasswordHash? {
    try await next.passwordHash(of: id)
  }

  func replace(
    _ profile: AccountProfile, of id: AccountID, revision: Int64, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountReplaceOutcome {
    try await next.replace(profile, of: id, revision: revision, by: actor, now: now)
  }

  func setPassword(
    _ hash: PasswordHash, replacing current: PasswordHash?, closing due: ClosingDue?, of id: AccountID,
    by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    try await next.setPassword(hash, replacing: current, closing: due, of: id, by: actor, now: now)
  }

  func remove(_ id: AccountID, by actor: Actor, now: Timestamp) async throws(StoreError) -> AccountRemoveOutcome {
    try await next.remove(id, by: actor, now: now)
  }

  func page(_ query: AccountQuery) async throws(StoreError) -> AccountPage { try await next.page(query) }

  func closingsDue(limit: Int) async throws(StoreError) -> [(id: AccountID, due: ClosingDue)] {
    try await next.closingsDue(limit: limit)
  }

  func settleClosing(of id: AccountID, due: ClosingDue) async throws(StoreError) {
    try await next.settleClosing(of: id, due: due)
  }
}

extension AlternatingStore: LoginStore {
  func countAttempt(_ rules: [AttemptRule], now: Timestamp) async throws(StoreError) -> AttemptVerdict {
    try await next.countAttempt(rules, now: now)
  }

  func forgetAttempts(_ keys: [String]) async throws(StoreError) { try await next.forgetAttempts(keys) }

  func returnAttempts(_ keys: [String]) async throws(StoreError) { try await next.returnAttempts(keys) }

  func useOnce(_ key: String, until end: Timestamp, now: Timestamp) async throws(StoreError) -> Bool {
    try await next.useOnce(key, until: end, now: now)
  }

  func purgeLoginNotes(now: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await next.purgeLoginNotes(now: now, limit: limit)
  }
}

extension AlternatingStore: ServiceKeyStore {
  func insertKey(
    name: ExactText, scopes: Set<ServiceScope>, expires: Timestamp?, digest: [UInt8], by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> ServiceKey {
    try await next.insertKey(name: name, scopes: scopes, expires: expires, digest: digest, by: actor, now: now)
  }

  func serviceKey(digest: [UInt8]) async throws(StoreError) -> ServiceKey? {
    try await next.serviceKey(digest: digest)
  }

  func serviceKeys(after id: Int64, limit: Int) async throws(StoreError) -> [ServiceKey] {
    try await next.serviceKeys(after: id, limit: limit)
  }

  func revokeKey(_ id: Int64, by actor: Actor, now: Timestamp) async throws(StoreError) -> ServiceKey? {
    try await next.revokeKey(id, by: actor, now: now)
  }

  func touchKey(_ id: Int64, at time: Timestamp) async throws(StoreError) {
    try await next.touchKey(id, at: time)
  }
}

extension AlternatingStore: EventStore {
  func append(_ events: [Event]) async throws(StoreError) { try await next.append(events) }

  func events(after number: Int64, kinds: Set<Event.Kind>?, limit: Int) async throws(StoreError) -> EventPage {
    try await next.events(after: number, kinds: kinds, limit: limit)
  }

  func lastEventNumber() async throws(StoreError) -> Int64 { try await next.lastEventNumber() }

  func purgeEvents(before time: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await next.purgeEvents(before: time, limit: limit)
  }

  func eventCursor(of follower: String) async throws(StoreError) -> Int64? {
    try await next.eventCursor(of: follower)
  }

  func setEventCursor(_ number: Int64, of follower: String) async throws(StoreError) {
    try await next.setEventCursor(number, of: follower)
  }
}
