import DialectTesting
import HTTPMessages
import JSON

extension TestedDialect {
  /// Session_Model, whose credential is the cookie that it issued last.
  static func sessionModel(_ api: APIWorld) -> TestedDialect {
    var dialect = TestedDialect("Session_Model", groups: api.groups("Session_Model")) { answer in
      guard answer.field("content-type") == "application/json", let error = answer.json else { return "no JSON" }
      guard error["status"]?.integer == Int64(answer.status.code) else { return "another status inside" }
      return error["error"]?.string != nil && error["message"]?.string != nil && error["code"]?.string != nil
        ? nil : "not an error with a message and a code"
    }
    @Sendable func call(_ client: DialectClient, _ function: String, _ body: String) async -> HTTPResponse {
      await client.send(.post, "/session_model/\(function)", body)
    }
    @Sendable func cookie(_ session: DialectSession) -> String {
      JSONText(string: session.answer.json?["data"]?.string ?? "none").description
    }
    dialect.sample = { member, operation, session in
      switch member {
      case "sid": "\"\(session.id)\""
      case "unique_identifier": JSONText(string: session.userID).description
      case "user_agent": #""probe/1""#
      case "cookie": cookie(session)
      default: nil
      }
    }
    dialect.open = { client, user in
      await call(client, "create", #"{"unique_identifier":"\#(user)","user_agent":"probe/1"}"#)
    }
    dialect.verify = { client, session in
      let known = #""sid":"\#(session.id)","unique_identifier":"\#(session.userID)","user_agent":"probe/1""#
      return await call(client, "find", #"{\#(known),"cookie":\#(cookie(session))}"#)
    }
    dialect.verifiesTokens = false
    dialect.echoes = [("unique_identifier", "uid"), ("type", "type")].map { member, answered in
      Echo("\(member) of create") { client, text in
        let user = member == "unique_identifier" ? "" : #""unique_identifier":"u","#
        let body = #"{\#(user)"user_agent":"probe/1","\#(member)":\#(JSONText(string: text))}"#
        return await call(client, "create", body).json?.member(answered)?.string
      }
    }
    return dialect
  }
}
