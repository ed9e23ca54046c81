import HTTPMessages

/// The errors that a route may answer with whether it declares them or not, derived from what it declares.
enum StandardAnswers {
  /// The statuses for a route of a group, in order.
  ///
  /// 405 belongs to paths, not to operations, and 501 and 505 to requests that are none of this interface's: they are
  /// left out.
  static func statuses(of route: Route) -> [Int] {
    // From anywhere: a malformed request or parameter, a slow one, one too large, one with expectations, a fault.
    var statuses: Set<Int> = [400, 408, 413, 414, 417, 431, 500]
    switch route.access {
    case .open: break
    case .user:
      statuses.formUnion([401, 503])
      if route.method != .get { statuses.formUnion([403, 507]) }
    case .service:
      statuses.formUnion([401, 403, 503])
      if route.method != .get { statuses.insert(507) }
    }
    if !route.parameters.isEmpty { statuses.insert(404) }
    if route.body != nil { statuses.insert(415) }
    return statuses.sorted()
  }

  /// What a status means wherever it comes from.
  static func description(of status: Int) -> String {
    switch status {
    case 400: "The request is malformed, or members or parameters are missing, unknown or out of bounds."
    case 401: "No valid credential."
    case 403: "The credential is not enough, or a page of another origin sent the request."
    case 404: "There is no such thing."
    case 408: "The request did not arrive in time."
    case 409: "The state of things does not allow it."
    case 412: "The condition in If-Match is not met."
    case 413: "The body is larger than the server accepts."
    case 414: "The request line is longer than the server accepts."
    case 415: "The body is not of a media type that is read here."
    case 417: "The only expectation that can be met is 100-continue."
    case 429: "Too many tries; see Retry-After."
    case 431: "The header fields are larger than the server accepts."
    case 500: "Something is wrong with the server."
    case 503: "The store can't be reached, or the server is busy; see Retry-After."
    case 507: "The store has no room for the change."
    default: HTTPStatus(status).reason
    }
  }

  /// The header fields that may come with a status.
  static func fields(of status: Int) -> [(name: String, description: String)] {
    switch status {
    case 401: [("WWW-Authenticate", "The scheme of the credential that is needed.")]
    case 415: [("Accept", "The media types that are read.")]
    case 429, 503: [("Retry-After", "After how many seconds it is worth trying again.")]
    default: []
    }
  }
}
