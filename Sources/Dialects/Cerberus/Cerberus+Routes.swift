import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension Cerberus {
  private static let token = Schema.Member.optional("token", .string("The token; none is 404.").orNull)
  private static let limit = Schema.Member.optional(
    "limit", .integer("How many rows at most.", in: 1...Int64(CerberusSessions.rowLimit)))
  private static let gone = Route.Answer(.forbidden, "The session is unknown, has ended or has expired.")

  private func function(
    _ name: String, _ summary: String, scope: ServiceScope, _ members: [Schema.Member], answers: [Route.Answer],
    atOnce: Route.AtOnce? = nil, handler: @escaping Route.Handler
  ) -> Route {
    let operationID = "cerberus" + name.prefix(1).uppercased() + name.dropFirst()
    var route = Route(
      .post, "/sessions/\(name)", operationID, summary, access: .service(scope),
      body: Route.Body(.object(members, unknownMembers: .ignored), isRequired: false), answers: answers,
      atOnce: atOnce, handler: handler)
    route.tags = ["Cerberus"]
    return route
  }

  /// The seven functions.
  var routes: [Route] { tokenRoutes + userRoutes + listRoutes }

  private var tokenRoutes: [Route] {
    let made = Route.Answer(.created, "The token.", CerberusReply.withToken)
    return [
      function(
        "create", "Logs a user in and makes a token.", scope: .sessionsWrite,
        [
          .required("email", .string("The account's address.")),
          .required("password", .string("The password.", format: "password")),
          .optional(
            "ip",
            .string(
              "The client's address, against which wrong passwords count; the caller's own by default.",
              length: 0...255)),
        ],
        answers: [
          made, Route.Answer(.unauthorized, "They don't match; the same for an unknown address."),
          Route.Answer(.forbidden, "Not an e-mail address."),
          Route.Answer(.conflict, "The user has as many live sessions as the policy allows."),
          Route.Answer(HTTPStatus(429), "Too many log-ins failed."),
        ]
      ) { request throws(Problem) in try await create(request) },
      function(
        "renew", "Makes the next token of a user's session.", scope: .sessionsWrite,
        [
          .required(
            "user",
            .object(
              [
                .required("id", .any("The user id, a number or a string.")),
                .optional("session", .string("The session's public id; by default the user's newest.").orNull),
              ], unknownMembers: .ignored, "What get has answered."))
        ], answers: [made, Self.gone]
      ) { request throws(Problem) in try await renew(request) },
      function(
        "revoke", "Ends every session of a user.", scope: .sessionsWrite,
        [.required("userID", .any("The user id, a number or a string."))],
        answers: [
          Route.Answer(.ok, "They are ended.", CerberusReply.plain),
          Route.Answer(.forbidden, "Tokens are stateless here."),
        ]
      ) { request throws(Problem) in try await revoke(request) },
    ]
  }

  private var userRoutes: [Route] {
    let answers = [
      Route.Answer(.ok, "The user.", CerberusReply.withUser), Self.gone,
      Route.Answer(.unauthorized, "Not a token."), Route.Answer(.notFound, "No token."),
    ]
    return [
      function(
        "get", "Finds the user of a token; counts as a request of the session.", scope: .sessionsRead, [Self.token],
        answers: answers, atOnce: getAtOnce
      ) { request throws(Problem) in try await get(request, fresh: false) },
      function(
        "getUpdated", "Reads the user of a token anew; counts as a request of the session.", scope: .sessionsRead,
        [Self.token], answers: answers
      ) { request throws(Problem) in try await get(request, fresh: true) },
    ]
  }

  private var listRoutes: [Route] {
    let answers = [Route.Answer(.ok, "The rows.", CerberusRow.list)]
    return [
      function(
        "listAll", "Lists the live sessions, the newest first.", scope: .sessionsRead, [Self.limit], answers: answers
      ) { request throws(Problem) in try await list(request, [:]) },
      function(
        "listSome", "Lists the live sessions that meet conditions, the newest first.", scope: .sessionsRead,
        [
          .required(
            "where",
            .any(
              """
              An object whose members must all hold, or an array of such objects of which one must. A member is a \
              field with a value, or with {"operator": "=", "!=", "<", "<=", ">" or ">=", "value": …}.
              """)),
          Self.limit,
        ], answers: answers
      ) { request throws(Problem) in
        guard let conditions = request.body?.root["where"] else { throw .invalid("where", "is missing") }
        return try await list(request, try CerberusWhere(conditions))
      },
    ]
  }
}
