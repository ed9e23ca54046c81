import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SesameAPI
import SessionCore

extension Console {
  /// How long a console's session lives without a request that its user asked for.
  static let idleTimeout = TimeSpan.minutes(30)
  /// How long it lives in all.
  static let lifetime = TimeSpan.hours(12)

  private static let credentials = Schema.object([
    .optional("email", .string(length: 1...254)), .optional("password", .string(length: 0...1024)),
    .optional("id_token", .string(length: 1...16_384)), .optional("nonce", .string(length: 1...1024)),
  ])

  private static let code = Schema.object([
    .required("code", .string(length: LoginLinks.codeLength...LoginLinks.codeLength))
  ])

  /// Logging in, asking who is, and logging out.
  var loginRoutes: [Route] {
    [
      Route(
        .post, "/login", "consoleLogIn", "Logs an administrator in.", access: .open, body: Route.Body(Self.credentials)
      ) { request throws(Problem) in
        guard let body = request.body?.root else { throw .invalid("", "must be an object") }
        return try await logIn(request, by: SesameAPI.Proof(body))
      },
      Route(
        .post, "/login/link", "consoleLogInByLink", "Logs an administrator in by a link's code.", access: .open,
        body: Route.Body(Self.code)
      ) { request throws(Problem) in try await logInByLink(request) },
      Route(
        .get, "/session", "consoleSession", "Says whose session it is.", access: .service(.admin)
      ) { request throws(Problem) in try await showSession(request) },
      Route(
        .delete, "/session", "consoleLogOut", "Closes the session.", access: .service(.admin)
      ) { request throws(Problem) in try await logOut(request) },
    ]
  }

  /// A session of the console's own, for an administrator and no one else; whoever is not one learns nothing.
  func logIn(_ request: RoutedRequest, by proof: SesameAPI.Proof) async throws(Problem) -> HTTPResponse {
    try await api.logIn(request, by: proof, withCookie: true) { context in
      context.kind = "console"
      context.purpose = AdministratorAuthorizer.purpose
      context.leastLevel = .administrator
      context.idleTimeout = min(Self.idleTimeout, sessions.policy.idleTimeoutCeiling)
      context.lifetime = min(Self.lifetime, sessions.policy.lifetimeCeiling)
    }
  }

  private func logInByLink(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    // Before the link is used up: a page of another origin must not be able to do even that.
    try CrossSiteGuard.checkLogin(request.request, isSecure: request.caller.isSecure)
    guard let code = request.body?.root["code"]?.string,
      let account = links.take(code, now: sessions.clock.now())
    else {
      throw Problem(
        .unauthorized, .loginRefused, "This link is not good any more: it opens once, within five minutes.",
        fields: [HTTPField("WWW-Authenticate", "Cookie")])
    }
    return try await logIn(request, by: .vouched(account, method: "link"))
  }

  private func showSession(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let (session, account) = try await administrators.administrator(of: request.request)
    let name = account.profile.name?.string ?? account.profile.username?.string ?? account.profile.email?.text.string
    return .json { json in
      json.beginObject()
      json.member("session_id", session.id)
      json.member("account", account.id.number)
      if let name { json.member("name", name) }
      json.member("csrf_token", utf8: sessions.csrfToken(for: session.id))
      json.member("version", node.version)
      json.endObject()
    }
  }

  private func logOut(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let (session, _) = try await administrators.administrator(of: request.request)
    _ = try await Problem.storing { () async throws(StoreError) in
      try await sessions.close(session.id, reason: .logout, by: request.user)
    }
    return HTTPResponse(status: .noContent, fields: [cookies.clearing])
  }
}
