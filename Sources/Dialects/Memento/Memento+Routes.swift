import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension Memento {
  /// The six functions, in the order of the document.
  var functions: [Route] {
    [
      function(
        "horaservidor", "mementoHoraServidor", "Tells the server's time.", isBodyRequired: false, [],
        answer: Self.time
      ) { _ throws(Problem) in serverTime() },
      function(
        "loginJwt", "mementoLoginJwt", "Opens a session for an id token.",
        [
          .required("idtoken", .string("An id token of an OpenID provider.", length: 1...16_384)),
          .optional("nonce", .string("The nonce that the id token must have.", length: 1...1024)),
        ] + SessionParameter.members, answer: Self.opened
      ) { request throws(Problem) in try await logIn(request) },
      function(
        "loginRenew", "mementoLoginRenew", "Renews a session: the answer has its next sesionid.",
        SessionParameter.members + [.required("mmtCreacion", .string("The time that came with the sesionid."))],
        answer: Self.opened, needsSession: true
      ) { request throws(Problem) in try await renew(request) },
      function(
        "usuarioLista", "mementoUsuarioLista", "Lists the users: all to level C and above, else the caller alone.",
        SessionParameter.members, answer: Self.users, needsSession: true
      ) { request throws(Problem) in try await list(request) },
      function(
        "usuarioCambiaNivel", "mementoUsuarioCambiaNivel", "Changes a user's level; administrators only.",
        SessionParameter.members + [
          Self.userID,
          .required("nuevoNivel", .oneOf(AccountLevel.allCases.map(\.rawValue), "The new level.")),
        ], answer: Self.done, needsSession: true
      ) { request throws(Problem) in try await changeLevel(request) },
      function(
        "usuarioCambiaActivo", "mementoUsuarioCambiaActivo",
        "Activates or deactivates a user, whose sessions then end; administrators only.",
        SessionParameter.members + [
          Self.userID,
          .optional("nuevoEsActivo", LooseBoolean.schema("Whether the user is to be active.")),
          .optional("nuevoNivel", LooseBoolean.schema("The same under the name that old clients give it.")),
        ], answer: Self.done, needsSession: true, rules: [.anyOf([["nuevoEsActivo"], ["nuevoNivel"]])]
      ) { request throws(Problem) in try await changeActive(request) },
    ]
  }

  private func function(
    _ name: String, _ operationID: String, _ summary: String, isBodyRequired: Bool = true, _ members: [Schema.Member],
    answer: Schema, needsSession: Bool = false, rules: [MemberRule] = [], handler: @escaping Route.Handler
  ) -> Route {
    var body = Schema.object(members, unknownMembers: .ignored)
    body.rules = (needsSession ? [SessionParameter.rule] : []) + rules
    var route = Route(
      .post, "/\(name)", operationID, summary, access: .open,
      body: Route.Body(body, takesForms: true, isRequired: isBodyRequired),
      answers: [Route.Answer(.ok, "The result, or an error object.", answer)], handler: handler)
    route.tags = ["memento"]
    return route
  }

  private static let userID = Schema.Member.required(
    "idUsuario", .either(.integer("The user.", in: 1...Int64.max), .string("The same as text.")))

  private static let time = Schema.object(
    [
      .optional("error", .boolean("Always false.")), .optional("time", .time("The server's time.")),
      .optional("tz", .integer("The minutes that the server's time zone lies west of UTC.")),
    ] + MementoError.members, unknownMembers: .ignored)

  private static let opened = Schema.object(
    [
      .optional("sesionid", .string("The session's token: whoever has it has the session.")),
      .optional("userid", .string("The user at the provider: preferred_username, else email.")),
      .optional("name", .string("The user's name, if it is known.")),
      .optional("picture", .string("The address of a picture, if there is one.")),
      .optional("mmtCreacion", .time("When the session was opened.")),
    ] + MementoError.members, unknownMembers: .ignored)

  private static let done = Schema.object(MementoError.members, unknownMembers: .ignored)

  private static let users = Schema.either(
    .array(
      of: .named(
        "MementoUser",
        .object(
          [
            .required("id", .integer("The user's number.")), .required("email", .string("The address.").orNull),
            .required("nombre", .string("The name to show.").orNull),
            .required("nivelUsuario", .oneOf(AccountLevel.allCases.map(\.rawValue), "The level.")),
            .required("esActivo", .boolean("Whether the user may log in.")),
          ], unknownMembers: .ignored))), done)

  func serverTime() -> HTTPResponse {
    let now = sessions.clock.now()
    return .json { json in
      json.beginObject()
      json.member("error", false)
      json.member("time", utf8: now.rfc3339)
      json.member("tz", Int64(zone(now)))
      json.endObject()
    }
  }
}
