import DialectKit
import HTTPMessages
import HTTPRouting
import JSON

/// The protocol's one shape of answer: whether it went well, and a message.
enum ServiceAnswer {
  static let format = ProblemFormat(
    name: "ServiceFailure", mediaType: "application/json", schema: .named("ServiceFailure", failure))

  /// What says that there is nothing to answer with.
  static let failure = Schema.object(
    [
      .required("success", .boolean("False.")), .required("message", .string("What stands in the way, in words.")),
    ], unknownMembers: .ignored, "Why there is no result.")

  /// A result, or why there is none.
  static func schema(_ message: Schema) -> Schema {
    .object([.required("success", .boolean("Whether there is a result.")), .required("message", message)])
  }

  static func success(_ message: (inout JSONWriter) -> Void) -> HTTPResponse {
    .json { json in
      json.beginObject()
      json.member("success", true)
      json.name("message")
      message(&json)
      json.endObject()
    }
  }

  static func failure(
    saying message: String, status: HTTPStatus = .ok, fields: [HTTPField] = []
  ) -> HTTPResponse {
    .json(status, fields: fields) { json in
      json.beginObject()
      json.member("success", false)
      json.member("message", message)
      json.endObject()
    }
  }

  static func failure(_ problem: Problem) -> HTTPResponse {
    let message =
      if let first = problem.errors.first {
        first.member.isEmpty ? "The body \(first.reason)." : "\(first.member) \(first.reason)."
      } else {
        problem.detail
      }
    return failure(saying: message, status: problem.status, fields: problem.fields)
  }
}
