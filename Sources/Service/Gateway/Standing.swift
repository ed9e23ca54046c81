import Accounts

/// What the accounts say of a session's user.
enum Standing: Sendable, Equatable {
  /// The user has no account here.
  case stranger
  /// The account is off: its sessions end, and until they have, they open nothing.
  case inactive
  /// The account's level.
  case member(AccountLevel)

  /// The standing of a user with that account, if any.
  init(_ account: Account?) {
    guard let profile = account?.profile else {
      self = .stranger
      return
    }
    self = profile.isActive ? .member(profile.level) : .inactive
  }

  /// The level; `nil` for a user that has none.
  var level: AccountLevel? {
    if case .member(let level) = self { level } else { nil }
  }

  /// Whether it reaches a level; whoever has none reaches none.
  func reaches(_ required: AccountLevel?) -> Bool {
    guard let required else { return true }
    return level.map { $0 >= required } ?? false
  }
}
