import Accounts
import SessionCore
import Synchronization

/// Hashes passwords by writing them down, which takes no time and can be counted.
final class FakeHasher: PasswordHasher {
  private struct State {
    var verifications = 0
    var hashings = 0
    var isBusy = false
    var wait: TimeSpan?
  }

  private let state = Mutex(State())

  /// The hash of today's parameters.
  static func hash(_ password: String) -> PasswordHash { PasswordHash("$argon2id$" + written(password)) }
  /// A hash that is to be upgraded.
  static func weakHash(_ password: String) -> PasswordHash { PasswordHash("$2b$" + written(password)) }

  private static func written(_ password: String) -> String {
    password.utf8.map { String($0, radix: 16) }.joined(separator: ".")
  }

  /// How many passwords were checked.
  var verifications: Int { state.withLock { $0.verifications } }

  /// Has every call answer that too many are waiting.
  func setBusy(_ isBusy: Bool) { state.withLock { $0.isBusy = isBusy } }

  /// Has the hasher say beforehand that too many are waiting.
  func setWait(_ wait: TimeSpan?) { state.withLock { $0.wait = wait } }

  var wait: TimeSpan? { state.withLock { $0.wait } }

  func refusal(ofNew password: String, context: [String]) -> String? {
    if password.utf8.count < 8 { return "must be at least 8 characters" }
    return context.contains(password) ? "must not be your own name" : nil
  }

  func hash(_ password: String) async -> HashingOutcome {
    let isBusy = state.withLock { state in
      state.hashings += 1
      return state.isBusy
    }
    return isBusy ? .busy(retryAfter: .seconds(2)) : .hashed(Self.hash(password))
  }

  func verify(_ password: String, against hash: PasswordHash?) async -> PasswordVerdict {
    let isBusy = state.withLock { state in
      state.verifications += 1
      return state.isBusy
    }
    if isBusy { return .busy(retryAfter: .seconds(2)) }
    switch hash {
    case Self.hash(password): return .right(upgrade: nil)
    case Self.weakHash(password): return .right(upgrade: Self.hash(password))
    default: return .wrong
    }
  }
}
