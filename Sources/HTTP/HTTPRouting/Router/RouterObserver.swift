public import HTTPMessages

/// Which route answered, for metrics and logs.
///
/// Observers keep their counters by its index.
public final class RouteLabel: Sendable {
  /// The path's template with its prefix, "/v2/sessions/{id}"; "unmatched" for a request that found no route.
  public let template: String
  /// The route's method; ``HTTPMessages/HTTPMethod/other`` for a request that found no route.
  public let method: HTTPMethod
  /// The number of the route, from 0; the last one is that of requests that found none.
  public let index: Int

  init(template: String, method: HTTPMethod, index: Int) {
    self.template = template
    self.method = method
    self.index = index
  }
}

/// One answered request of the slow path.
public struct RouterObservation: Sendable {
  /// Which route answered.
  public let route: RouteLabel
  /// The request's own method.
  public let method: HTTPMethod
  /// The status of the answer.
  public let status: HTTPStatus
  /// How long it took, in nanoseconds of the router's clock.
  public let nanoseconds: UInt64
  /// The request's id.
  public let requestID: String
  /// The other end of the connection.
  public let peer: HTTPPeer
  /// The cause of the problem that was answered, if it has one.
  public let cause: String?
}

/// What is told of every answer, for metrics and logs.
public protocol RouterObserver: Sendable {
  /// An answer of the fast path. Runs on the event loop's thread for every such answer: counting is all it may do.
  func answeredAtOnce(
    _ route: RouteLabel, status: Int, nanoseconds: UInt64, request: borrowing HTTPRequestView,
    requestID: borrowing RequestID)

  /// An answer of the slow path.
  func answered(_ observation: RouterObservation)
}
