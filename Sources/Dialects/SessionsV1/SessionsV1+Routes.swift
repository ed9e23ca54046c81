import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension SessionsV1 {
  private static let correlation = QueryParameter(
    "correlation_id", .any("A name for the request, echoed in errors and logs; also taken from a header of that name."))
  private static let sessionID = Schema.Member.required("session_id", .string("The session's id."))
  private static let text = Schema.string().orNull

  private func operation(
    _ name: String, _ operationID: String, _ summary: String, scope: ServiceScope, _ members: [Schema.Member],
    answer: Schema? = SessionV1.schema, conflict: String? = nil, atOnce: Route.AtOnce? = nil,
    handler: @escaping Route.Handler
  ) -> Route {
    var answers = [Route.Answer(.noContent, answer == nil ? "Done." : "There is no such session.")]
    if let answer { answers.insert(Route.Answer(.ok, "The result.", answer), at: 0) }
    if let conflict { answers.append(Route.Answer(.conflict, conflict)) }
    return Route(
      .post, "/\(name)", operationID, summary, access: .service(scope), query: [Self.correlation],
      body: Route.Body(.object(members, unknownMembers: .ignored), isRequired: !members.allSatisfy { !$0.isRequired }),
      answers: answers, atOnce: atOnce, handler: handler)
  }

  /// The eight operations.
  var operations: [Route] {
    let (read, write) = (ServiceScope.sessionsRead, ServiceScope.sessionsWrite)
    let loose = Schema.any()
    let ended = "The session has ended."
    let routes = [
      operation(
        "get_sessions", "v1GetSessions", "Lists sessions, the latest request first.", scope: read,
        [
          .optional(
            "filter",
            .object(
              ["id", "user_id", "active", "from_time", "to_time"].map { .optional($0, loose) }, unknownMembers: .ignored
            ).orNull),
          .optional(
            "paging", .object(["skip", "take", "total"].map { .optional($0, loose) }, unknownMembers: .ignored).orNull),
        ], answer: SessionV1.page
      ) { request throws(Problem) in try await getSessions(request) },
      operation(
        "get_session_by_id", "v1GetSessionByID", "Shows a session.", scope: read, [Self.sessionID],
        atOnce: getSessionAtOnce
      ) { request throws(Problem) in try await getSession(request) },
      operation(
        "open_session", "v1OpenSession", "Opens a session.", scope: write,
        [
          .required("user_id", .string("Whose session it is.", length: 1...255)), .optional("user_name", Self.text),
          .optional("address", Self.text), .optional("client", Self.text), .optional("user", loose),
          .optional("data", loose),
        ], conflict: "The user has as many live sessions as the policy allows, or an account that is not active."
      ) { request throws(Problem) in try await openSession(request) },
      operation(
        "store_session_data", "v1StoreSessionData", "Replaces a session's data; counts as a request of it.",
        scope: write,
        [Self.sessionID, .required("data", loose)], conflict: ended
      ) { request throws(Problem) in try await storeData(request) },
      operation(
        "update_session_user", "v1UpdateSessionUser", "Replaces a session's user; counts as a request of it.",
        scope: write, [Self.sessionID, .required("user", loose)], conflict: ended
      ) { request throws(Problem) in try await updateUser(request) },
      operation("close_session", "v1CloseSession", "Closes a session.", scope: write, [Self.sessionID]) {
        request throws(Problem) in try await closeSession(request)
      },
      operation(
        "close_expired_sessions", "v1CloseExpiredSessions", "Closes all sessions whose time is up.", scope: write, [],
        answer: nil
      ) { request throws(Problem) in try await closeExpired(request) },
      operation("delete_session_by_id", "v1DeleteSessionByID", "Removes a session.", scope: write, [Self.sessionID]) {
        request throws(Problem) in try await deleteSession(request)
      },
    ]
    return routes.map { route in
      var route = route
      route.tags = ["sessions V1"]
      return route
    }
  }

  /// What tells that the service is there.
  var health: [Route] {
    [
      Route(
        .get, "/heartbeat", "heartbeat", "Answers the time.", access: .open,
        answers: [Route.Answer(.ok, "The time.", .time())]
      ) { _ throws(Problem) in
        .json { json in json.string(utf8: sessions.clock.now().rfc3339) }
      },
      Route(
        .get, "/status", "status", "Answers since when the service runs.", access: .open,
        answers: [Route.Answer(.ok, "The service's state.", .object([], unknownMembers: .ignored))]
      ) { _ throws(Problem) in status() },
    ].map { route in
      var route = route
      route.tags = ["sessions V1"]
      return route
    }
  }

  private func status() -> HTTPResponse {
    .json { json in
      let now = sessions.clock.now()
      json.beginObject()
      json.member("id", "sessions")
      json.member("name", "sessions")
      json.member("description", "Opens, verifies, renews, lists and closes sessions.")
      json.member("start_time", utf8: startTime.rfc3339)
      json.member("current_time", utf8: now.rfc3339)
      json.member("uptime", (now - startTime).milliseconds)
      json.name("properties")
      json.beginObject()
      json.endObject()
      json.name("components")
      json.beginArray()
      json.endArray()
      json.endObject()
    }
  }
}
