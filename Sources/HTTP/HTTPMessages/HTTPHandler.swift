/// What a server calls with each request.
public protocol HTTPHandler: Sendable {
  /// Answers at once on the event loop's thread, or says that the slow path must.
  ///
  /// Must not wait: no lock held for long, no file, no network. Returns `true` if `response` holds a whole response,
  /// `false` if it was left untouched and ``respond(to:)`` is to be called with a copy of the request.
  func respondAtOnce(to request: borrowing HTTPRequestView, into response: inout HTTPResponseBuffer) -> Bool

  /// Begins to fetch what ``respondAtOnce(to:into:)`` lacked, if that can be done without a task.
  ///
  /// Called on the event loop's thread when that has answered `false`. If this returns `true`, `then` must be called
  /// once, from any thread, maybe before this returns; the request is then handed to ``respondAtOnce(to:into:)`` once
  /// more, and if that still can't answer, to ``respond(to:)``. Fetches nothing by default.
  func fetch(for request: borrowing HTTPRequestView, then: @escaping @Sendable () -> Void) -> Bool

  /// Answers in its own time. Runs on the event loop between suspensions, and comes back to it after each.
  ///
  /// Cancelled when the server stops without having finished, never because the client hung up: a write that has begun
  /// is finished.
  func respond(to request: HTTPRequest) async -> HTTPResponse
}

extension HTTPHandler {
  /// Fetches nothing: what can't be answered at once takes the slow path.
  public func fetch(for request: borrowing HTTPRequestView, then: @escaping @Sendable () -> Void) -> Bool { false }
}
