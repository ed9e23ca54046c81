import Accounts
import HTTPMessages
import HTTPRouting

extension Gateway {
  /// The methods that proxies may ask with, and the last word of each operation's name; HEAD is answered as GET.
  private static let methods: [(method: HTTPMethod, word: String)] = [
    (.get, "Get"), (.post, "Post"), (.put, "Put"), (.patch, "Patch"), (.delete, "Delete"), (.options, "Options"),
  ]

  private static let level = QueryParameter(
    "level",
    .oneOf(
      AccountLevel.allCases.map(\.rawValue),
      "The lowest level that passes: I guest, U user, C collaborator, T technician, A administrator."))

  /// One route for each method; none of them reads a body.
  var routes: [Route] {
    Self.methods.map { method, word in
      var route = Route(
        method, "/forward-auth", "forwardAuth\(word)", "Tells a reverse proxy whether a request may pass.",
        access: .user, query: [Self.level],
        answers: [
          Route.Answer(
            .ok,
            "It may. X-Sesame-User, X-Sesame-Session and, for an account's session, X-Sesame-Level say whose it is."
          ),
          Route.Answer(.forbidden, "The session's account is below the level, or the session has none."),
        ],
        atOnce: method == .get ? answerAtOnce : nil
      ) { request throws(Problem) in try await answer(request) }
      route.readsQueryAtOnce = true
      route.tags = ["gateway"]
      return route
    }
  }
}
