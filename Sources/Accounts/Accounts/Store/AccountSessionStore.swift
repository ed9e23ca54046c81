public import SessionCore

/// Lists live sessions together with the accounts that they are of.
///
/// ## Contract
/// - What is listed is alive at the `now` that is given, by the rule of `SessionStore`: an open row past its deadline
///   is not listed. One call sees sessions and accounts as they are at one moment.
/// - A session is of the account whose id as decimal text is its user id, byte for byte; one whose user is no account
///   is listed too, with a `nil` account.
/// - Which sessions are listed is exactly what ``AccountSessionCondition/holds(for:)`` says of each.
/// - Values of conditions are bound: no value is ever a part of a statement's text.
/// - `SessionTesting` holds this contract as tests that every store runs.
public protocol AccountSessionStore: Sendable {
  /// One page of live sessions that meet a condition, the newest first, and of one time the highest id first.
  ///
  /// A condition that leads to one user (`userID`, `email` or `username` equal to a text, at its top or beside others
  /// in ``AccountSessionCondition/all(_:)``) costs the sessions of that user. Any other walks the live sessions until
  /// the page is full.
  func accountSessions(_ query: AccountSessionQuery, now: Timestamp) async throws(StoreError) -> AccountSessionPage
}

/// What a list of sessions with their accounts is asked for.
public struct AccountSessionQuery: Sendable, Equatable {
  /// Which sessions.
  public var condition: AccountSessionCondition
  /// The place after which the page begins, by open time and id; `nil` for the first page.
  public var after: SessionCursor?
  /// How many at most, 1 or more.
  public var limit: Int

  /// A query for the first `limit` sessions, by default of all that live.
  public init(_ condition: AccountSessionCondition = .all([]), after: SessionCursor? = nil, limit: Int = 100) {
    self.condition = condition
    self.after = after
    self.limit = limit
  }
}

/// One session of such a list.
public struct AccountSession: Sendable, Equatable {
  /// The session's public id.
  public var id: SessionID
  /// Whose it is.
  public var userID: ExactText
  /// The client's address.
  public var address: ExactText?
  /// When it was opened.
  public var opened: Timestamp
  /// Whose account it is; `nil` if its user has none.
  public var account: SessionHolder?

  /// A row from its parts.
  public init(id: SessionID, userID: ExactText, address: ExactText?, opened: Timestamp, account: SessionHolder?) {
    self.id = id
    self.userID = userID
    self.address = address
    self.opened = opened
    self.account = account
  }

  /// The row of a session.
  public init(_ session: Session, account: SessionHolder?) {
    self.init(
      id: session.id, userID: session.userID, address: session.address, opened: session.openTime, account: account)
  }

  /// Its place in the list.
  public var place: SessionCursor { SessionCursor(time: opened, id: id) }
}

/// What such a list shows of an account.
public struct SessionHolder: Sendable, Equatable {
  /// Its number.
  public var id: AccountID
  /// When it was created.
  public var created: Timestamp
  /// The user name.
  public var username: ExactText?
  /// The e-mail address.
  public var email: EmailAddress?
  /// The given name.
  public var firstName: ExactText?
  /// The family name.
  public var lastName: ExactText?

  /// The part of `account` that is shown.
  public init(_ account: Account) {
    id = account.id
    created = account.created
    username = account.profile.username
    email = account.profile.email
    firstName = account.profile.firstName
    lastName = account.profile.lastName
  }

  /// A holder with nothing but a number and a time.
  public init(id: AccountID, created: Timestamp) {
    self.id = id
    self.created = created
  }
}

/// One page of such a list.
public struct AccountSessionPage: Sendable, Equatable {
  /// The rows, in order.
  public var rows: [AccountSession]
  /// Where the next page begins; `nil` if there are no more.
  public var next: SessionCursor?

  /// A page from its parts.
  public init(rows: [AccountSession], next: SessionCursor?) {
    self.rows = rows
    self.next = next
  }
}
