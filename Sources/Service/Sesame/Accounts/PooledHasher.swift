import Accounts
import Configuration
import HTTPMessages
import PasswordHashing
import SessionCore

/// The pool of hashing threads, as accounts see it.
struct PooledHasher: PasswordHasher {
  let pool: PasswordPool

  func refusal(ofNew password: String, context: [String]) -> String? {
    pool.refusal(ofNew: password, context: context)
  }

  func hash(_ password: String) async -> HashingOutcome {
    switch await pool.hash(password) {
    case .hashed(let text): .hashed(PasswordHash(text))
    case .busy(let wait): .busy(retryAfter: TimeSpan(wait))
    }
  }

  func verify(_ password: String, against hash: PasswordHash?) async -> PasswordVerdict {
    switch await pool.verify(password, against: hash?.text) {
    case .right(let upgrade): .right(upgrade: upgrade.map { PasswordHash($0) })
    case .wrong: .wrong
    case .busy(let wait): .busy(retryAfter: TimeSpan(wait))
    }
  }

  func canVerify(_ hash: PasswordHash) -> Bool { StoredPassword(hash.text) != nil }
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
