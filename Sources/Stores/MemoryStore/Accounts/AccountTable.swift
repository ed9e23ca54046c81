internal import Accounts
internal import SessionCore

/// All accounts with their indexes; every change goes through ``put(_:)`` and ``remove(_:)``, which keep
/// both in step.
struct AccountTable {
  /// An account with what is never shown with it.
  struct Entry {
    var account: Account
    var password: PasswordHash?
    var due: ClosingDue?
  }

  /// Accounts that lie together in a list of their own.
  enum Group: Hashable {
    case all
    case activity(Bool)
    case level(AccountLevel)
    case both(AccountLevel, isActive: Bool)

    /// The groups that an account belongs to.
    static func groups(of profile: AccountProfile) -> [Group] {
      [
        .all, .activity(profile.isActive), .level(profile.level), .both(profile.level, isActive: profile.isActive),
      ]
    }

    /// The smallest group that holds all that a filter can match.
    init(_ filter: AccountFilter) {
      switch (filter.level, filter.isActive) {
      case (nil, nil): self = .all
      case (nil, let isActive?): self = .activity(isActive)
      case (let level?, nil): self = .level(level)
      case (let level?, let isActive?): self = .both(level, isActive: isActive)
      }
    }
  }

  private(set) var entries: [AccountID: Entry] = [:]
  private(set) var emails: [EmailAddress: AccountID] = [:]
  private(set) var usernames: [ExactText: AccountID] = [:]
  private(set) var links: [IdentityLink: AccountID] = [:]
  /// The ids of each group, lowest first.
  private(set) var groups: [Group: [AccountID]] = [:]
  /// The accounts that owe the closing of their sessions.
  private(set) var dues: Set<AccountID> = []
  private var lastNumber: Int64 = 0

  /// A number never given before.
  mutating func nextID() -> AccountID {
    lastNumber += 1
    return AccountID(lastNumber)
  }

  /// Sees to it that a number is not given again.
  mutating func noteGiven(_ id: AccountID) { lastNumber = max(lastNumber, id.number) }

  /// Adds an account, or puts it in the place of the one with its id.
  mutating func put(_ entry: Entry) {
    let (id, profile) = (entry.account.id, entry.account.profile)
    let old = entries.updateValue(entry, forKey: id)?.account.profile
    if let old { unindexNames(old) }
    if let email = profile.email { emails[email] = id }
    if let username = profile.username { usernames[username] = id }
    for link in profile.links { links[link] = id }
    if entry.due == nil { dues.remove(id) } else { dues.insert(id) }
    guard old?.level != profile.level || old?.isActive != profile.isActive else { return }
    if let old { unindexGroups(id, old) }
    for group in Group.groups(of: profile) {
      let place = place(of: id, in: group)
      groups[group, default: []].insert(id, at: place)
    }
  }

  /// Takes an account out.
  mutating func remove(_ id: AccountID) -> Account? {
    guard let account = entries.removeValue(forKey: id)?.account else { return nil }
    unindexNames(account.profile)
    unindexGroups(id, account.profile)
    dues.remove(id)
    return account
  }

  private mutating func unindexNames(_ profile: AccountProfile) {
    if let email = profile.email { emails[email] = nil }
    if let username = profile.username { usernames[username] = nil }
    for link in profile.links { links[link] = nil }
  }

  private mutating func unindexGroups(_ id: AccountID, _ profile: AccountProfile) {
    for group in Group.groups(of: profile) {
      let place = place(of: id, in: group)
      if let ids = groups[group], place < ids.count, ids[place] == id { groups[group]?.remove(at: place) }
    }
  }

  /// How many ids of a group are lower than `id`.
  func place(of id: AccountID, in group: Group) -> Int {
    guard let ids = groups[group] else { return 0 }
    var (low, high) = (0, ids.count)
    while low < high {
      let middle = (low + high) / 2
      if ids[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
