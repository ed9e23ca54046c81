import DialectTesting
import HTTPMessages
import JSON

extension TestedDialect {
  /// Memento, whose every answer is 200.
  static func memento(_ api: APIWorld, _ users: DialectUsers) -> TestedDialect {
    var dialect = TestedDialect("Memento", groups: api.groups("Memento")) { answer in
      guard answer.status == .ok else { return "status \(answer.status.code)" }
      guard answer.field("content-type") == "application/json", let body = answer.json else { return "no JSON" }
      return body["err"]?.boolean == true && body["errmsg"]?.string?.isEmpty == false && body.count == 2
        ? nil : "not err with errmsg"
    }
    @Sendable func call(_ client: DialectClient, _ function: String, _ body: String) async -> HTTPResponse {
      await client.send(.post, "/apigen/\(function)", body)
    }
    dialect.sample = { member, operation, session in
      switch member {
      case "idtoken": "\"\(users.idToken(of: session.userID))\""
      case "sesionid": JSONText(string: session.token).description
      case "mmtCreacion": "\"\(session.openTime)\""
      case "idUsuario": "999999"
      case "nuevoNivel" where operation == "mementoUsuarioCambiaNivel": #""U""#
      case "nuevoEsActivo": "true"
      default: nil
      }
    }
    dialect.open = { client, user in await call(client, "loginJwt", #"{"idtoken":"\#(users.idToken(of: user))"}"#) }
    dialect.isAlive = { $0.json?.kind == .array }
    dialect.verify = { client, session in
      await call(client, "usuarioLista", #"{"sesionid":"\#(session.token)"}"#)
    }
    dialect.renew = { client, session in
      await call(
        client, "loginRenew", #"{"sesionid":"\#(session.token)","mmtCreacion":"\#(session.openTime)"}"#)
    }
    return dialect
  }
}
