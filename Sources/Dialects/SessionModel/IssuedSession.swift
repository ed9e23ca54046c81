import JSON
import SessionCore

/// What opening or updating a session answers: the session, and the cookie that proves it from now on.
///
/// Prints without the cookie.
public struct IssuedSession: Sendable {
  /// The session's id, which is no secret.
  public let sid: String
  /// The unique identifier of its user.
  public let uid: String
  /// The cookie: JSON text of its attributes `maxAge` (milliseconds), `expires` ("YYYY-MM-DD HH:MM:SS.ffffff", UTC),
  /// `secure`, `httpOnly`, `sameSite`, and of a `token`.
  ///
  /// A credential. It is to be shown again as it is, byte for byte.
  public let data: String
  /// What the session is for.
  public let type: String?

  init(_ session: Session, cookie: IssuedCookie) {
    sid = session.id.description
    uid = session.userID.string
    data = String(decoding: cookie.text, as: UTF8.self)
    type = session.kind?.string
  }

  func write(into json: inout JSONWriter) {
    json.beginObject()
    json.member("sid", sid)
    json.member("uid", uid)
    json.member("data", data)
    json.name("type")
    if let type { json.string(type) } else { json.null() }
    json.endObject()
  }
}

extension IssuedSession: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The session's id.
  public var description: String { sid }
  /// The session's id.
  public var debugDescription: String { sid }
  /// A mirror of the session's id alone.
  public var customMirror: Mirror { Mirror(self, children: ["sid": sid]) }
}
