import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension SesameAPI {
  /// The routes for the log of what happened.
  var eventRoutes: [Route] {
    [
      Route(
        .get, "/events", "listEvents",
        "Shows what happened, oldest first; with Accept: text/event-stream it goes on live.",
        access: .service(.eventsRead),
        query: [
          QueryParameter(
            "after", .string("The cursor of the last event already known; the beginning if left out.", length: 1...19)),
          Self.limit,
          QueryParameter(
            "type",
            .string(
              "Only events of these types, with commas between: \(EventSchema.kinds.joined(separator: ", "))."
            )),
        ],
        answers: [
          Route.Answer(.ok, "A page of the log.", EventSchema.page),
          Route.Answer(.ok, "Or its events as they happen.", .string(), mediaType: "text/event-stream"),
        ]
      ) { request throws(Problem) in try await listEvents(request) }
    ].map { $0.tagged("events") }
  }

  private func listEvents(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    var errors: [MemberError] = []
    let kinds = Self.kinds(request.query["type"], errors: &errors)
    var after: Int64?
    if let text = request.query["after"] {
      after = Self.cursor(text)
      if after == nil { errors.append(MemberError("after", "must be the cursor of an event or the next of a page")) }
    }
    if EventStream.isWanted(by: request.request) {
      if let field = request.request.fields.last(where: { $0.isNamed("last-event-id") }) {
        after = Self.cursor(field.text)
        if after == nil { errors.append(MemberError("Last-Event-ID", "must be the id of an event")) }
      }
      if !errors.isEmpty { throw .invalid(errors, "Some parameters are not as they must be.") }
      return try await follow(after: after, kinds: kinds, request)
    }
    if !errors.isEmpty { throw .invalid(errors, "Some parameters are not as they must be.") }
    let limit = Int(clamping: request.query.integer("limit") ?? 100)
    let start = after ?? 0
    let page = try await Problem.storing { () async throws(StoreError) in
      try await events.page(after: start, kinds: kinds, limit: limit)
    }
    return .json { json in
      json.beginObject()
      json.name("events")
      json.beginArray()
      for entry in page.entries { entry.write(into: &json) }
      json.endArray()
      json.member("next", String(page.next))
      json.member("more", page.hasMore)
      json.endObject()
    }
  }

  private func follow(
    after: Int64?, kinds: Set<Event.Kind>?, _ request: RoutedRequest
  ) async throws(Problem) -> HTTPResponse {
    var start = after
    if start == nil {
      start = try await Problem.storing { () async throws(StoreError) in try await events.lastNumber() }
    }
    let gate = gate
    let original = request.request
    return EventStream(feed: events, start: start ?? 0, kinds: kinds, news: news) {
      // A key that was revoked, or whose time is up, sees nothing more.
      (try? await gate.admit(original, to: .service(.eventsRead))) != nil
    }.response
  }

  /// The kinds that a parameter names; `nil` for all.
  private static func kinds(_ text: String?, errors: inout [MemberError]) -> Set<Event.Kind>? {
    guard let text else { return nil }
    var kinds: Set<Event.Kind> = []
    for name in text.utf8.split(separator: 0x2C, omittingEmptySubsequences: false) {
      guard let kind = Event.Kind(rawValue: String(Substring(name))) else {
        errors.append(MemberError("type", "must be types of events with commas between"))
        return nil
      }
      kinds.insert(kind)
    }
    return kinds
  }

  /// The number that a cursor is: digits, no sign, no zeros in front; `nil` for anything else.
  private static func cursor(_ text: String) -> Int64? {
    let digits = text.utf8
    guard (1...19).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
      digits.first != 0x30 || digits.count == 1
    else { return nil }
    return Int64(text)
  }
}
