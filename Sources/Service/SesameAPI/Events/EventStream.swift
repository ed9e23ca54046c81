import HTTPMessages
import JSON
import SessionCore

/// The log as server-sent events (HTML Living Standard section 9.2), from a place on and then live.
///
/// Each entry goes out once and in order, with its cursor as the id: a follower that was cut off resumes after the last
/// one it got, or from where it began, which it is told first. A store that fails, or a follower that may not go on,
/// ends the stream.
struct EventStream: Sendable {
  /// How long it is silent at most: followers and what lies between take longer silence for a dead connection.
  static let heartbeat = Duration.seconds(15)
  private static let batch = 100
  private static let comment = Array(":\n\n".utf8)

  /// The log.
  let feed: EventFeed
  /// The entry after which it begins.
  let start: Int64
  /// Which kinds; `nil` for all.
  let kinds: Set<Event.Kind>?
  /// What else is told of.
  let news: StreamNews?
  /// Whether the follower may still see the log; asked before anything is sent.
  let isAllowed: @Sendable () async -> Bool

  /// Whether a request asks for events to be sent to it: by Accept.
  static func isWanted(by request: HTTPRequest) -> Bool {
    request.fields.contains { field in
      field.isNamed("accept")
        && field.text.split(separator: ",").contains { range in
          let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
          return parts.first == "text/event-stream" && !parts.contains { ["q=0", "q=0.0", "q=0.00"].contains($0) }
        }
    }
  }

  /// The answer whose body goes on until the follower hangs up.
  var response: HTTPResponse {
    HTTPResponse(
      fields: [
        HTTPField("Content-Type", "text/event-stream"),
        // nginx holds answers back otherwise.
        HTTPField("X-Accel-Buffering", "no"),
      ]
    ) { body in await run(&body) }
  }

  private func run(_ body: inout HTTPBodyWriter) async {
    // Its place at once: a block without data is no event, but an id to resume from, before the first event too.
    guard await body.write(Array("id: \(start)\n\n".utf8)) else { return }
    let clock = ContinuousClock()
    var place = start
    var lastWrite = clock.now
    var known = news?.count()
    while !Task.isCancelled, await isAllowed() {
      guard let page = try? await feed.page(after: place, kinds: kinds, limit: Self.batch) else { return }
      place = page.next
      var text = page.entries.flatMap(Self.text)
      if let news, case let count = news.count(), count != known {
        known = count
        text += news.text
      }
      // Events that were not asked for may come all the time, and are silence to this follower.
      if text.isEmpty, clock.now - lastWrite >= Self.heartbeat { text = Self.comment }
      if !text.isEmpty {
        guard await body.write(text) else { return }
        lastWrite = clock.now
      }
      if !page.hasMore {
        _ = await feed.wait(after: place, upTo: max(.zero, Self.heartbeat - (clock.now - lastWrite)))
      }
    }
  }

  /// An entry as one event; its JSON has no line ends.
  private static func text(_ entry: LoggedEvent) -> [UInt8] {
    var json = JSONWriter(capacity: 512)
    entry.write(into: &json)
    return Array("id: \(entry.number)\nevent: \(entry.event.kind.rawValue)\ndata: ".utf8) + json.bytes
      + Array("\n\n".utf8)
  }
}
