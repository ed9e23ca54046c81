public import SessionCore

/// Logs users in by password or id token, and changes passwords.
///
/// Whoever guesses learns nothing: for an unknown address, a wrong password, an account that is not active and one
/// without a password the answer, the work, and the reads and writes are the same.
public final class Logins: Sendable {
  let accounts: Accounts
  let sessions: Sessions
  let store: any LoginStore
  let events: any EventStore
  let hasher: any PasswordHasher
  let identities: (any IdentityVerifier)?
  let policy: LoginPolicy
  let throttled: ThrottleNotes
  let places: LoginPlaces

  /// Log-ins to `accounts`, which open `sessions`.
  ///
  /// - Parameters:
  ///   - accounts: the accounts.
  ///   - sessions: where sessions are opened; those that end with the accounts.
  ///   - store: where tries are counted, on all nodes.
  ///   - events: where what happened is told.
  ///   - hasher: what checks passwords.
  ///   - identities: what verifies id tokens; `nil` if none are taken.
  ///   - policy: how many tries, and who gets an account.
  public init(
    accounts: Accounts, sessions: Sessions, store: any LoginStore, events: any EventStore, hasher: any PasswordHasher,
    identities: (any IdentityVerifier)?, policy: LoginPolicy
  ) {
    self.accounts = accounts
    self.sessions = sessions
    self.store = store
    self.events = events
    self.hasher = hasher
    self.identities = identities
    self.policy = policy
    throttled = ThrottleNotes(window: policy.window)
    places = LoginPlaces(limit: policy.underWay, limitOfOne: policy.attemptsPerAddress)
  }

  var clock: any SessionClock { sessions.clock }

  /// Tells why a log-in was refused; the client is not told.
  func refuse(
    _ cause: String, _ account: Account?, session: SessionID? = nil, by actor: Actor
  ) async throws(StoreError) -> LoginVerdict {
    var event = Event(.loginRefused, at: clock.now(), by: actor, reason: cause)
    event.userID = account?.id.userID
    event.sessionID = session
    try await events.append([event])
    return .refused
  }
}
