import Accounts
import MemoryStore
import SessionCore

/// A memory store of which single verbs about accounts, log-ins and keys are replaced by wrong ones.
struct BrokenAccounts: AccountStore, LoginStore, ServiceKeyStore, EventStore {
  typealias Verb<Input, Output> = @Sendable (MemoryStore, Input) async throws(StoreError) -> Output
  typealias Insertion = (profile: AccountProfile, password: PasswordHash?, actor: Actor, now: Timestamp)
  typealias Replacement = (profile: AccountProfile, id: AccountID, revision: Int64, actor: Actor, now: Timestamp)
  typealias NewPassword = (
    hash: PasswordHash, current: PasswordHash?, due: ClosingDue?, id: AccountID, actor: Actor, now: Timestamp
  )
  typealias NewKey = (
    name: ExactText, scopes: Set<ServiceScope>, expires: Timestamp?, digest: [UInt8], actor: Actor, now: Timestamp
  )

  let base = MemoryStore()
  var insert: Verb<Insertion, AccountInsertOutcome> = { base, input throws(StoreError) in
    try await base.insert(input.profile, password: input.password, by: input.actor, now: input.now)
  }
  var account: Verb<AccountID, Account?> = { base, id throws(StoreError) in try await base.account(id) }
  var replace: Verb<Replacement, AccountReplaceOutcome> = { base, input throws(StoreError) in
    try await base.replace(
      input.profile, of: input.id, revision: input.revision, by: input.actor, now: input.now)
  }
  var setPassword: Verb<NewPassword, Bool> = { base, input throws(StoreError) in
    try await base.setPassword(
      input.hash, replacing: input.current, closing: input.due, of: input.id, by: input.actor, now: input.now)
  }
  var remove: Verb<(id: AccountID, actor: Actor, now: Timestamp), AccountRemoveOutcome> = {
    base, input throws(StoreError) in
    try await base.remove(input.id, by: input.actor, now: input.now)
  }
  var page: Verb<AccountQuery, AccountPage> = { base, query throws(StoreError) in try await base.page(query) }
  var closingsDue: Verb<Int, [(id: AccountID, due: ClosingDue)]> = { base, limit throws(StoreError) in
    try await base.closingsDue(limit: limit)
  }
  var settle: Verb<(id: AccountID, due: ClosingDue), Void> = { base, input throws(StoreError) in
    try await base.settleClosing(of: input.id, due: input.due)
  }
  var countAttempt: Verb<(rules: [AttemptRule], now: Timestamp), AttemptVerdict> = { base, input throws(StoreError) in
    try await base.countAttempt(input.rules, now: input.now)
  }
  var forget: Verb<[String], Void> = { base, keys throws(StoreError) in try await base.forgetAttempts(keys) }
  var giveBack: Verb<[String], Void> = { base, keys throws(StoreError) in try await base.returnAttempts(keys) }
  var useOnce: Verb<(key: String, end: Timestamp, now: Timestamp), Bool> = { base, input throws(StoreError) in
    try await base.useOnce(input.key, until: input.end, now: input.now)
  }
  var purge: Verb<(now: Timestamp, limit: Int), Int> = { base, input throws(StoreError) in
    try await base.purgeLoginNotes(now: input.now, limit: input.limit)
  }
  var insertKey: Verb<NewKey, ServiceKey> = { base, input throws(StoreError) in
    try await base.insertKey(
      name: input.name, scopes: input.scopes, expires: input.expires, digest: input.digest, by: input.actor,
      now: input.now)
  }
  var serviceKey: Verb<[UInt8], ServiceKey?> = { base, digest throws(StoreError) in
    try await base.serviceKey(digest: digest)
  }
  var serviceKeys: Verb<(id: Int64, limit: Int), [ServiceKey]> = { base, input throws(StoreError) in
    try await base.serviceKeys(after: input.id, limit: input.limit)
  }
  var revokeKey: Verb<(id: Int64, actor: Actor, now: Timestamp), ServiceKey?> = { base, input throws(StoreError) in
    try await base.revokeKey(input.id, by: input.actor, now: input.now)
  }
  var touchKey: Verb<(id: Int64, time: Timestamp), Void> = { base, input throws(StoreError) in
    try await base.touchKey(input.id, at: input.time)
  }

