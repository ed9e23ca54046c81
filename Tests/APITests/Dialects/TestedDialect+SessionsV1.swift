import DialectTesting
import HTTPMessages
import JSON

extension TestedDialect {
  /// Sessions V1, which has no token of its own: only services may speak it.
  static func sessionsV1(_ api: APIWorld) -> TestedDialect {
    var dialect = TestedDialect("Sessions V1", groups: api.groups("Sessions V1")) { answer in
      guard answer.field("content-type") == "application/json", let error = answer.json else { return "no JSON" }
      let texts = [error["type"], error["category"], error["code"], error["message"], error["correlation_id"]]
      if texts.contains(where: { $0?.string?.isEmpty ?? true }) { return "a member that is no text" }
      if error["status"]?.integer != Int64(answer.status.code) { return "another status inside" }
      if error["cause"]?.isNull != true || error["stack_trace"]?.isNull != true { return "a cause or stack trace" }
      return error["details"] == nil ? "no details" : nil
    }
    @Sendable func send(_ client: DialectClient, _ operation: String, _ body: String) async -> HTTPResponse {
      await client.send(.post, "/v1/sessions/\(operation)", body)
    }
    dialect.sample = { member, operation, session in
      switch member {
      case "session_id": "\"\(session.id)\""
      case "user_id": JSONText(string: session.userID).description
      case "data", "user": #"{"a":1}"#
      default: nil
      }
    }
    dialect.open = { client, user in await send(client, "open_session", #"{"user_id":"\#(user)"}"#) }
    dialect.isAlive = { $0.json?["active"]?.boolean == true }
    dialect.show = { client, session in
      await send(client, "get_session_by_id", #"{"session_id":"\#(session.id)"}"#)
    }
    dialect.list = { client, session in
      await send(client, "get_sessions", #"{"filter":{"user_id":"\#(session.userID)","active":"true"}}"#)
    }
    dialect.close = { client, session in
      await send(client, "close_session", #"{"session_id":"\#(session.id)"}"#)
    }
    for member in ["user_id", "user_name", "address", "client", "user", "data"] {
      dialect.echoes.append(
        Echo("\(member) of open_session") { client, text in
          let user = member == "user_id" ? "" : #""user_id":"u","#
          let body = #"{\#(user)"\#(member)":\#(JSONText(string: text))}"#
          return await send(client, "open_session", body).json?.member(member)?.string
        })
    }
    return dialect
  }
}
