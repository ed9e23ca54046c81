import DialectTesting
import HTTPMessages
import HTTPRouting
import JSON
import Testing

extension TestedDialect {
  /// Sesame's own interface.
  static func sesame(_ api: APIWorld, _ users: DialectUsers) -> TestedDialect {
    var dialect = TestedDialect("/v2", groups: api.groups("Sesame")) { answer in
      guard answer.field("content-type") == "application/problem+json" else { return "not a problem" }
      guard answer.json?["status"]?.integer == Int64(answer.status.code) else { return "another status inside" }
      return answer.json?["code"]?.string == nil || answer.json?["detail"]?.string == nil ? "no code or detail" : nil
    }
    dialect.sample = { member, operation, session in
      switch (operation, member) {
      case ("verify", "token"): JSONText(string: session.token).description
      case ("logIn", "id_token"): "\"\(users.idToken(of: session.userID))\""
      case ("openSession", "user_id"): JSONText(string: session.userID).description
      case ("closeSessions", "filter"): #"{"user_id":"nobody"}"#
      case ("changePassword", "current"), ("changePassword", "new"): #""long enough""#
      case ("createKey", "name"): #""k""#
      case ("createKey", "scopes"): #"["events:read"]"#
      default: nil
      }
    }
    dialect.open = { client, user in
      await client.send(.post, "/v2/sessions", #"{"user_id":"\#(user)"}"#)
    }
    dialect.isAlive = { $0.status == .ok && $0.json?["state"]?.string == "open" }
    dialect.verify = { client, session in await client.send(.get, "/v2/session", bearer: session.token) }
    dialect.show = { client, session in await client.send(.get, "/v2/sessions/\(session.id)") }
    dialect.list = { client, session in
      await client.send(.get, "/v2/sessions?state=open&include=user,data&user_id=\(session.userID)")
    }
    dialect.close = { client, session in await client.send(.post, "/v2/sessions/\(session.id)/close") }
    dialect.renew = { client, session in await client.send(.post, "/v2/session/renew", bearer: session.token) }
    for member in ["user_id", "user_name", "client", "kind", "status", "user_agent"] {
      dialect.echoes.append(
        Echo("\(member) of openSession") { client, text in
          let members =
            [("user_id", JSONText(string: "u").description)].filter { $0.0 != member }
            + [(member, JSONText(string: text).description)]
          let body = "{" + members.map { #""\#($0)":\#($1)"# }.joined(separator: ",") + "}"
          return await client.send(.post, "/v2/sessions", body).json?["session"]?.member(member)?.string
        })
    }
    dialect.echoes.append(
      Echo("name of createAccount") { client, text in
        let number = users.idToken(of: "").split(separator: ":").last.map(String.init) ?? ""
        let body = #"{"email":"\#(number)","name":\#(JSONText(string: text))}"#
        return await client.send(.post, "/v2/accounts", body).json?["name"]?.string
      })
    return dialect
  }
}

extension APIWorld {
  /// The groups of that name.
  func groups(_ name: String) -> [RouteGroup] { router.groups.filter { $0.name == name } }
}
