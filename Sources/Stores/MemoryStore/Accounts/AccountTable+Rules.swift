internal import Accounts
internal import SessionCore

extension AccountTable {
  /// What of a profile belongs to another account than `id`; a link that it names twice counts as such.
  func taken(by profile: AccountProfile, of id: AccountID?) -> UniqueMember? {
    if let email = profile.email, let owner = emails[email], owner != id { return .email }
    if let username = profile.username, let owner = usernames[username], owner != id { return .username }
    if Set(profile.links).count < profile.links.count { return .links }
    for link in profile.links {
      if let owner = links[link], owner != id { return .links }
    }
    return nil
  }

  /// Whether there is an active administrator other than `id`.
  func hasAdministrator(otherThan id: AccountID?) -> Bool {
    groups[.both(.administrator, isActive: true)]?.contains { $0 != id } ?? false
  }
}

extension AccountProfile {
  /// Whether the account may change every other.
  var isActiveAdministrator: Bool { isActive && level == .administrator }
}
