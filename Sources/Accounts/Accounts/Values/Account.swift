public import SessionCore

/// What is known of a user, and can be changed.
public struct AccountProfile: Sendable, Equatable {
  /// The e-mail address, which no other account has.
  public var email: EmailAddress?
  /// A short name, which no other account has; compared by its bytes, 1 to 255 of them, without "@".
  public var username: ExactText?
  /// The full name to show.
  public var name: ExactText?
  /// The given name.
  public var firstName: ExactText?
  /// The family name.
  public var lastName: ExactText?
  /// The address of a picture.
  public var picture: ExactText?
  /// The time zone's name, such as "Europe/Madrid".
  public var timezone: ExactText?
  /// What the account may do.
  public var level: AccountLevel
  /// Whether the user may log in; sessions of an account that is not active end.
  public var isActive: Bool
  /// Whether the e-mail address was shown to be the user's.
  public var isVerified: Bool
  /// Who the user is at OpenID providers; no other account has any of them.
  public var links: [IdentityLink]

  /// A profile with nothing in it but a level: active, not verified.
  public init(level: AccountLevel = .user) {
    self.level = level
    isActive = true
    isVerified = false
    links = []
  }
}

/// One account, as the store keeps it; its password hash is not in it.
public struct Account: Sendable, Equatable {
  /// Its number.
  public let id: AccountID
  /// What can be changed.
  public var profile: AccountProfile
  /// When it was created.
  public var created: Timestamp
  /// Whether it has a password.
  public var hasPassword: Bool
  /// Raised by each write; the key of optimistic concurrency.
  public var revision: Int64

  /// An account from its parts.
  public init(id: AccountID, profile: AccountProfile, created: Timestamp, hasPassword: Bool, revision: Int64) {
    self.id = id
    self.profile = profile
    self.created = created
    self.hasPassword = hasPassword
    self.revision = revision
  }
}
