import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import SessionCore

extension SesameAPI {
  private static let id = PathParameter("id", SessionSchema.id)
  private static let read = Access.service(.sessionsRead)
  private static let write = Access.service(.sessionsWrite)

  /// The routes for services, on all sessions.
  var serviceRoutes: [Route] {
    let routes = [
      Route(
        .post, "/sessions", "openSession", "Opens a session.", access: Self.write,
        body: Route.Body(SessionSchema.draft(sessions.policy)),
        answers: [
          Route.Answer(.created, "It is open. The token is shown this once.", SessionSchema.opened),
          Route.Answer(
            .conflict, "The user has as many live sessions as the policy allows, or an account that is not active."),
        ]
      ) { request throws(Problem) in try await open(request) },
      Route(
        .get, "/sessions", "listSessions", "Lists sessions.", access: Self.read, query: Self.listParameters,
        answers: [Route.Answer(.ok, "A page of the list.", SessionSchema.page)]
      ) { request throws(Problem) in try await list(request) },
      Route(
        .post, "/sessions/close", "closeSessions", "Closes all sessions that match, or counts them.",
        access: Self.write,
        body: Route.Body(Self.closing),
        answers: [Route.Answer(.ok, "How many were, or would be, closed.", Self.closed)]
      ) { request throws(Problem) in try await closeMatching(request) },
      Route(
        .get, "/sessions/{id}", "showSession", "Shows a session.", access: Self.read, parameters: [Self.id],
        answers: [Route.Answer(.ok, "The session, with its ETag.", SessionSchema.session)]
      ) { request throws(Problem) in try await show(request) },
      Route(
        .patch, "/sessions/{id}", "changeSession", "Changes a session by JSON merge patch; honours If-Match.",
        access: Self.write, parameters: [Self.id],
        body: Route.Body(SessionSchema.patch, mediaTypes: ["application/merge-patch+json", "application/json"]),
        answers: [
          Route.Answer(.ok, "The session as changed, with its ETag.", SessionSchema.session),
          Route.Answer(.conflict, "The session has ended."),
          Route.Answer(.preconditionFailed, "The session is not at a revision that If-Match names."),
        ]
      ) { request throws(Problem) in try await change(request) },
      Route(
        .delete, "/sessions/{id}", "removeSession", "Erases a session.", access: Self.write, parameters: [Self.id],
        answers: [Route.Answer(.noContent, "It is gone.")]
      ) { request throws(Problem) in try await remove(request) },
      Route(
        .post, "/sessions/{id}/close", "closeSession", "Closes a session; one that has ended stays as it is.",
        access: Self.write, parameters: [Self.id],
        body: Route.Body(.object([.optional("reason", Self.reason)]), isRequired: false),
        answers: [Route.Answer(.ok, "The session as it stands.", SessionSchema.session)]
      ) { request throws(Problem) in try await close(request) },
    ]
    return routes.map { $0.tagged("sessions") }
  }

  static let reason = Schema.oneOf(SessionSchema.givenReasons, "Why; revoked if left out.")
}

extension Route {
  /// The route under a chapter of the API document.
  func tagged(_ tag: String) -> Route {
    var route = self
    route.tags = [tag]
    return route
  }
}
