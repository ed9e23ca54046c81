import Accounts
import SessionCore

/// A hasher that takes no work: every password is answered with "come back later".
struct NoPasswords: PasswordHasher {
  func refusal(ofNew password: String, context: [String]) -> String? { nil }
  func hash(_ password: String) async -> HashingOutcome { .busy(retryAfter: .minutes(1)) }
  func verify(_ password: String, against hash: PasswordHash?) async -> PasswordVerdict {
    .busy(retryAfter: .minutes(1))
  }
}
