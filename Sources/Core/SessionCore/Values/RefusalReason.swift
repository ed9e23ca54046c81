/// Why a token is not let in.
///
/// For operators and services; the caller who sent the token is never told which.
public enum RefusalReason: String, Sendable, CaseIterable {
  /// It is not a token of this form.
  case malformed
  /// Its code is wrong, or its key is not accepted any more.
  case forged
  /// There is no such session.
  case unknown
  /// It was renewed, and its grace time is over.
  case superseded
  /// Its session has ended.
  case closed
}
