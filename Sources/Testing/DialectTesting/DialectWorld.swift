import HTTPMessages
public import SessionCore
public import SessionTesting

/// A service that speaks the dialects under test, new for each case.
public struct DialectWorld: Sendable {
  /// Sends requests to it.
  public var client: DialectClient
  /// The sessions that all dialects share.
  public let sessions: Sessions
  /// The clock that they go by.
  public let clock: ManualClock
  /// The dialects, on this service.
  public var dialects: [TestedDialect]
  /// Makes the users whom the dialects open sessions for; such a user must be one of those that all dialects take.
  public let makeUser: @Sendable () async throws -> String
  /// Makes the store fail, or work again.
  public let setFailing: @Sendable (Bool) -> Void
  /// What the failing store says to the log, and nobody else may be told.
  public let innerText: String

  /// A world from its parts.
  public init(
    client: DialectClient, sessions: Sessions, clock: ManualClock, dialects: [TestedDialect],
    makeUser: @escaping @Sendable () async throws -> String, setFailing: @escaping @Sendable (Bool) -> Void,
    innerText: String
  ) {
    self.client = client
    self.sessions = sessions
    self.clock = clock
    self.dialects = dialects
    self.makeUser = makeUser
    self.setFailing = setFailing
    self.innerText = innerText
  }
}

extension DialectWorld {
  /// The newest live session of a user as all dialects know it; `nil` if there is none.
  func session(ofUser userID: String, opener: String, answer: HTTPResponse) async throws -> DialectSession? {
    var filter = SessionFilter()
    filter.userID = ExactText(userID)
    filter.isAlive = true
    let query = SessionQuery(filter, order: SessionOrder(.opened, isDescending: true), limit: 1)
    guard let found = try await sessions.sessions(matching: query).sessions.first else { return nil }
    return shown(found, opener: opener, answer: answer)
  }

  /// A session as it stands, with its present token.
  func shown(_ session: Session, opener: String, answer: HTTPResponse) -> DialectSession {
    DialectSession(
      id: session.id.description, token: String(decoding: sessions.token(for: session).text, as: UTF8.self),
      userID: session.userID.string, openTime: String(decoding: session.openTime.rfc3339, as: UTF8.self),
      opener: opener, answer: answer)
  }
}
