import DialectKit
import HTTPMessages
import HTTPRouting
import JSON

/// The protocol's error document.
enum ErrorV1 {
  static let format = ProblemFormat(
    name: "ErrorV1", mediaType: "application/json",
    schema: .named(
      "ErrorV1",
      .object(
        [
          .required("type", .string("The category with \"Exception\" after it.")),
          .required("category", .string("The kind of error, coarser than the status.")),
          .required("status", .integer("The status.", in: 400...599)),
          .required("code", .string("A stable name for programs, in upper case.")),
          .required("message", .string("What went wrong.")),
          .required(
            "details", .object([], unknownMembers: .ignored, "What is wrong with each member, by its name.").orNull),
          .required("correlation_id", .string("The caller's name for the request, or the request's id.")),
          .required("cause", .any("Always null.")),
          .required("stack_trace", .any("Always null.")),
        ], unknownMembers: .ignored, "What went wrong.")))

  static func response(_ problem: Problem, correlationID: String) -> HTTPResponse {
    let category = category(of: problem.status)
    return .json(problem.status, fields: problem.fields) { json in
      json.beginObject()
      json.member("type", "\(category)Exception")
      json.member("category", category)
      json.member("status", Int64(problem.status.code))
      json.member("code", code(of: problem.code))
      json.member("message", message(of: problem))
      json.name("details")
      if problem.errors.isEmpty {
        json.null()
      } else {
        json.beginObject()
        var named: Set<[UInt8]> = []
        for error in problem.errors where named.insert(Array(error.member.utf8)).inserted {
          json.name(error.member)
          json.string(error.reason)
        }
        json.endObject()
      }
      json.member("correlation_id", correlationID)
      json.name("cause")
      json.null()
      json.name("stack_trace")
      json.null()
      json.endObject()
    }
  }

  /// The original's categories are coarser than HTTP's statuses: the status stays, the category is the nearest.
  private static func category(of status: HTTPStatus) -> String {
    switch status.code {
    case 401, 403: "Unauthorized"
    case 404: "NotFound"
    case 409, 412: "Conflict"
    case 400..<500: "BadRequest"
    case 503: "NoResponse"
    case 500, 507: "Internal"
    default: "Unknown"
    }
  }

  private static func code(of code: Problem.Code) -> String {
    code == .invalidRequest ? "INVALID_DATA" : code.rawValue.uppercased()
  }

  private static func message(of problem: Problem) -> String {
    guard let first = problem.errors.first else { return problem.detail }
    return first.member.isEmpty ? "The body \(first.reason)." : "\(first.member) \(first.reason)."
  }
}
