public import Accounts
import Configuration
import HTTPMessages
public import PasswordHashing
import SessionCore

/// A pool of hashing threads, as accounts and log-ins see it.
public struct PooledHasher: PasswordHasher {
  let pool: PasswordPool

  /// A hasher on a pool, which the caller stops.
  public init(pool: PasswordPool) { self.pool = pool }

  /// Why a password can't be set, by the pool's rules; `nil` if it can.
  public func refusal(ofNew password: String, context: [String]) -> String? {
    pool.refusal(ofNew: password, context: context)
  }

  /// How long whoever came now would be told to wait; `nil` if the pool has room.
  public var wait: TimeSpan? { pool.wait.map { TimeSpan($0) } }

  /// Hashes a password that is to be stored.
  public func hash(_ password: String) async -> HashingOutcome {
    switch await pool.hash(password) {
    case .hashed(let text): .hashed(PasswordHash(text))
    case .busy(let wait): .busy(retryAfter: TimeSpan(wait))
    }
  }

  /// Compares a password with a stored hash; without one it takes as long, and is wrong.
  public func verify(_ password: String, against hash: PasswordHash?) async -> PasswordVerdict {
    switch await pool.verify(password, against: hash?.text) {
    case .right(let upgrade): .right(upgrade: upgrade.map { PasswordHash($0) })
    case .wrong: .wrong
    case .busy(let wait): .busy(retryAfter: TimeSpan(wait))
    }
  }

  /// Whether a hash is of a form that can be compared with.
  public func canVerify(_ hash: PasswordHash) -> Bool { StoredPassword(hash.text) != nil }
}

extension TimeSpan {
  /// A duration in whole milliseconds, rounded up.
  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let whole = TimeSpan.seconds(seconds).milliseconds
    let rest = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    self.init(milliseconds: whole.addingReportingOverflow(rest).overflow ? .max : whole + rest)
  }
}

extension PasswordPool {
  /// The pool that the settings describe.
  convenience init(_ settings: Settings.Password) throws(StartError) {
    do throws(PasswordHashingError) {
      try self.init(
        parameters: try Argon2Parameters(memory: settings.memory >> 10, passes: settings.passes),
        rules: PasswordRules(forbidden: ["sesame"]),
        limits: Limits(threads: settings.threads == 0 ? nil : settings.threads, waiting: settings.queue))
    } catch {
      throw StartError("password.memory, password.passes: \(error.description)", underlying: error)
    }
  }
}
