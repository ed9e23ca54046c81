public import SessionCore

/// Which accounts a list is about: those that meet every condition that is not `nil`.
public struct AccountFilter: Sendable, Equatable {
  /// The account of that address.
  public var email: EmailAddress?
  /// The account of that user name.
  public var username: ExactText?
  /// Accounts of that level.
  public var level: AccountLevel?
  /// Active accounts, or those that are not.
  public var isActive: Bool?
  /// Verified accounts, or those that are not.
  public var isVerified: Bool?
  /// Accounts created at that time or later.
  public var createdFrom: Timestamp?
  /// Accounts created before that time.
  public var createdBefore: Timestamp?

  /// The filter that every account meets.
  public init() {}

  /// Whether `account` meets every condition.
  public func matches(_ account: Account) -> Bool {
    let profile = account.profile
    if let email, profile.email != email { return false }
    if let username, profile.username != username { return false }
    if let level, profile.level != level { return false }
    if let isActive, profile.isActive != isActive { return false }
    if let isVerified, profile.isVerified != isVerified { return false }
    if let createdFrom, account.created < createdFrom { return false }
    if let createdBefore, account.created >= createdBefore { return false }
    return true
  }
}

/// What a list of accounts is asked for.
public struct AccountQuery: Sendable, Equatable {
  /// Which accounts.
  public var filter: AccountFilter
  /// Whether the highest id comes first.
  public var isDescending: Bool
  /// The account after which the page begins; `nil` for the first page.
  public var after: AccountID?
  /// How many at most, 1 or more.
  public var limit: Int
  /// Whether all that match are counted, whatever the page.
  public var counts: Bool

  /// A query for the first `limit` accounts, lowest id first.
  public init(
    _ filter: AccountFilter = AccountFilter(), isDescending: Bool = false, after: AccountID? = nil, limit: Int = 100,
    counts: Bool = false
  ) {
    self.filter = filter
    self.isDescending = isDescending
    self.after = after
    self.limit = limit
    self.counts = counts
  }
}

/// One page of accounts.
public struct AccountPage: Sendable, Equatable {
  /// The accounts, in order.
  public var accounts: [Account]
  /// Where the next page begins; `nil` if there are no more.
  public var next: AccountID?
  /// How many match in all, if that was asked.
  public var count: Int?

  /// A page from its parts.
  public init(accounts: [Account], next: AccountID?, count: Int?) {
    self.accounts = accounts
    self.next = next
    self.count = count
  }
}
