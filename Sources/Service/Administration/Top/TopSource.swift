import Commands
import HTTPClient
import JSON
import SessionCore
import Terminal

/// Where the pages of `sesame top` come from: what the server counted, and the events since it began.
struct TopSource: Sendable {
  /// The last events.
  let events = EventBuffer()
  private let connection: ServerConnection
  private var last: MetricsReading
  private var lastTime = ContinuousClock.now

  /// Reads the counters for the first time; throws if the server does not answer.
  init(_ connection: ServerConnection) async throws(CommandError) {
    self.connection = connection
    last = try await Self.metrics(connection)
  }

  /// What happened since the page before.
  mutating func next(_ style: TextStyle) async throws(CommandError) -> TopPage {
    let reading = try await Self.metrics(connection)
    let time = ContinuousClock.now
    let figures = TopFigures(from: last, to: reading, seconds: (time - lastTime) / .seconds(1))
    (last, lastTime) = (reading, time)
    let isReady = try await connection.exchange(.get, "/readyz", []).status == 200
    return TopPage(
      server: connection.name, time: String(decoding: TimeText.now().rfc3339.prefix(19), as: UTF8.self) + "Z",
      isReady: isReady, figures: figures, events: events.all, style: style)
  }

  private static func metrics(_ connection: ServerConnection) async throws(CommandError) -> MetricsReading {
    MetricsReading(try await connection.send(.get, "/metrics").body)
  }
}
