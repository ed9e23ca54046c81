public import HTTPMessages

/// Routes that belong together: under the same prefixes, with the same admission and the same shape of error.
public struct RouteGroup: Sendable {
  /// Decides whether a request may reach a route of that access, and says who sent it.
  public typealias Admission = @Sendable (HTTPRequest, Access) async throws(Problem) -> Caller
  /// Turns a problem into the answer that clients of these routes expect.
  public typealias ProblemShape = @Sendable (Problem, _ request: HTTPRequest, _ requestID: String) -> HTTPResponse

  /// A name for the API document.
  public let name: String
  /// What the paths begin with: "/v2", or "" for none.
  ///
  /// The first is the one to document.
  public let prefixes: [String]
  /// The routes.
  public var routes: [Route]
  /// Whether parameters of the query that no route declares are passed over instead of refused.
  public var ignoresUnknownQuery = false
  /// Which other origins' pages may call the routes that are open or for users.
  public var crossOrigin: CrossOriginPolicy
  /// Decides who may call.
  public var admission: Admission
  /// The shape of errors, also of those for paths below the prefixes that no route has.
  public var problemShape: ProblemShape
  /// The same for the API document.
  public var problemFormat: ProblemFormat

  /// A group.
  ///
  /// Without an admission only routes that are open to anyone may be in it: the router refuses to start otherwise.
  public init(
    _ name: String, prefixes: [String], routes: [Route], ignoresUnknownQuery: Bool = false,
    crossOrigin: CrossOriginPolicy = .ownPages, admission: Admission? = nil, problemShape: ProblemShape? = nil,
    problemFormat: ProblemFormat = .standard
  ) {
    precondition(
      admission != nil || routes.allSatisfy { $0.access == .open }, "routes that are not open need an admission")
    self.name = name
    self.prefixes = prefixes
    self.routes = routes
    self.ignoresUnknownQuery = ignoresUnknownQuery
    self.crossOrigin = crossOrigin
    self.problemFormat = problemFormat
    // Not `??`: its autoclosure around an asynchronous function crashes the compiler of Swift 6.3.
    if let admission {
      self.admission = admission
    } else {
      self.admission = { request, _ throws(Problem) in
        Caller(address: request.peer.address, isSecure: request.isSecure)
      }
    }
    self.problemShape = problemShape ?? { problem, _, requestID in problem.response(requestID: requestID) }
  }
}
