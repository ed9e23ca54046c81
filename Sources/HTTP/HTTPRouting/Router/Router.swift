public import HTTPMessages
public import JSON

/// Sends each request to its route.
///
/// In this order: the path (404), the method (405, OPTIONS), admission (401, 403), the query, the body's media type
/// (415), the body (400), the handler. Every answer carries `X-Request-Id`.
public final class Router: HTTPHandler {
  /// Tells nanoseconds of a clock that never goes back.
  public typealias MonotonicClock = @Sendable () -> UInt64

  /// The groups served, for the API document.
  public let groups: [RouteGroup]
  let table: RouteTable
  let fastRoutes: [FastRoute]
  /// Makes the ids of requests that bring none.
  public let requestIDs: RequestIDSource
  let observer: (any RouterObserver)?
  let clock: MonotonicClock
  private let unmatched: RouteLabel
  private let limits: JSONLimits
  private static let requestIDName = Array("X-Request-Id".utf8)

  /// A router of groups; two routes of one method and path are a misuse and trap.
  public init(
    _ groups: [RouteGroup], requestIDs: RequestIDSource, clock: @escaping MonotonicClock,
    observer: (any RouterObserver)? = nil, limits: JSONLimits = JSONLimits()
  ) {
    self.groups = groups
    self.requestIDs = requestIDs
    self.observer = observer
    self.clock = clock
    self.limits = limits
    table = RouteTable(groups)
    fastRoutes = table.endpoints.compactMap { endpoint in
      FastRoute(endpoint, crossOrigin: groups[endpoint.group].crossOrigin)
    }
    unmatched = Self.unmatched(in: table)
  }

  /// The labels that an observer of a router of these groups may be told, by their index; the last is that of requests
  /// that found no route.
  public static func labels(of groups: [RouteGroup]) -> [RouteLabel] {
    let table = RouteTable(groups)
    return table.endpoints.map(\.label) + [unmatched(in: table)]
  }

  private static func unmatched(in table: RouteTable) -> RouteLabel {
    RouteLabel(template: "unmatched", method: .other, index: table.endpoints.count)
  }

  /// Answers a request that the fast path did not.
  public func respond(to request: HTTPRequest) async -> HTTPResponse {
    let began = observer == nil ? 0 : clock()
    let requestID = requestIDs.text(for: request)
    var (response, label, cause) = await answer(request, requestID)
    response.fields.append(HTTPField(name: Self.requestIDName, value: Array(requestID.utf8)))
    observer?.answered(
      RouterObservation(
        route: label, method: request.method, status: response.status, nanoseconds: clock() &- began,
        requestID: requestID, peer: request.peer, cause: cause))
    return response
  }

  private func answer(
    _ request: HTTPRequest, _ requestID: String
  ) async -> (response: HTTPResponse, label: RouteLabel, cause: String?) {
    guard let (place, raw) = table.place(for: request.path) else {
      if request.method == .options, request.path == [0x2A] {
        return (HTTPResponse(status: .noContent, fields: [HTTPField("Allow", "OPTIONS")]), unmatched, nil)
      }
      let problem = Problem(.notFound, .notFound, "There is nothing at this path.")
      return (shape(problem, group(of: request.path), request, requestID), unmatched, nil)
    }
    let crossOrigin = groups[place.group].crossOrigin
    guard let endpoint = place.endpoint(for: request.method) else {
      let allow = HTTPField("Allow", place.allow)
      if request.method == .options {
        let fields = [allow] + crossOrigin.preflightFields(for: request, methods: place.sharedMethods)
        return (HTTPResponse(status: .noContent, fields: fields), unmatched, nil)
      }
      let problem = Problem(
        HTTPStatus.methodNotAllowed, .methodNotAllowed, "This path takes: \(place.allow).", fields: [allow])
      return (shape(problem, place.group, request, requestID), unmatched, nil)
    }
    let shared = endpoint.route.access.isShared ? crossOrigin.fields(for: request) : []
    do {
      var response = try await call(endpoint, raw, request, requestID)
      response.fields += shared
      return (response, endpoint.label, nil)
    } catch {
      var response = shape(error, endpoint.group, request, requestID)
      response.fields += shared
      return (response, endpoint.label, error.cause)
    }
  }

  private func call(
    _ endpoint: RouteTable.Endpoint, _ raw: [ArraySlice<UInt8>], _ request: HTTPRequest, _ requestID: String
  ) async throws(Problem) -> HTTPResponse {
    let caller = try await groups[endpoint.group].admission(request, endpoint.route.access)
    var errors: [MemberError] = []
    var parameters: [String] = []
    for (declared, bytes) in zip(endpoint.route.parameters, raw) {
      let text = PercentEncoding.decode(bytes)
      if let reason = text.map(declared.schema.reason(against:)) ?? "is not percent-encoded UTF-8" {
        errors.append(MemberError(declared.name, reason))
      }
      parameters.append(text ?? "")
    }
    let query = RequestQuery(
      parsing: request.query, declared: endpoint.route.query,
      ignoresUnknown: groups[endpoint.group].ignoresUnknownQuery, errors: &errors)
    if !errors.isEmpty { throw Problem.invalid(errors, "Some parameters are not as they must be.") }
    var body: JSONDocument?
    if let rule = endpoint.route.body { body = try read(request, rule) }
    return try await endpoint.route.handler(
      RoutedRequest(
        request: request, requestID: requestID, caller: caller, parameters: parameters, query: query, body: body))
  }

  private func read(_ request: HTTPRequest, _ rule: Route.Body) throws(Problem) -> JSONDocument? {
    if request.body.isEmpty {
      guard rule.isRequired else { return nil }
      throw Problem(.badRequest, .invalidRequest, "This needs a body: \(rule.mediaTypes.joined(separator: " or ")).")
    }
    let isPlain = request.count(of: "content-encoding") == 0
    guard isPlain, let type = request.field("content-type"), MediaType.isOne(of: rule.mediaTypes, type) else {
      throw Problem(
        .unsupportedMediaType, .unsupportedMediaType,
        "The body must be \(rule.mediaTypes.joined(separator: " or ")), in UTF-8 and without a content coding.",
        fields: [HTTPField("Accept", rule.mediaTypes.joined(separator: ", "))])
    }
    let isForm = rule.takesForms && MediaType.isOne(of: [FormBody.mediaType], type)
    let document = isForm ? try FormBody.document(request.body, limits: limits) : try readJSON(request.body)
    let errors = rule.schema.errors(in: document.root)
    if !errors.isEmpty { throw Problem.invalid(errors) }
    return document
  }

  private func readJSON(_ body: [UInt8]) throws(Problem) -> JSONDocument {
    do {
      return try JSONDocument(parsing: body, limits: limits)
    } catch {
      throw Problem(.badRequest, .malformedJSON, error.description)
    }
  }

  /// The group whose prefix a path without a route begins with: its clients expect its shape of error.
  private func group(of path: [UInt8]) -> Int? {
    var best: (length: Int, group: Int)?
    for (number, group) in groups.enumerated() {
      for prefix in group.prefixes where !prefix.isEmpty && path.starts(with: prefix.utf8) {
        let length = prefix.utf8.count
        if path.count == length || path[length] == 0x2F, length > best?.length ?? 0 { best = (length, number) }
      }
    }
    return best?.group
  }

  private func shape(_ problem: Problem, _ group: Int?, _ request: HTTPRequest, _ requestID: String) -> HTTPResponse {
    guard let group else { return problem.response(requestID: requestID) }
    return groups[group].problemShape(problem, request, requestID)
  }
}
