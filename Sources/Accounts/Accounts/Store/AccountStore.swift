public import SessionCore

/// Where accounts are kept.
///
/// ## Contract
/// - The general promises of `SessionStore` hold: each verb is atomic, an answer is durable, missing is `nil`, text
///   is compared by its bytes (an e-mail address by its ``EmailAddress/key``) and comes back byte for byte.
/// - E-mail addresses, user names and links are unique among all accounts, active or not; a profile that names one link
///   twice is refused as if another account had it.
/// - **There is always an administrator**: an account that is active and added while no active account has level
///   `administrator` gets that level; no verb takes the last active one away, however many run at once.
/// - Each verb that changes something adds the event for it to the log in the same step, if the store has one.
/// - An account whose sessions must end carries that debt (``ClosingDue``) from the same write on, until
///   ``settleClosing(of:due:)``: a process that stops in between finishes the work when it starts again.
public protocol AccountStore: Sendable {
  /// Adds an account at revision 1 under a number never given before.
  func insert(
    _ profile: AccountProfile, password: PasswordHash?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountInsertOutcome

  /// The account, or `nil`.
  func account(_ id: AccountID) async throws(StoreError) -> Account?
  /// The account of that address, or `nil`.
  func account(email: EmailAddress) async throws(StoreError) -> Account?
  /// The account of that user name, or `nil`.
  func account(username: ExactText) async throws(StoreError) -> Account?
  /// The account of that user of an OpenID provider, or `nil`.
  func account(link: IdentityLink) async throws(StoreError) -> Account?

  /// The account's password hash; `nil` if it has none or is missing.
  func passwordHash(of id: AccountID) async throws(StoreError) -> PasswordHash?

  /// Replaces the profile of an account that is still at `revision`, and raises the revision by one.
  ///
  /// The event lists the names of the members that differ. An account that is not active afterwards owes the closing
  /// of its sessions.
  func replace(
    _ profile: AccountProfile, of id: AccountID, revision: Int64, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountReplaceOutcome

  /// Sets the password of an account whose hash is still `current`, and raises the revision by one.
  ///
  /// - Parameters:
  ///   - hash: the new hash.
  ///   - current: the hash that it must have now; `nil` for none.
  ///   - due: whose sessions must end because of it; `nil` for a hash that was merely upgraded, which is no event.
  ///   - id: whose.
  ///   - actor: who asked.
  ///   - now: the time.
  /// - Returns: whether it was set; `false` if the account is missing or has another hash.
  /// - Throws: if the store fails.
  func setPassword(
    _ hash: PasswordHash, replacing current: PasswordHash?, closing due: ClosingDue?, of id: AccountID,
    by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool

  /// Removes an account; its sessions must have been closed.
  func remove(_ id: AccountID, by actor: Actor, now: Timestamp) async throws(StoreError) -> AccountRemoveOutcome

  /// One page of accounts by id, found by an index where the filter names e-mail, user name, level or active.
  func page(_ query: AccountQuery) async throws(StoreError) -> AccountPage

  /// Accounts that owe the closing of their sessions, lowest id first, at most `limit`.
  func closingsDue(limit: Int) async throws(StoreError) -> [(id: AccountID, due: ClosingDue)]

  /// Takes the debt away, if it is still this one.
  func settleClosing(of id: AccountID, due: ClosingDue) async throws(StoreError)
}

/// Sessions of an account that must end.
public struct ClosingDue: Sendable, Hashable {
  /// The session that may go on: the one that changed its own password.
  public var except: SessionID?

  /// A debt, but for one session.
  public init(except: SessionID? = nil) { self.except = except }

  /// What is owed if `other` becomes due before this is settled: a session goes on only if both let it.
  public func joined(with other: ClosingDue) -> ClosingDue {
    self == other ? self : ClosingDue()
  }
}

/// What became of adding an account.
public enum AccountInsertOutcome: Sendable, Equatable {
  /// It was added.
  case inserted(Account)
  /// Something of it belongs to another account.
  case taken(UniqueMember)
}

/// What became of changing an account.
public enum AccountReplaceOutcome: Sendable, Equatable {
  /// It was changed; the account now, and as it was.
  case replaced(Account, before: Account)
  /// It is missing.
  case missing
  /// It is at another revision.
  case conflict
  /// Something of it belongs to another account.
  case taken(UniqueMember)
  /// It is the last active administrator, and would not be one any more.
  case lastAdministrator
}

/// What became of removing an account.
public enum AccountRemoveOutcome: Sendable, Equatable {
  /// It was removed; the account as it was.
  case removed(Account)
  /// It is missing.
  case missing
  /// It is the last active administrator.
  case lastAdministrator
}

/// What only one account can have.
public enum UniqueMember: String, Sendable, CaseIterable {
  /// The e-mail address.
  case email
  /// The user name.
  case username
  /// A link to an OpenID provider.
  case links
}
