import DialectKit
import HTTPMessages
import HTTPRouting
import SessionCore

/// The refusals that the original knew, in its words, and those that it did not.
extension Problem {
  /// 401, for an unknown address, a wrong password and an account that is not active.
  static let noMatch = Problem(
    .unauthorized, .loginRefused, "Authentication failed. User and password don't match.")

  /// 403, for what can't be an e-mail address.
  static let invalidEmail = Problem(.forbidden, .invalidRequest, "Invalid email address.")

  /// 401, for what no token of ours is.
  static let invalidToken = Problem(.unauthorized, .unauthorized, "Invalid token.")

  /// 403, for a session that is unknown, ended or expired, and for a token that another has replaced.
  static let sessionGone = Problem(.forbidden, .sessionClosed, "Session not found.")

  /// 404, for no token at all.
  static let noToken = Problem(.notFound, .notFound, "No token provided.")

  /// 403, for a call to revoke where tokens are stateless.
  static let notRevocable = Problem(.forbidden, .invalidRequest, "This kind of sessions can't be revoked.")

  /// 429, for too many tries.
  static func guessed(retryAfter wait: TimeSpan) -> Problem {
    Problem(
      HTTPStatus(429), .tooManyAttempts, "Too many failed log-ins; try again later.", fields: [.retryAfter(wait)])
  }

  /// 503, for more passwords than can be checked.
  static func overloaded(retryAfter wait: TimeSpan) -> Problem {
    Problem(
      .serviceUnavailable, .busy, "Too many log-ins at once; try again later.", fields: [.retryAfter(wait)])
  }

  /// 409, for a user with as many sessions as the policy allows.
  static func tooManySessions(_ maximum: Int) -> Problem {
    Problem(
      .conflict, .sessionLimit, "The user has \(maximum) live sessions already, as many as the policy allows.")
  }
}

extension HTTPField {
  /// Retry-After in whole seconds, rounded up.
  fileprivate static func retryAfter(_ wait: TimeSpan) -> HTTPField {
    let (seconds, rest) = wait.milliseconds.quotientAndRemainder(dividingBy: 1000)
    return HTTPField("Retry-After", "\(max(1, rest > 0 ? seconds + 1 : seconds))")
  }
}
