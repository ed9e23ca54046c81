import HTTPMessages
import HTTPRouting

extension SesameAPI {
  /// Logging in, and changing one's own password.
  var loginRoutes: [Route] {
    [
      Route(
        .post, "/login", "logIn", "Opens a session for a password or an id token.", access: .open,
        body: Route.Body(LoginSchema.credentials),
        answers: [
          Route.Answer(
            .created, "Logged in. The token is shown this once, or came by cookie.", LoginSchema.opened),
          Route.Answer(.unauthorized, "Refused; why is not said."),
          Route.Answer(.forbidden, "A cookie was asked for by a page of another origin."),
          Route.Answer(.conflict, "The user has as many live sessions as the policy allows."), LoginSchema.tooMany,
          LoginSchema.busy,
        ]
      ) { request throws(Problem) in try await logIn(request) },
      Route(
        .post, "/password", "changePassword",
        "Changes the caller's own password; their other sessions end, and this one gets a new token.",
        access: .user, body: Route.Body(LoginSchema.passwords),
        answers: [
          Route.Answer(
            .ok, "The session and its new token, which came by cookie if the old one did.", SessionSchema.opened),
          Route.Answer(.forbidden, "The current password is wrong, or a change by cookie lacks its proof."),
          Route.Answer(.conflict, "The caller has no password that could be changed."), LoginSchema.tooMany,
          LoginSchema.busy,
        ]
      ) { request throws(Problem) in try await changePassword(request) },
    ].map { $0.tagged("log-in") }
  }
}
