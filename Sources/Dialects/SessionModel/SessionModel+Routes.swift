import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension SessionModel {
  private static let sid = Schema.Member.required("sid", .string("The session's id."))
  private static let uniqueIdentifier = Schema.Member.required(
    "unique_identifier", .string("Whose session it is.", length: 1...SessionPolicy.userIDLimit))
  private static let userAgent = Schema.Member.required(
    "user_agent", .string("The User-Agent of the user's request.", length: 0...SessionPolicy.userAgentLimit))
  private static let status = Schema.Member.optional(
    "status", .string("The session's status; without it, none.", length: 0...SessionPolicy.textLimit).orNull)
  private static let type = Schema.Member.optional(
    "type", .string("What the session is for; without it, nothing.", length: 0...SessionPolicy.textLimit).orNull)

  private static let issued = Schema.named(
    "SessionModelSession",
    .object(
      [
        .required("sid", .string("The session's id.")), .required("uid", .string("The unique identifier.")),
        .required(
          "data",
          .string("JSON text of the cookie: maxAge, expires, secure, httpOnly, sameSite and token. A credential.")),
        .required("type", .string("What the session is for.").orNull),
      ], unknownMembers: .ignored, "A session with its newest cookie."))

  /// The three calls.
  var routes: [Route] {
    [
      route(
        "create", "sessionModelCreate", "Opens a session.", scope: .sessionsWrite,
        [Self.uniqueIdentifier, Self.userAgent, Self.status, Self.type], Self.issued,
        [Route.Answer(.conflict, "The user has as many live sessions as the policy allows.")]
      ) { parameters, actor throws(SessionModelError) in
        try await create(
          uniqueIdentifier: parameters.text("unique_identifier"), userAgent: parameters.text("user_agent"),
          status: parameters.optionalText("status"), type: parameters.optionalText("type"), by: actor
        ).response
      },
      route(
        "find", "sessionModelFind", "Finds a live session by its cookie; counts as a request of it.",
        scope: .sessionsRead,
        [
          Self.sid, Self.uniqueIdentifier, Self.userAgent, .required("cookie", .string("The data issued last.")),
          Self.status, Self.type,
        ], .string("The unique identifier."), []
      ) { parameters, _ throws(SessionModelError) in
        let uid = try await find(
          sid: parameters.text("sid"), uniqueIdentifier: parameters.text("unique_identifier"),
          userAgent: parameters.text("user_agent"), cookie: parameters.text("cookie"),
          status: parameters.optionalText("status"), type: parameters.optionalText("type"))
        return .json { json in json.string(uid) }
      },
      route(
        "update", "sessionModelUpdate", "Sets a session's status and replaces its cookie.", scope: .sessionsWrite,
        [Self.sid, Self.uniqueIdentifier, Self.status, Self.type], Self.issued, []
      ) { parameters, actor throws(SessionModelError) in
        try await update(
          sid: parameters.text("sid"), uniqueIdentifier: parameters.text("unique_identifier"),
          status: parameters.optionalText("status"), type: parameters.optionalText("type"), by: actor
        ).response
      },
    ]
  }

  private func route(
    _ name: String, _ operationID: String, _ summary: String, scope: ServiceScope, _ members: [Schema.Member],
    _ answer: Schema, _ more: [Route.Answer],
    call: @escaping @Sendable (Parameters, Actor) async throws(SessionModelError) -> HTTPResponse
  ) -> Route {
    var route = Route(
      .post, "/\(name)", operationID, summary, access: .service(scope), body: Route.Body(.object(members)),
      answers: [Route.Answer(.ok, "The result.", answer)] + more
    ) { request throws(Problem) in
      do throws(SessionModelError) {
        return try await call(Parameters(root: request.body?.root), request.service)
      } catch {
        throw Problem(error)
      }
    }
    route.tags = ["Session_Model"]
    return route
  }
}

/// The members of a body that the route's schema has admitted.
private struct Parameters {
  let root: JSONValue?

  func text(_ name: StaticString) -> String { optionalText(name) ?? "" }

  func optionalText(_ name: StaticString) -> String? { root?[name]?.string }
}

extension IssuedSession {
  fileprivate var response: HTTPResponse { .json { json in write(into: &json) } }
}
