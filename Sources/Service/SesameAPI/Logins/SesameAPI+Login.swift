public import Accounts
import DialectKit
public import HTTPMessages
public import HTTPRouting
public import JSON
public import SessionCore

extension SesameAPI {
  /// How a user proves who they are.
  public enum Proof: Sendable {
    /// By the password of an address.
    case password(String, email: String)
    /// By an id token of an OpenID provider.
    case idToken([UInt8], nonce: String?)
    /// By what this program checked itself, such as a link that opens once.
    case vouched(AccountID, method: ExactText)

    /// The proof in the body of a log-in.
    ///
    /// - Throws: 400 if there is none, or more than one.
    public init(_ body: JSONValue) throws(Problem) {
      let idToken = body["id_token"]?.utf8String
      switch (body["email"]?.string, body["password"]?.string, idToken) {
      case (let email?, let password?, nil):
        if body["nonce"] != nil { throw .invalid("nonce", "belongs to an id_token") }
        self = .password(password, email: email)
      case (nil, nil, let token?): self = .idToken(token, nonce: body["nonce"]?.string)
      case (_, _, _?): throw .invalid("id_token", "can't be given beside email and password")
      case (nil, _, nil): throw .invalid("email", "is missing, and so is id_token")
      case (_, nil, nil): throw .invalid("password", "is missing")
      }
    }
  }

  func logIn(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    guard let body = request.body?.root else { throw .invalid("", "must be an object") }
    return try await logIn(request, by: Proof(body), withCookie: body["cookie"]?.boolean == true) { context in
      context.client = body["client"]?.exactText
      context.isRemembered = body["remember"]?.boolean ?? false
    }
  }

  /// Logs a user in, and answers with the session, its account, and the token or the cookie.
  ///
  /// - Parameters:
  ///   - request: where the log-in comes from; the live session whose token it carries ends.
  ///   - proof: who the user is.
  ///   - withCookie: whether a browser gets the token, by cookie, rather than the caller.
  ///   - shape: makes the session what it is to be.
  /// - Returns: 201.
  /// - Throws: 401 if the proof does not hold, 403 for a page of another origin, 429 and 503 if it must wait.
  public func logIn(
    _ request: RoutedRequest, by proof: Proof, withCookie: Bool, _ shape: (inout LoginContext) -> Void
  ) async throws(Problem) -> HTTPResponse {
    let credential = Credential(of: request.request, cookies: cookies)
    // A session that is presented ends: no foreign page may do that to the browser's user either.
    if withCookie || credential.isCookie {
      try CrossSiteGuard.checkLogin(
        request.request, isSecure: request.caller.isSecure, crossOrigin: gate.crossOrigin)
    }
    defer { events.wake() }
    var asked = LoginContext(
      actor: request.user, address: request.caller.address, userAgent: Self.userAgent(of: request.request),
      presented: try await presented(credential))
    shape(&asked)
    let context = asked
    let verdict = try await Problem.storing { () async throws(StoreError) in
      switch proof {
      case .password(let password, let email):
        try await logins.logIn(email: email, password: password, as: context)
      case .idToken(let token, let nonce):
        try await logins.logIn(idToken: token, nonce: nonce, as: context)
      case .vouched(let account, let method):
        try await logins.logIn(vouched: account, method: method, as: context)
      }
    }
    switch verdict {
    case .opened(let session, let token, let account):
      return handedOver(.created, token, of: session, byCookie: withCookie, account)
    case .refused: throw .loginRefused
    case .wait(let wait): throw .tooManyAttempts(retryAfter: wait)
    case .busy(let wait): throw .busy(retryAfter: wait)
    case .limitReached(let maximum): throw .sessionLimit(maximum)
    case .invalid(let member, let reason): throw .invalid(member, reason)
    }
  }

  /// The live session of the token that came along: it ends once another takes its place.
  private func presented(_ credential: Credential) async throws(Problem) -> SessionID? {
    guard let token = credential.token else { return nil }
    let verification = try await Problem.storing { () async throws(StoreError) in
      try await sessions.verify(token, touching: false)
    }
    guard case .active(let session) = verification else { return nil }
    return session.id
  }

  /// The User-Agent, as much of it as a session may keep; none if it is not text or not one.
  private static func userAgent(of request: HTTPRequest) -> ExactText? {
    guard let bytes = request.field("user-agent"), !bytes.isEmpty,
      let text = String(validating: bytes.prefix(SessionPolicy.userAgentLimit), as: UTF8.self)
    else { return nil }
    return ExactText(text)
  }

  func changePassword(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let (session, isByCookie) = try await ownSessionForChange(request)
    defer { events.wake() }
    guard let body = request.body?.root, let current = body["current"]?.string, let new = body["new"]?.string else {
      throw .invalid("", "must be an object")
    }
    let verdict = try await Problem.storing { () async throws(StoreError) in
      try await logins.changePassword(of: session, current: current, new: new, by: request.user)
    }
    switch verdict {
    case .changed(let session, let token): return handedOver(.ok, token, of: session, byCookie: isByCookie)
    case .wrong: throw .wrongPassword
    case .noPassword: throw .noPassword
    case .wait(let wait): throw .tooManyAttempts(retryAfter: wait)
    case .busy(let wait): throw .busy(retryAfter: wait)
    case .invalid(let member, let reason): throw .invalid(member, reason)
    }
  }

  /// The answer that gives a caller a session and its token.
  ///
  /// Who keeps the token in a cookie keeps it from the page's scripts: the body must not hand it to them.
  func handedOver(
    _ status: HTTPStatus, _ token: SessionToken, of session: Session, byCookie: Bool, _ account: Account? = nil
  ) -> HTTPResponse {
    .json(status, fields: byCookie ? [cookie(token, for: session)] : []) { json in
      json.beginObject()
      json.name("session")
      SessionJSON.write(session, of: sessions, into: &json)
      if let account {
        json.name("account")
        AccountJSON.write(account, into: &json)
      }
      if byCookie {
        json.member("csrf_token", utf8: sessions.csrfToken(for: session.id))
      } else {
        json.member("token", utf8: token.text)
      }
      json.endObject()
    }
  }
}
