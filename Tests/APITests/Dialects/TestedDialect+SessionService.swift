import DialectTesting
import HTTPMessages
import JSON

extension TestedDialect {
  /// The session service, whose callers make the tokens.
  static func sessionService(_ api: APIWorld) -> TestedDialect {
    var dialect = TestedDialect("Session service", groups: api.groups("Session service")) { answer in
      guard answer.field("content-type") == "application/json", let body = answer.json else { return "no JSON" }
      return body["success"]?.boolean == false && body["message"]?.string != nil && body.count == 2
        ? nil : "not success false with a message"
    }
    dialect.adoptsTokens = true
    dialect.sample = { member, _, session in
      switch member {
      case "user_id": JSONText(string: session.userID).description
      case "token": JSONText(string: "\(session.id) of \(session.userID)").description
      default: nil
      }
    }
    dialect.open = { client, user in
      await client.send(.post, "/create", #"{"user_id":"\#(user)","token":"token of \#(user)"}"#)
    }
    dialect.isAlive = { $0.json?["message"]?.string == "true" }
    dialect.verify = { client, session in
      let body = #"{"user_id":"\#(session.userID)","token":"\#(session.token)"}"#
      return await client.send(.post, "/verify", body)
    }
    dialect.echoes = ["user_id", "token"].map { member in
      Echo("\(member) of create") { client, text in
        let members =
          [("user_id", #""u""#), ("token", #""t""#)].filter { $0.0 != member }
          + [(member, JSONText(string: text).description)]
        let body = "{" + members.map { #""\#($0)":\#($1)"# }.joined(separator: ",") + "}"
        return await client.send(.post, "/create", body).json?["message"]?.member(member)?.string
      }
    }
    return dialect
  }
}
