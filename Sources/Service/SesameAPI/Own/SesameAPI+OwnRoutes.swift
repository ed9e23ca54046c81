import HTTPMessages
import HTTPRouting

extension SesameAPI {
  /// The routes for users, on their own sessions.
  var ownRoutes: [Route] {
    let routes = [
      Route(
        .get, "/session", "showOwnSession", "Verifies the caller's token and shows the session.", access: .user,
        query: [QueryParameter("fresh", .boolean("Whether the store is read whatever the cache holds."))],
        answers: [
          Route.Answer(.ok, "The session; with csrf_token if the token came by cookie.", SessionSchema.session)
        ],
        atOnce: showOwnAtOnce, fetch: fetchOwn
      ) { request throws(Problem) in try await showOwn(request) },
      Route(
        .post, "/session/renew", "renewOwnSession", "Renews the caller's token.", access: .user,
        answers: [
          Route.Answer(
            .ok, "The session and the new token, which came by cookie if the old one did.", SessionSchema.opened)
        ]
      ) { request throws(Problem) in try await renewOwn(request) },
      Route(
        .delete, "/session", "logOut", "Closes the caller's session and clears the cookie.", access: .user,
        answers: [Route.Answer(.noContent, "Logged out.")]
      ) { request throws(Problem) in try await logOut(request) },
      Route(
        .get, "/session/mine", "listOwnSessions", "Lists the caller's live sessions, newest first.", access: .user,
        query: [Self.limit, Self.cursor],
        answers: [Route.Answer(.ok, "A page; `current` marks the caller's own session.", SessionSchema.page)]
      ) { request throws(Problem) in try await listOwn(request) },
      Route(
        .delete, "/session/others", "logOutElsewhere", "Closes the caller's other sessions.", access: .user,
        answers: [
          Route.Answer(
            .ok, "How many were closed.", .object([.required("count", .integer())], unknownMembers: .ignored))
        ]
      ) { request throws(Problem) in try await logOutElsewhere(request) },
      Route(
        .delete, "/session/mine/{id}", "closeOwnSession", "Closes one of the caller's sessions.", access: .user,
        parameters: [PathParameter("id", SessionSchema.id)],
        answers: [Route.Answer(.noContent, "It is closed.")]
      ) { request throws(Problem) in try await closeOwn(request) },
    ]
    return routes.map { $0.tagged("own session") }
  }
}
