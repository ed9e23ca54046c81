import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import SessionCore

extension Problem {
  /// 404, for an account.
  static let noAccount = Problem(.notFound, .notFound, "There is no such account.")

  /// 404, for a service key.
  static let noKey = Problem(.notFound, .notFound, "There is no such key.")

  /// 409, for something that only one account can have.
  static func taken(_ member: UniqueMember) -> Problem {
    let code: Code =
      switch member {
      case .email: .emailTaken
      case .username: .usernameTaken
      case .links: .linkTaken
      }
    return Problem(
      .conflict, code, "Another account has this.",
      errors: [MemberError(member.rawValue, "belongs to another account")])
  }

  /// 409, for the last active administrator.
  static let lastAdministrator = Problem(
    .conflict, .lastAdministrator,
    "This is the last active administrator; make another one first.")

  /// 401, for a log-in, whatever its cause.
  static let loginRefused = Problem(
    .unauthorized, .loginRefused, "These credentials do not open a session.",
    fields: [HTTPField("WWW-Authenticate", "Bearer")])

  /// 403, for a change of password by one who does not know the current one.
  static let wrongPassword = Problem(.forbidden, .wrongPassword, "The current password is another one.")

  /// 409, for a change of a password that is not there.
  static let noPassword = Problem(.conflict, .noPassword, "The caller has no password here.")

  /// 409, for a user who has all the sessions that the policy allows.
  static func sessionLimit(_ maximum: Int) -> Problem {
    Problem(.conflict, .sessionLimit, "The user has \(maximum) live sessions already, as many as the policy allows.")
  }

  /// 429, for guessing.
  static func tooManyAttempts(retryAfter wait: TimeSpan) -> Problem {
    Problem(
      HTTPStatus(429), .tooManyAttempts, "There were too many attempts; come back later.", fields: [retryAfter(wait)])
  }

  /// 503, when more passwords wait to be hashed than may.
  static func busy(retryAfter wait: TimeSpan) -> Problem {
    Problem(
      .serviceUnavailable, .busy, "More passwords are being checked than this server can; come back later.",
      fields: [retryAfter(wait)])
  }

  /// The wait in whole seconds, at least one: who comes back a moment too soon is refused again.
  private static func retryAfter(_ wait: TimeSpan) -> HTTPField {
    let (seconds, rest) = wait.milliseconds.quotientAndRemainder(dividingBy: 1000)
    return HTTPField("Retry-After", "\(max(1, rest == 0 ? seconds : seconds + 1))")
  }
}
