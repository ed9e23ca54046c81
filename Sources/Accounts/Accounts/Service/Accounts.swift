public import SessionCore

/// The accounts of one node: finds, creates, changes and removes them, and ends their sessions where that is due.
///
/// Everything that changes an account goes through here, so that the cache is right; a change is seen by every request
/// that begins after it was answered, or, on other nodes that share the store, within the lease of their coherence.
public final class Accounts: Sendable {
  /// How many ids the cache may know.
  static let cacheLimit = 100_000

  let store: any AccountStore
  let sessions: Sessions
  let hasher: any PasswordHasher
  let clock: any SessionClock
  let cache = AccountCache(limit: Accounts.cacheLimit)
  let trust: CacheTrust

  /// The accounts of `store`.
  ///
  /// - Parameters:
  ///   - store: where they are kept.
  ///   - sessions: the sessions that end with them; their `Sessions.coherence` keeps the accounts' cache true, too.
  ///   - hasher: what hashes passwords.
  ///   - clock: where the time comes from.
  public init(store: any AccountStore, sessions: Sessions, hasher: any PasswordHasher, clock: any SessionClock) {
    self.store = store
    self.sessions = sessions
    self.hasher = hasher
    self.clock = clock
    trust = CacheTrust(of: store, sessions.coherence)
    sessions.coherence?.add(cache, lane: sessions.coherence?.directoryLane)
  }

  /// The account, or `nil`; from the cache unless `fresh`.
  public func account(_ id: AccountID, fresh: Bool = false) async throws(StoreError) -> Account? {
    if !fresh, trust.holdsDirectory(at: clock.now()) {
      switch cache.find(id) {
      case .account(let account): return account
      case .none: return nil
      case .miss: break
      }
    }
    let store = store
    return try await cache.read(id) { () async throws(StoreError) -> Account? in try await store.account(id) }
  }

  /// The account whose sessions have that user id; `nil` also for a user id that is no account's.
  public func account(ofUser userID: ExactText) async throws(StoreError) -> Account? {
    guard let id = AccountID(userID) else { return nil }
    return try await account(id)
  }

  /// As ``account(ofUser:)``, by the cache alone; never waits.
  public func accountAtOnce(ofUser userID: ExactText) -> CachedAccount {
    guard let id = AccountID(userID) else { return .none }
    return trust.holdsDirectory(at: clock.now()) ? cache.find(id) : .miss
  }

  /// One page of accounts by id, as the store has them.
  public func page(_ query: AccountQuery) async throws(StoreError) -> AccountPage {
    try await store.page(query)
  }
}
