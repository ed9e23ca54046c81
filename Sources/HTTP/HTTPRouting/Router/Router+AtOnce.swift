public import HTTPMessages

/// A route that may answer on the event loop's thread, found by comparing bytes.
struct FastRoute: Sendable {
  let method: HTTPMethod
  let path: [UInt8]
  let readsQuery: Bool
  let answer: Route.AtOnce
  let label: RouteLabel
  /// Whether answers to some pages have fields that only the slow path writes.
  let isShared: Bool

  /// The fast part of a route; `nil` if it has none, or a path with parameters.
  init?(_ endpoint: RouteTable.Endpoint, crossOrigin: CrossOriginPolicy) {
    guard let answer = endpoint.route.atOnce, endpoint.template.parameterNames.isEmpty else { return nil }
    method = endpoint.route.method
    path = Array(endpoint.template.text.utf8)
    readsQuery = endpoint.route.readsQueryAtOnce
    self.answer = answer
    label = endpoint.label
    isShared = endpoint.route.access.isShared && crossOrigin != .ownPages
  }

  func matches(_ request: borrowing HTTPRequestView) -> Bool {
    let given = unsafe request.target
    guard request.method == method, given.count >= path.count,
      unsafe given.count == path.count || readsQuery && given[path.count] == 0x3F
    else { return false }
    return unsafe path.span.withUnsafeBytes {
      unsafe $0.elementsEqual(UnsafeRawBufferPointer(rebasing: given[..<$0.count]))
    }
  }
}

extension Router {
  /// Lets the route of exactly this method and target, or path if it reads queries, answer at once, if it can.
  public func respondAtOnce(to request: borrowing HTTPRequestView, into response: inout HTTPResponseBuffer) -> Bool {
    for index in fastRoutes.indices where fastRoutes[index].matches(request) {
      if fastRoutes[index].isShared, request.find("origin").count > 0 { return false }
      let began = observer == nil ? 0 : clock()
      let start = response.bytes.count
      let requestID = RequestID(of: request, from: requestIDs)
      guard fastRoutes[index].answer(request, requestID, &response) else { return false }
      if let observer {
        observer.answeredAtOnce(
          fastRoutes[index].label, status: Self.status(response.bytes, from: start), nanoseconds: clock() &- began,
          request: request, requestID: requestID)
      }
      return true
    }
    return false
  }

  /// The status in a status line, which is where the fast path's only record of it stands.
  private static func status(_ bytes: [UInt8], from start: Int) -> Int {
    guard bytes.count >= start + 12 else { return 0 }
    return bytes[(start + 9)..<(start + 12)].reduce(0) { $0 * 10 + Int($1 &- 0x30) }
  }
}