  /// A store that is sound but for what `change` puts in.
  init(_ change: (inout BrokenAccounts) -> Void = { _ in }) { change(&self) }
}

extension BrokenAccounts {
  func insert(
    _ profile: AccountProfile, password: PasswordHash?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountInsertOutcome { try await insert(base, (profile, password, actor, now)) }
  func account(_ id: AccountID) async throws(StoreError) -> Account? { try await account(base, id) }
  func account(email: EmailAddress) async throws(StoreError) -> Account? { try await base.account(email: email) }
  func account(username: ExactText) async throws(StoreError) -> Account? {
    try await base.account(username: username)
  }
  func account(link: IdentityLink) async throws(StoreError) -> Account? { try await base.account(link: link) }
  func passwordHash(of id: AccountID) async throws(StoreError) -> PasswordHash? {
    try await base.passwordHash(of: id)
  }
  func replace(
    _ profile: AccountProfile, of id: AccountID, revision: Int64, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountReplaceOutcome {
    try await replace(base, (profile, id, revision, actor, now))
  }
  func setPassword(
    _ hash: PasswordHash, replacing current: PasswordHash?, closing due: ClosingDue?, of id: AccountID,
    by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool { try await setPassword(base, (hash, current, due, id, actor, now)) }
  func remove(_ id: AccountID, by actor: Actor, now: Timestamp) async throws(StoreError) -> AccountRemoveOutcome {
    try await remove(base, (id, actor, now))
  }
  func page(_ query: AccountQuery) async throws(StoreError) -> AccountPage { try await page(base, query) }
  func closingsDue(limit: Int) async throws(StoreError) -> [(id: AccountID, due: ClosingDue)] {
    try await closingsDue(base, limit)
  }
  func settleClosing(of id: AccountID, due: ClosingDue) async throws(StoreError) { try await settle(base, (id, due)) }

  func countAttempt(_ rules: [AttemptRule], now: Timestamp) async throws(StoreError) -> AttemptVerdict {
    try await countAttempt(base, (rules, now))
  }
  func forgetAttempts(_ keys: [String]) async throws(StoreError) { try await forget(base, keys) }
  func returnAttempts(_ keys: [String]) async throws(StoreError) { try await giveBack(base, keys) }
  func useOnce(_ key: String, until end: Timestamp, now: Timestamp) async throws(StoreError) -> Bool {
    try await useOnce(base, (key, end, now))
  }
  func purgeLoginNotes(now: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await purge(base, (now, limit))
  }

  func insertKey(
    name: ExactText, scopes: Set<ServiceScope>, expires: Timestamp?, digest: [UInt8], by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> ServiceKey {
    try await insertKey(base, (name, scopes, expires, digest, actor, now))
  }
  func serviceKey(digest: [UInt8]) async throws(StoreError) -> ServiceKey? { try await serviceKey(base, digest) }
  func serviceKeys(after id: Int64, limit: Int) async throws(StoreError) -> [ServiceKey] {
    try await serviceKeys(base, (id, limit))
  }
  func revokeKey(_ id: Int64, by actor: Actor, now: Timestamp) async throws(StoreError) -> ServiceKey? {
    try await revokeKey(base, (id, actor, now))
  }
  func touchKey(_ id: Int64, at time: Timestamp) async throws(StoreError) { try await touchKey(base, (id, time)) }

  func append(_ events: [Event]) async throws(StoreError) { try await base.append(events) }
  func events(
    after number: Int64, kinds: Set<Event.Kind>?, limit: Int
  ) async throws(StoreError) -> EventPage { try await base.events(after: number, kinds: kinds, limit: limit) }
  func lastEventNumber() async throws(StoreError) -> Int64 { try await base.lastEventNumber() }
  func purgeEvents(before time: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await base.purgeEvents(before: time, limit: limit)
  }
  func eventCursor(of follower: String) async throws(StoreError) -> Int64? {
    try await base.eventCursor(of: follower)
  }
  func setEventCursor(_ number: Int64, of follower: String) async throws(StoreError) {
    try await base.setEventCursor(number, of: follower)
  }
}
