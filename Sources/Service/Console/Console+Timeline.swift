import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension Console {
  /// How many entries of the log are looked at for a session's timeline, the newest.
  private static let timelineReach: Int64 = 10_000
  /// How many of the newest entries a page begins with.
  private static let recentReach: Int64 = 100
  private static let batch = 1000

  /// A piece of the log that ends with its newest entry.
  private struct Tail: Sendable {
    var entries: [LoggedEvent] = []
    /// Whether nothing that was asked for can lie before it.
    var isWhole = false
  }

  /// What the log's newest entries tell, in all and of one session.
  var timelineRoutes: [Route] {
    [
      Route(
        .get, "/events/recent", "consoleRecentEvents", "The newest entries of the log.", access: .service(.admin)
      ) { _ throws(Problem) in try await recent() },
      Route(
        .get, "/sessions/{id}/events", "consoleTimeline", "What happened to a session lately.",
        access: .service(.admin),
        parameters: [PathParameter("id", .string("The session's public id.", length: 1...64))]
      ) { request throws(Problem) in try await timeline(request) },
    ]
  }

  private func recent() async throws(Problem) -> HTTPResponse {
    Self.answer(
      try await Problem.storing { () async throws(StoreError) in
        try await tail(Self.recentReach, of: nil, since: nil)
      })
  }

  private func timeline(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    guard let id = SessionID(request.parameters[0]) else { throw .noSession }
    let session = try await Problem.storing { () async throws(StoreError) in try await sessions.session(id) }
    guard let session else { throw .noSession }
    return Self.answer(
      try await Problem.storing { () async throws(StoreError) in
        try await tail(Self.timelineReach, of: id, since: session.openTime)
      })
  }

  private static func answer(_ tail: Tail) -> HTTPResponse {
    .json { json in
      json.beginObject()
      json.name("events")
      json.beginArray()
      for entry in tail.entries { entry.write(into: &json) }
      json.endArray()
      json.member("complete", tail.isWhole)
      json.endObject()
    }
  }

  /// The newest entries, of one session or of all; as many numbers back as `reach` says, for numbers may have gaps.
  private func tail(
    _ reach: Int64, of session: SessionID?, since time: Timestamp?
  ) async throws(StoreError) -> Tail {
    var place = max(0, try await events.lastNumber() - reach)
    var tail = Tail(isWhole: place == 0)
    var oldest: Timestamp?
    // Twice as many batches as it should take, since a page may hold fewer than asked for.
    for _ in 0...(reach / Int64(Self.batch) * 2) {
      let page = try await events.page(after: place, limit: Self.batch)
      if oldest == nil { oldest = page.entries.first?.event.time }
      tail.entries += page.entries.filter { session == nil || $0.event.sessionID == session }
      place = page.next
      if !page.hasMore { break }
    }
    if let oldest, let time, oldest < time { tail.isWhole = true }
    return tail
  }
}
