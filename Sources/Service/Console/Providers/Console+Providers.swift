import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SesameAPI

extension Console {
  private static let name = Schema.string("The provider's name.", length: 1...32)

  /// What the page kept while the browser was away, and what it brought back.
  private static let returned = Schema.object([
    .required("provider", name), .required("code", .string(length: 1...4096)),
    .required("verifier", .string(length: 43...128)), .required("nonce", .string(length: 22...128)),
    .required("redirect_uri", .string(length: 1...1024)),
  ])

  /// Logging in at an OpenID provider: the authorization code flow with PKCE (OpenID Connect Core section 3.1, RFC
  /// 7636).
  ///
  /// State, nonce and verifier are made and kept by the page, in the tab that logs in: nothing waits on a node, and the
  /// browser may come back to another one.
  var providerRoutes: [Route] {
    [
      Route(
        .get, "/providers", "consoleProviders", "The providers at which people may log in.", access: .open
      ) { _ in showProviders() },
      Route(
        .get, "/providers/{name}", "consoleProvider", "Where a browser logs in at one.", access: .open,
        parameters: [PathParameter("name", Self.name)]
      ) { request throws(Problem) in try await showProvider(request.parameters[0]) },
      Route(
        .post, "/login/provider", "consoleLogInByProvider", "Logs an administrator in by a provider's code.",
        access: .open, body: Route.Body(Self.returned)
      ) { request throws(Problem) in try await logInByProvider(request) },
    ]
  }

  private func showProviders() -> HTTPResponse {
    .json { json in
      json.beginObject()
      json.name("providers")
      json.beginArray()
      for name in providers.names { json.string(name) }
      json.endArray()
      json.endObject()
    }
  }

  private func showProvider(_ name: String) async throws(Problem) -> HTTPResponse {
    let entrance = try await Problem.asking { () async throws(ProviderFailure) in
      try await providers.entrance(of: name)
    }
    guard let entrance else { throw Problem(.notFound, .notFound, "There is no such provider.") }
    return .json { json in
      json.beginObject()
      json.member("authorization_endpoint", entrance.address)
      json.member("client_id", entrance.client)
      json.endObject()
    }
  }

  private func logInByProvider(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    // Before the code is used up: a page of another origin must not be able to do even that.
    try CrossSiteGuard.checkLogin(request.request, isSecure: request.caller.isSecure)
    guard let body = request.body?.root, let name = body["provider"]?.string, let code = body["code"]?.string,
      let verifier = body["verifier"]?.string, let nonce = body["nonce"]?.string,
      let place = body["redirect_uri"]?.string
    else { throw .invalid("", "must be an object") }
    let token = try await Problem.asking { () async throws(ProviderFailure) in
      try await providers.redeem(ProviderCode(code: code, verifier: verifier, place: place), at: name)
    }
    guard let token else {
      throw Problem(
        .unauthorized, .unauthorized, "The provider does not take this code: it is good once, for a short time.",
        fields: [HTTPField("WWW-Authenticate", "Cookie")])
    }
    return try await logIn(request, by: .idToken(token, nonce: nonce))
  }
}

extension Problem {
  /// What asking a provider comes to: 503 where it does not answer.
  fileprivate static func asking<Answer: Sendable>(
    _ body: () async throws(ProviderFailure) -> Answer
  ) async throws(Problem) -> Answer {
    do throws(ProviderFailure) {
      return try await body()
    } catch {
      throw Problem(
        .serviceUnavailable, .busy,
        error.isBusy
          ? "Many are logging in by a provider just now. Try again."
          : "The provider can't be asked now. Try again soon, or log in another way.",
        fields: [HTTPField("Retry-After", "2")])
    }
  }
}
