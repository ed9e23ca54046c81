import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension SesameAPI {
  static let cursor = QueryParameter(
    "cursor", .string("Where the page begins: `next` of the page before.", length: 1...64))
  static let limit = QueryParameter("limit", .integer("How many at most; 100 if left out.", in: 1...1000))

  static let listParameters =
    SessionFilterReader.parameters + [
      limit, cursor,
      QueryParameter(
        "order", .oneOf(ListOrder.allCases.map(\.rawValue), "By open time, or by the last request; newest.")),
      QueryParameter("count", .boolean("Whether all that match are counted.")),
      QueryParameter("include", .oneOf(["user", "data", "user,data", "data,user"], "What comes along.")),
    ]

  func list(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    var errors: [MemberError] = []
    let filter = SessionFilterReader.read(errors: &errors) { request.query[$0] }
    var contents: SessionJSON.Contents = []
    for name in request.query["include"]?.utf8.split(separator: 0x2C, omittingEmptySubsequences: false) ?? [] {
      switch String(name) {
      case "user": contents.insert(.user)
      case "data": contents.insert(.data)
      default: errors.append(MemberError("include", "must be user, data, or user,data"))
      }
    }
    let order = request.query["order"].flatMap(ListOrder.init) ?? .newest
    return try await page(
      of: filter, order, request, contents, errors: errors, counts: request.query.isTrue("count")
    ) { session, json in SessionJSON.write(session, contents, into: &json) }
  }

  /// A page of sessions that match, with the cursor and limit of the request.
  func page(
    of filter: SessionFilter, _ order: ListOrder, _ request: RoutedRequest, _ contents: SessionJSON.Contents,
    errors: [MemberError] = [], counts: Bool = false, write: (Session, inout JSONWriter) -> Void
  ) async throws(Problem) -> HTTPResponse {
    var errors = errors
    var query = SessionQuery(
      filter, order: order.order, limit: Int(clamping: request.query.integer("limit") ?? 100),
      includesContents: !contents.isEmpty, counts: counts)
    if let text = request.query["cursor"] {
      query.after = PageCursor.read(text, in: order)
      if query.after == nil { errors.append(MemberError("cursor", "must be the next of a page in the same order")) }
    }
    if !errors.isEmpty { throw .invalid(errors, "Some parameters are not as they must be.") }
    let asked = query
    let page = try await Problem.storing { () async throws(StoreError) in try await sessions.sessions(matching: asked) }
    return .json { json in
      json.beginObject()
      json.name("sessions")
      json.beginArray()
      for session in page.sessions { write(session, &json) }
      json.endArray()
      json.name("next")
      if let next = page.next { json.string(PageCursor.text(next, in: order)) } else { json.null() }
      if let count = page.count { json.member("count", Int64(count)) }
      json.endObject()
    }
  }

  static let closing = Schema.object([
    .required("filter", SessionFilterReader.schema),
    .optional("reason", reason),
    .optional("dry_run", .boolean("Whether they are only counted.")),
  ])

  static let closed = Schema.object(
    [.required("count", .integer()), .required("dry_run", .boolean())], unknownMembers: .ignored)

  func closeMatching(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    guard let body = request.body?.root, let conditions = body["filter"] else { throw .invalid("filter", "is missing") }
    var errors: [MemberError] = []
    var filter = SessionFilterReader.read(errors: &errors) { conditions[$0]?.string }
    if !errors.isEmpty { throw .invalid(errors.map { MemberError("filter.\($0.member)", $0.reason) }) }
    // A member that was left out by mistake must not end everybody's session.
    if filter == SessionFilter() {
      throw .invalid("filter", #"must name a condition; {"state": "open"} means every session"#)
    }
    let isDryRun = body["dry_run"]?.boolean ?? false
    var count = 0
    // Ended sessions can't be closed: who filters for them closes none.
    if filter.isAlive != false {
      filter.isAlive = true
      let live = filter
      let reason = (body["reason"]?.string).flatMap(CloseReason.init) ?? .revoked
      count = try await Problem.storing { () async throws(StoreError) in
        isDryRun
          ? try await sessions.count(live)
          : try await sessions.close(matching: live, reason: reason, by: request.service)
      }
    }
    return .json { json in
      json.beginObject()
      json.member("count", Int64(count))
      json.member("dry_run", isDryRun)
      json.endObject()
    }
  }
}
