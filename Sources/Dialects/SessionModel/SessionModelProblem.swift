import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

/// How the routes say that something went wrong: an object that names the original's exception.
enum SessionModelProblem {
  static let format = ProblemFormat(
    name: "SessionModelError", mediaType: "application/json",
    schema: .named(
      "SessionModelError",
      .object(
        [
          .required("error", .string("The name of the exception, such as \"Unauthorized\".")),
          .required("status", .integer("The status.", in: 400...599)),
          .required("message", .string("What went wrong, in a sentence.")),
          .required("code", .string("A stable name for programs, in snake_case.")),
          .required("request_id", .string("The request's id, as in X-Request-Id and the server's log.")),
        ], unknownMembers: .ignored, "What went wrong.")))

  static func response(_ problem: Problem, requestID: String) -> HTTPResponse {
    .json(problem.status, fields: problem.fields) { json in
      json.beginObject()
      json.member("error", name(of: problem.status))
      json.member("status", Int64(problem.status.code))
      json.member("message", message(of: problem))
      json.member("code", problem.code.rawValue)
      json.member("request_id", requestID)
      json.endObject()
    }
  }

  /// The names of exceptions in the original's framework; those of its document are the first three.
  private static func name(of status: HTTPStatus) -> String {
    switch status.code {
    case 401: "Unauthorized"
    case 409: "Conflict"
    case 500: "InternalServerError"
    case 403: "Forbidden"
    case 404: "NotFound"
    case 405: "MethodNotAllowed"
    case 413: "RequestEntityTooLarge"
    case 415: "UnsupportedMediaType"
    case 503: "ServiceUnavailable"
    case 400..<500: "BadRequest"
    default: "InternalServerError"
    }
  }

  private static func message(of problem: Problem) -> String {
    guard let first = problem.errors.first else { return problem.detail }
    return first.member.isEmpty ? "The body \(first.reason)." : "\(first.member) \(first.reason)."
  }
}

extension Problem {
  /// A failed call, as the routes answer it.
  init(_ error: SessionModelError) {
    switch error.code {
    case .unauthorized:
      // A 401 names a scheme (RFC 9110 section 15.5.2); this protocol's parameters are none of the registered ones.
      self.init(
        .unauthorized, .unauthorized, error.description, fields: [HTTPField("WWW-Authenticate", "Session-Model")])
    case .conflict: self.init(.conflict, .sessionLimit, error.description)
    case .badRequest: self.init(.badRequest, .invalidRequest, error.description)
    case .internalServerError:
      if let underlying = error.underlying {
        // Whatever the store's trouble is, the original has one status for it.
        self.init(underlying)
        status = .internalServerError
      } else {
        self.init(.internalServerError, .internalError, error.description)
      }
    }
  }
}
