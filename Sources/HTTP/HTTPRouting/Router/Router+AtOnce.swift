public import HTTPMessages

/// A route that may answer on the event loop's thread, found by comparing bytes.
struct FastRoute: Sendable {
  let method: HTTPMethod
  let path: [UInt8]
  let length: Int
  let readsQuery: Bool
  let answer: Route.AtOnce
  let fetch: Route.Fetch?
  let label: RouteLabel
  /// Whether answers to some pages have fields that only the slow path writes.
  let isShared: Bool

  /// The fast part of a route; `nil` if it has none, or a path with parameters.
  init?(_ endpoint: RouteTable.Endpoint, crossOrigin: CrossOriginPolicy) {
    guard let answer = endpoint.route.atOnce, endpoint.template.parameterNames.isEmpty else { return nil }
    method = endpoint.route.method
    path = Array(endpoint.template.text.utf8)
    length = path.count
    readsQuery = endpoint.route.readsQueryAtOnce
    self.answer = answer
    fetch = endpoint.route.fetch
    label = endpoint.label
    isShared = endpoint.route.access.isShared && crossOrigin != .ownPages
  }

  /// Whether the path is that of a request, whose method and length are right already.
  func matches(_ request: borrowing HTTPRequestView) -> Bool {
    let given = unsafe request.target
    guard given.count >= path.count, unsafe given.count == path.count || given[path.count] == 0x3F else { return false }
    return unsafe path.span.withUnsafeBytes {
      unsafe $0.elementsEqual(UnsafeRawBufferPointer(rebasing: given[..<$0.count]))
    }
  }
}

extension Router {
  /// Lets the route of exactly this method and target, or path if it reads queries, answer at once, if it can.
  public func respondAtOnce(to request: borrowing HTTPRequestView, into response: inout HTTPResponseBuffer) -> Bool {
    guard let index = fastRoute(for: request) else { return false }
    let began = observer == nil ? 0 : clock()
    let start = response.bytes.count
    let requestID = RequestID(of: request, from: requestIDs)
    guard fastRoutes[index].answer(request, requestID, &response) else { return false }
    observer?.answeredAtOnce(
      fastRoutes[index].label, status: Self.status(response.bytes, from: start),
      nanoseconds: clock() &- began &+ request.waited, request: request, requestID: requestID)
    return true
  }

  /// Lets the route that might have answered at once fetch what it lacked, if it can.
  public func fetch(for request: borrowing HTTPRequestView, then: @escaping @Sendable () -> Void) -> Bool {
    guard let index = fastRoute(for: request), let fetch = fastRoutes[index].fetch else { return false }
    return fetch(request, then)
  }

  /// The number of the route that may answer a request at once.
  private func fastRoute(for request: borrowing HTTPRequestView) -> Int? {
    let length = unsafe request.target.count
    for index in fastRoutes.indices {
      // First by what lies in the array itself: to ask a route is to retain and release all that it holds.
      guard fastRoutes[index].method == request.method,
        length == fastRoutes[index].length || fastRoutes[index].readsQuery, fastRoutes[index].matches(request)
      else { continue }
      return fastRoutes[index].isShared && request.find("origin").count > 0 ? nil : index
    }
    return nil
  }

  /// The status in a status line, which is where the fast path's only record of it stands.
  private static func status(_ bytes: [UInt8], from start: Int) -> Int {
    guard bytes.count >= start + 12 else { return 0 }
    return Int(bytes[start + 9] &- 0x30) * 100 + Int(bytes[start + 10] &- 0x30) * 10 + Int(bytes[start + 11] &- 0x30)
  }
}
