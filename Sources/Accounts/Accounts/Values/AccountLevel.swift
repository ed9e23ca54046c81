/// What an account may do, in order; the raw values are those of the interfaces.
public enum AccountLevel: String, Sendable, CaseIterable {
  /// I: may look around.
  case guest = "I"
  /// U: an ordinary user.
  case user = "U"
  /// C: sees all accounts.
  case collaborator = "C"
  /// T: a technician.
  case technician = "T"
  /// A: may change every account.
  case administrator = "A"
}

extension AccountLevel: Comparable {
  /// Its place in the order, from 0.
  public var rank: Int {
    switch self {
    case .guest: 0
    case .user: 1
    case .collaborator: 2
    case .technician: 3
    case .administrator: 4
    }
  }

  /// Whether `left` may less.
  public static func < (left: AccountLevel, right: AccountLevel) -> Bool { left.rank < right.rank }
}
