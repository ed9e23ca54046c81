import Cryptography
import JSON
import SessionCore

/// The cookie of one generation of a session, which is computed again instead of being kept.
struct IssuedCookie {
  /// The JSON text.
  let text: [UInt8]
  /// From when on it is not good any more.
  let expires: Timestamp

  private static let tokenEnd = Array("\"}".utf8)

  /// The cookie of a session as it stands, with that token in it.
  init(of session: Session, token: [UInt8], maxAge: TimeSpan, isSecure: Bool) {
    expires = session.renewTime + maxAge
    var json = JSONWriter()
    json.beginObject()
    json.member("maxAge", maxAge.milliseconds)
    json.member("expires", utf8: Self.text(of: expires))
    json.member("secure", isSecure)
    json.member("httpOnly", true)
    json.member("sameSite", "lax")
    // Last, where it is found without reading a text that nobody vouches for yet.
    json.member("token", utf8: token)
    json.endObject()
    text = json.bytes
  }

  /// What stands where a cookie's text has its token; `nil` if the text is too short to have one.
  static func token(in text: [UInt8]) -> [UInt8]? {
    guard text.count > SessionToken.textLength + tokenEnd.count else { return nil }
    return Array(text.dropLast(tokenEnd.count).suffix(SessionToken.textLength))
  }

  /// Whether `text` is this cookie, found out in time that does not depend on where they differ.
  func isEqual(_ text: [UInt8]) -> Bool { ConstantTime.areEqual(self.text, text) }

  /// "YYYY-MM-DD HH:MM:SS.ffffff", as the original writes it.
  private static func text(of time: Timestamp) -> [UInt8] {
    var text = time.rfc3339
    text[10] = UInt8(ascii: " ")
    text.replaceSubrange(23..., with: "000".utf8)
    return text
  }
}
