/// What a server calls with each request.
public protocol HTTPHandler: Sendable {
  /// Answers at once on the event loop's thread, or says that the slow path must.
  ///
  /// Must not wait: no lock held for long, no file, no network. Returns `true` if `response` holds a whole response,
  /// `false` if it was left untouched and ``respond(to:)`` is to be called with a copy of the request.
  func respondAtOnce(to request: borrowing HTTPRequestView, into response: inout HTTPResponseBuffer) -> Bool

  /// Answers in its own time. Runs on the event loop between suspensions, and comes back to it after each.
  ///
  /// Cancelled when the server stops without having finished, never because the client hung up: a write that has begun
  /// is finished.
  func respond(to request: HTTPRequest) async -> HTTPResponse
}
