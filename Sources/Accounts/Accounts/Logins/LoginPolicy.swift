public import SessionCore

/// How many tries guessing gets, and who gets an account by logging in.
public struct LoginPolicy: Sendable, Equatable {
  /// How many wrong passwords an account takes from one address in a window: 10.
  public var attempts = 10
  /// How many wrong passwords one address may send in a window, for whichever accounts: 10.
  public var attemptsPerAddress = 10
  /// How many wrong passwords an account takes from all addresses in a window: 100.
  public var attemptsPerAccount = 100
  /// How long a window is; it begins with the first try in it: 15 minutes.
  public var window = TimeSpan.minutes(15)
  /// After how many wrong passwords for an account from one address each further try must wait, a second at first and
  /// twice as long each time: 5.
  public var delayAfter = 5
  /// How many log-ins by password may be under way at once on one node, more than can be hashed in the meantime: 64.
  public var underWay = 64
  /// How many refused id tokens of one address are told in the event log in a window: 100.
  public var toldPerAddress = 100
  /// Who gets an account by showing an id token: nobody.
  public var enrolment = Enrolment.off

  /// The defaults.
  public init() {}
}

/// Who gets an account by showing an id token for which there is none.
public enum Enrolment: Sendable, Equatable {
  /// Nobody.
  case off
  /// Whoever shows a genuine one; the level of the new account.
  case on(AccountLevel)
  /// Whoever shows one with a verified e-mail address in one of these domains; the level for each. A domain is compared
  /// without regard to ASCII case, and does not stand for those below it.
  case domains([String: AccountLevel])
}
