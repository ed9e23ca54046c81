import HTTPRouting
import JSON
import SessionCore

/// A session as this protocol shows it: its five members, in the forms in which they were given.
struct KeptSession: Sendable {
  let session: Session
  let token: String
  let given: SessionTimes

  /// A session with what was sealed for it, or, without that, with the token that opens it now.
  init(_ session: Session, sealed: [UInt8]?, derived: SessionToken) {
    self.session = session
    let root = sealed.flatMap { try? JSONDocument(parsing: $0, limits: .widest).root }
    token = root?["token"]?.string ?? String(decoding: derived.text, as: UTF8.self)
    given = SessionTimes(root)
  }

  /// What is sealed of a caller's token and times.
  static func sealed(_ token: JSONText, _ times: SessionTimes) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.name("token")
    json.raw(token)
    for (name, form) in [
      ("ttl", times.ttl?.form), ("created_at", times.createdAt?.form), ("expired_at", times.expiredAt?.form),
    ] {
      guard let form else { continue }
      json.name(name)
      json.raw(form)
    }
    json.endObject()
    return json.bytes
  }

  /// When it ends, if nothing else ends it.
  var end: Timestamp { session.openTime + session.lifetime }

  /// Its time to live: the caller's own word, else from its beginning to its end in whole seconds.
  var ttl: TimeSpan { given.ttl?.meaning ?? .seconds(session.lifetime.milliseconds / 1000) }

  func write(into json: inout JSONWriter) {
    json.beginObject()
    json.member("user_id", session.userID.string)
    json.member("token", token)
    json.name("ttl")
    if let form = given.ttl?.form { json.raw(form) } else { json.string("\(ttl.milliseconds / 1000)") }
    json.name("created_at")
    write(given.createdAt?.form, session.openTime, into: &json)
    json.name("expired_at")
    write(given.expiredAt?.form, end, into: &json)
    json.endObject()
  }

  private func write(_ form: JSONText?, _ time: Timestamp, into json: inout JSONWriter) {
    if let form { json.raw(form) } else { json.string(utf8: time.rfc3339) }
  }

  static let schema = Schema.named(
    "ServiceSession",
    .object(
      [
        .required("user_id", .string("Whose session it is.")),
        .required("token", .string("Its token.")),
        .required("ttl", .any("Its time to live as it was given, else a number of seconds as text.")),
        .required("created_at", .any("When it began, as it was given, else in RFC 3339.")),
        .required("expired_at", .any("When it ends, as it was given, else in RFC 3339.")),
      ], unknownMembers: .ignored, "A session of the session service."))
}
