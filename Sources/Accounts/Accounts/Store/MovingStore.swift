public import SessionCore

/// A store whose whole contents can be moved: sessions, accounts and the digests of service keys.
///
/// What is moved in comes as it was elsewhere, under the number that it had there: the user ids of sessions, and other
/// people's tables, name it. The log is not told, for nothing happened.
public protocol MovingStore: BulkSessionStore, AccountStore, ServiceKeyStore {
  /// Adds an account as it is, under its own number; one that is there already stays as it is.
  ///
  /// No account becomes an administrator by being the first. Numbers given from then on are above this one. One that is
  /// not active owes the closing of its sessions.
  ///
  /// - Returns: what became of it; whatever it is but ``AccountMoveOutcome/added``, nothing has changed.
  func move(_ account: MovedAccount) async throws(StoreError) -> AccountMoveOutcome

  /// The 32 bytes by which a service key is found, or `nil` if there is no such key.
  func digest(ofKey id: Int64) async throws(StoreError) -> [UInt8]?
}

/// An account on its way from one store to another, with its password's hash.
public struct MovedAccount: Sendable, Equatable {
  /// The greatest number that every store can go on from.
  public static let greatestNumber: Int64 = 99_999_999_999_999

  /// The account; whether it has a password is said by ``password``.
  public var account: Account
  /// The hash of its password.
  public var password: PasswordHash?

  /// An account and its hash.
  public init(_ account: Account, password: PasswordHash?) {
    self.account = account
    self.account.hasPassword = password != nil
    self.password = password
  }

  /// What is owed to its sessions when it arrives.
  public var due: ClosingDue? { account.profile.isActive ? nil : ClosingDue() }
}

/// What became of an account that was moved.
public enum AccountMoveOutcome: Sendable, Equatable {
  /// It was added.
  case added
  /// It is there: an account of its number that was created at the same time.
  case kept
  /// Its number is another account's, which was created at another time.
  case numberTaken
  /// Something of it belongs to another account.
  case taken(UniqueMember)
}

extension MovedAccount {
  /// What an account of its number in the store means for it; for stores.
  ///
  /// - Parameter created: when the one in the store was created.
  /// - Returns: kept if that is when this one was.
  public func outcome(besideOneOf created: Timestamp) -> AccountMoveOutcome {
    created == account.created ? .kept : .numberTaken
  }
}
