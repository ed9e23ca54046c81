import DialectKit
import HTTPRouting
import JSON
import SessionCore

/// The protocol's session.
///
/// A member without a value is `null`.
enum SessionV1 {
  static func write(_ session: Session, withContents: Bool = true, into json: inout JSONWriter) {
    json.beginObject()
    json.member("id", utf8: session.id.text)
    json.member("user_id", session.userID.string)
    write("user_name", session.userName, into: &json)
    json.member("active", session.closeTime == nil)
    json.member("open_time", utf8: session.openTime.rfc3339)
    json.member("request_time", utf8: session.requestTime.rfc3339)
    json.name("close_time")
    if let closeTime = session.closeTime { json.string(utf8: closeTime.rfc3339) } else { json.null() }
    write("address", session.address, into: &json)
    write("client", session.client, into: &json)
    if withContents {
      json.name("user")
      json.raw(session.user ?? .null)
      json.name("data")
      json.raw(session.data ?? .null)
    }
    json.endObject()
  }

  private static func write(_ name: StaticString, _ text: ExactText?, into json: inout JSONWriter) {
    json.name(name)
    if let text { json.string(text.string) } else { json.null() }
  }

  private static let text = Schema.string(length: 0...SessionPolicy.textLimit)

  static let schema = Schema.named(
    "SessionV1",
    .object(
      [
        .required("id", .string("The session's id.")),
        .required("user_id", .string("Whose session it is.")),
        .required("user_name", text.orNull),
        .required("active", .boolean("Whether it is alive.")),
        .required("open_time", .time("When it was opened.")),
        .required("request_time", .time("When its last request was processed.")),
        .required("close_time", .time("When it ended.").orNull),
        .required("address", text.orNull),
        .required("client", text.orNull),
        .optional("user", .any("About the user; not in lists.")),
        .optional("data", .any("The session's data; not in lists.")),
      ], unknownMembers: .ignored, "An open or ended session of a user."))

  static let page = Schema.object(
    [.required("data", .array(of: schema)), .required("total", .integer("How many match, if asked.").orNull)],
    unknownMembers: .ignored)
}
