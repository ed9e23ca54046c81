public import HTTPMessages
public import JSON

/// A request that was admitted and checked: what a route's handler gets.
public struct RoutedRequest: Sendable {
  /// The request as received.
  public let request: HTTPRequest
  /// Its id, for logs and errors.
  public let requestID: String
  /// Who sent it.
  public let caller: Caller
  /// The parameters of the path, decoded, in order.
  public let parameters: [String]
  /// The parameters of the query.
  public let query: RequestQuery
  /// The body, as the route's schema says; `nil` if it is empty or the route takes none.
  public let body: JSONDocument?
}
