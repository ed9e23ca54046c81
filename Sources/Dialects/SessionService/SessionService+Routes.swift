import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import SessionCore

extension SessionService {
  private static let userID = Schema.string("Whose session it is.", length: 1...SessionPolicy.userIDLimit)
  // Of the format that admits every character: the token is its caller's, whatever it is made of.
  private static let token = Schema.string(
    "The token that the caller has made.", length: 1...SessionPolicy.carriedTokenLimit, format: "password")

  private static let times: [Schema.Member] = [
    .optional("ttl", .any("A number of seconds, as a number or text, or a span such as \"30m\" or \"7d\".")),
    .optional("created_at", .any("A time of RFC 3339, or seconds or milliseconds since 1970.")),
    .optional("expired_at", .any("The same; goes before ttl.")),
  ]

  private static let credentials = Route.Body(
    .object([.required("user_id", userID), .required("token", token)] + times, unknownMembers: .ignored))

  var routes: [Route] {
    let session = Route.Answer(
      .ok, "The session; or, without success, why there is none.",
      ServiceAnswer.schema(.any("The session, a ServiceSession, or a sentence.")))
    let routes = [
      Route(
        .get, "/session", "serviceGetSession", "Shows a user's newest live session, with its token.",
        access: .service(ServiceScope.sessionsWrite), query: [QueryParameter("user_id", Self.userID)],
        answers: [session]
      ) { request throws(Problem) in try await getSession(request) },
      Route(
        .post, "/verify", "serviceVerify", "Verifies a user's token; counts as a request of its session.",
        access: .service(ServiceScope.sessionsRead), body: Self.credentials,
        answers: [
          Route.Answer(
            .ok, "Whether it is valid, and the given times are those of its session.",
            ServiceAnswer.schema(.oneOf(["true", "false"], "A truth value as text.")))
        ], atOnce: verifyAtOnce
      ) { request throws(Problem) in try await verify(request) },
      Route(
        .post, "/create", "serviceCreate", "Opens a session with a token of the caller's own making.",
        access: .service(ServiceScope.sessionsWrite), body: Self.credentials, answers: [session]
      ) { request throws(Problem) in try await create(request) },
    ]
    return routes.map { route in
      var route = route
      route.tags = ["session service"]
      return route
    }
  }
}
