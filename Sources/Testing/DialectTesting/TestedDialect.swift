public import HTTPMessages
public import HTTPRouting
public import JSON

/// A dialect under test: its routes, and how its own requests do what all dialects do, as far as it can.
///
/// Each closure sends one request of the dialect. What a dialect has no request for stays `nil`, and the cases pass it
/// over.
public struct TestedDialect: Sendable {
  /// Opens a session for a user, with a request that must succeed; the answer.
  public typealias Open = @Sendable (DialectClient, _ userID: String) async throws -> HTTPResponse
  /// Sends a request about a session.
  public typealias Send = @Sendable (DialectClient, DialectSession) async throws -> HTTPResponse

  /// A text that a client gives and gets back.
  public struct Echo: Sendable {
    /// What it is: "user_name of open_session".
    public let name: String
    /// Sends it, and answers what came back; `nil` if it was refused.
    public let send: @Sendable (DialectClient, _ text: String) async throws -> String?

    /// A text from its parts.
    public init(_ name: String, _ send: @escaping @Sendable (DialectClient, String) async throws -> String?) {
      self.name = name
      self.send = send
    }
  }

  /// The name, for failures.
  public var name: String
  /// Its routes; what they declare is what the cases about bodies try.
  public var groups: [RouteGroup]
  /// What is not as the dialect's errors are; `nil` if an answer is one of them in every part.
  public var faultOfError: @Sendable (HTTPResponse) -> String?
  /// Whether the clients choose the tokens, and the dialect says so.
  public var adoptsTokens = false
  /// A member's value in a body that works, as JSON; members without one need none.
  public var sample: @Sendable (_ member: String, _ operationID: String, DialectSession) -> String? = { _, _, _ in nil }
  /// Opens a session.
  public var open: Open?
  /// Asks for a session in the way of its user: by the token, or whatever else is the credential here.
  ///
  /// All answers for sessions that are not alive must be equal byte for byte.
  public var verify: Send?
  /// Whether ``verify`` goes by the session's token, so that it takes sessions that other dialects opened.
  public var verifiesTokens = true
  /// Whether the protocol says that a token which was never issued has another answer than one whose session is gone.
  public var tellsForgeries = false
  /// Whether an answer of ``verify`` or ``show`` says that the session is alive.
  public var isAlive: @Sendable (HTTPResponse) -> Bool = { $0.status == .ok }
  /// Asks for a session in the way of services: by its public id.
  public var show: Send?
  /// Lists the live sessions of the session's user, or as many as the dialect tells apart.
  public var list: Send?
  /// Whether a list has the session; by default whether its id occurs in it.
  public var isListed: @Sendable (HTTPResponse, DialectSession) -> Bool = { response, session in
    response.contains(session.id)
  }
  /// Closes a session.
  public var close: Send?
  /// Renews a session; the answer must hold its next token.
  public var renew: Send?
  /// Whether ``renew`` shows the token, so that renewals at once are one step.
  public var renewsTokens = true
  /// The texts that a client gets back.
  public var echoes: [Echo] = []

  /// A dialect that can nothing but be sent bodies.
  public init(
    _ name: String, groups: [RouteGroup], faultOfError: @escaping @Sendable (HTTPResponse) -> String?
  ) {
    self.name = name
    self.groups = groups
    self.faultOfError = faultOfError
  }
}

/// A session that some dialect opened, with all that any dialect may want to know of it.
public struct DialectSession: Sendable {
  /// The public id.
  public var id: String
  /// The token that is valid now.
  public var token: String
  /// Whose it is.
  public var userID: String
  /// When it was opened, in RFC 3339.
  public var openTime: String
  /// The name of the dialect that opened it; empty for the core.
  public var opener: String
  /// The answer of the dialect that opened it.
  public var answer: HTTPResponse

  /// A session from its parts.
  public init(
    id: String, token: String, userID: String, openTime: String, opener: String, answer: HTTPResponse
  ) {
    self.id = id
    self.token = token
    self.userID = userID
    self.openTime = openTime
    self.opener = opener
    self.answer = answer
  }
}

extension HTTPResponse {
  /// Whether a text occurs in the body or in a header field.
  public func contains(_ text: String) -> Bool {
    let text = Array(text.utf8)
    return ([body] + fields.map(\.value)).contains { $0.hasPart(text) }
  }

  /// The body as JSON; `nil` if it is none.
  public var json: JSONValue? { try? JSONDocument(parsing: body, limits: .widest).root }
}

extension [UInt8] {
  /// Whether `part` occurs anywhere.
  fileprivate func hasPart(_ part: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    guard count >= part.count else { return false }
    return self[...(count - part.count)].indices.contains { start in
      self[start] == first && self[start..<(start + part.count)].elementsEqual(part)
    }
  }
}
