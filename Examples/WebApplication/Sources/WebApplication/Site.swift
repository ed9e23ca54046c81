import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import PasswordHashing
import SQLiteStore
import Sesame

/// The pages: who is logged in is greeted, and may log out, here or everywhere else; everybody else finds a form.
struct Site: HTTPHandler {
  let sessions: Sessions
  let accounts: Accounts
  let logins: Logins
  let cookies: CookiePolicy

  /// What every answer says: the pages have no script, no style and nothing from elsewhere, so nothing else may run.
  static let securityFields = [
    HTTPField("Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'"),
    HTTPField("Cache-Control", "no-store"), HTTPField("X-Content-Type-Options", "nosniff"),
    HTTPField("Referrer-Policy", "same-origin"),
  ]

  init(store: SQLiteStore, pool: PasswordPool, keys: KeyRing, cookies: CookiePolicy) {
    let hasher = PooledHasher(pool: pool)
    sessions = Sessions(store: store, keys: keys)
    accounts = Accounts(store: store, sessions: sessions, hasher: hasher, clock: sessions.clock)
    logins = Logins(
      accounts: accounts, sessions: sessions, store: store, events: store, hasher: hasher, identities: nil,
      policy: LoginPolicy())
    self.cookies = cookies
  }

  /// Makes an account; one with that address that is there already stays as it is.
  func createFirstAccount(email: String, password: String) async throws {
    var profile = AccountProfile()
    profile.email = EmailAddress(email)
    _ = try await accounts.create(profile, password: .plain(password), by: Actor(.service))
  }

  /// Writes request times and clears away what is over, every few seconds, until it is cancelled.
  ///
  /// Whether a session is over does not depend on it: an expired one is refused from the millisecond on.
  func lookAfterSessions() async throws {
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(5))
      try? await sessions.flushTouches()
      _ = try? await sessions.reap()
      _ = try? await sessions.purge()
    }
  }

  func respondAtOnce(to request: borrowing HTTPRequestView, into response: inout HTTPResponseBuffer) -> Bool { false }

  func respond(to request: HTTPRequest) async -> HTTPResponse {
    do {
      switch (request.method, String(decoding: request.path, as: UTF8.self)) {
      case (.get, "/"), (.head, "/"): return try await home(request)
      case (.post, "/login"): return try await logIn(request)
      case (.post, "/logout"): return try await logOut(request)
      case (.post, "/logout-elsewhere"): return try await logOutElsewhere(request)
      default: return Page.message(.notFound, "There is no such page.")
      }
    } catch is StoreError {
      // Nobody is logged out because the store fails.
      return Page.message(.serviceUnavailable, "This does not work at the moment. Please try again.")
    } catch let problem as Problem {
      return Page.message(problem.status, problem.detail)
    } catch {
      return Page.message(.internalServerError, "This went wrong.")
    }
  }

  /// The session that the browser's cookie opens; `nil` if there is none, or it is over.
  private func session(of request: HTTPRequest) async throws(StoreError) -> Session? {
    guard let token = cookies.value(in: request), case .active(let session) = try await sessions.verify(token) else {
      return nil
    }
    return session
  }

  private func home(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard let session = try await session(of: request) else { return Page.logIn(.ok) }
    var filter = SessionFilter()
    (filter.userID, filter.isAlive) = (session.userID, true)
    let email = try await accounts.account(ofUser: session.userID)?.profile.email?.description
    return Page.home(
      user: email ?? session.userID.string, places: try await sessions.count(filter),
      proof: String(decoding: sessions.csrfToken(for: session.id), as: UTF8.self))
  }

  private func logIn(_ request: HTTPRequest) async throws -> HTTPResponse {
    try CrossSiteGuard.checkLogin(request, isSecure: request.isSecure)
    guard let form = Form(request), let email = form["email"], let password = form["password"] else {
      return Page.logIn(.badRequest, "Please fill in both fields.")
    }
    let actor = Actor(.user, address: request.peer.address)
    var context = LoginContext(actor: actor, address: request.peer.address, client: "web-application")
    context.userAgent = request.field("user-agent").map { ExactText(String(decoding: $0.prefix(512), as: UTF8.self)) }
    // Whoever was logged in here before is not any more, once this log-in succeeds.
    context.presented = try await session(of: request)?.id
    switch try await logins.logIn(email: email, password: password, as: context) {
    case .opened(_, let token, _):
      return HTTPResponse(
        status: HTTPStatus(303), fields: [HTTPField("Location", "/"), cookies.setting(token, maxAge: nil)])
    case .refused, .invalid: return Page.logIn(.unauthorized, "That is not the right address and password.")
    case .limitReached: return Page.logIn(.conflict, "You are logged in at too many places.")
    case .wait(let time), .busy(let time):
      var answer = Page.logIn(HTTPStatus(429), "That was too often. Please wait a little.")
      answer.fields.append(HTTPField("Retry-After", "\(max(1, time.milliseconds / 1000))"))
      return answer
    }
  }

  private func logOut(_ request: HTTPRequest) async throws -> HTTPResponse {
    let home = [HTTPField("Location", "/"), cookies.clearing]
    guard let session = try await session(of: request) else {
      return HTTPResponse(status: HTTPStatus(303), fields: home)
    }
    guard isMeant(request, by: session) else { return Page.message(.forbidden, "That was sent by another page.") }
    _ = try await sessions.close(session.id, reason: .logout, by: Actor(.user, address: request.peer.address))
    return HTTPResponse(status: HTTPStatus(303), fields: home)
  }

  private func logOutElsewhere(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard let session = try await session(of: request) else { return Page.logIn(.unauthorized) }
    guard isMeant(request, by: session) else { return Page.message(.forbidden, "That was sent by another page.") }
    _ = try await sessions.closeAll(
      of: session.userID, except: session.id, reason: .revoked, by: Actor(.user, address: request.peer.address))
    return HTTPResponse(status: HTTPStatus(303), fields: [HTTPField("Location", "/")])
  }

  /// Whether a form was sent by a page of this site: only such a page could read the session's proof.
  private func isMeant(_ request: HTTPRequest, by session: Session) -> Bool {
    guard let proof = Form(request)?["proof"] else { return false }
    return sessions.isCSRFToken(Array(proof.utf8), for: session.id)
  }
}
