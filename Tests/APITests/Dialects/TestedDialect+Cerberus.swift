import DialectTesting
import HTTPMessages
import JSON

extension TestedDialect {
  /// Cerberus with stateful tokens.
  static func cerberus(_ api: APIWorld, _ users: DialectUsers) -> TestedDialect {
    var dialect = TestedDialect("Cerberus", groups: api.groups("Cerberus")) { answer in
      guard answer.field("content-type") == "application/json", let reply = answer.json else { return "no JSON" }
      guard reply["status"]?.integer == Int64(answer.status.code) else { return "another status inside" }
      return reply["success"]?.boolean == false && reply["message"]?.string != nil && reply["err"]?.string != nil
        ? nil : "not success false with message and err"
    }
    @Sendable func call(_ client: DialectClient, _ function: String, _ body: String) async -> HTTPResponse {
      await client.send(.post, "/cerberus/sessions/\(function)", body)
    }
    dialect.sample = { member, operation, session in
      switch member {
      case "email": "\"\(users.email(of: session.userID))\""
      case "password": #""long enough""#
      case "ip": "\"\(users.address())\""
      case "user": #"{"id":\#(session.userID),"session":"\#(session.id)"}"#
      case "userID": session.userID
      case "token": JSONText(string: session.token).description
      case "where": #"{"user":\#(session.userID)}"#
      default: nil
      }
    }
    dialect.open = { client, user in
      let email = users.email(of: user)
      return await call(
        client, "create", #"{"email":"\#(email)","password":"long enough","ip":"\#(users.address())"}"#)
    }
    dialect.tellsForgeries = true
    dialect.verify = { client, session in await call(client, "get", #"{"token":"\#(session.token)"}"#) }
    dialect.list = { client, session in await call(client, "listSome", #"{"where":{"user":\#(session.userID)}}"#) }
    dialect.close = { client, session in await call(client, "revoke", #"{"userID":\#(session.userID)}"#) }
    dialect.renew = { client, session in
      await call(client, "renew", #"{"user":{"id":\#(session.userID),"session":"\#(session.id)"}}"#)
    }
    dialect.renewsTokens = false
    return dialect
  }
}
