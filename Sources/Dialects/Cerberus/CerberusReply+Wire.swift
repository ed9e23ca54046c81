import DialectKit
import HTTPMessages
import HTTPRouting
import JSON

extension CerberusReply {
  /// The reply that a problem is told as.
  init(_ problem: Problem) {
    self.init(success: false, status: problem.status.code, message: problem.detail)
    err = problem.detail
    if let first = problem.errors.first {
      err = first.member.isEmpty ? "The body \(first.reason)." : "\(first.member) \(first.reason)."
    }
  }

  /// The reply as JSON.
  func write(into json: inout JSONWriter) {
    json.beginObject()
    json.member("success", success)
    json.member("status", Int64(status))
    json.member("message", message)
    if let token { json.member("token", token) }
    if let user {
      json.name("user")
      user.write(into: &json)
    }
    if let err { json.member("err", err) }
    json.endObject()
  }

  /// The reply as an answer of its status.
  func response(fields: [HTTPField] = []) -> HTTPResponse {
    .json(HTTPStatus(status), fields: fields) { json in write(into: &json) }
  }

  private static let facts: [Schema.Member] = [
    .required("success", .boolean("Whether the call did what it is for.")),
    .required("status", .integer("The status.", in: 100...599)),
    .required("message", .string("A sentence about it.")),
  ]

  /// The reply of `create` and `renew`.
  static let withToken = Schema.object(
    facts + [.required("token", .string("The token, a secret."))], unknownMembers: .ignored)

  /// The reply of `get` and `getUpdated`.
  static let withUser = Schema.object(facts + [.required("user", CerberusUser.schema)], unknownMembers: .ignored)

  /// The reply of `revoke`.
  static let plain = Schema.object(facts, unknownMembers: .ignored)

  /// The reply of a failed call.
  static let format = ProblemFormat(
    name: "CerberusReply", mediaType: "application/json",
    schema: .named(
      "CerberusReply",
      .object(
        facts + [.required("err", .string("What went wrong."))], unknownMembers: .ignored, "A failed call's reply.")))
}
