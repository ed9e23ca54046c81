import JSON
import SessionCore

/// Who the user is at the issuer (OpenID Connect Core section 2).
struct SubjectRule {
  /// The subject, of 1 to 255 bytes.
  func check(_ claims: JSONValue) throws(TokenRefusal) -> ExactText {
    guard let text = claims["sub"]?.string, (1...255).contains(text.utf8.count) else { throw .subject }
    return ExactText(text)
  }
}
