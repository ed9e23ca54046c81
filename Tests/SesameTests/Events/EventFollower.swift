import HTTPTesting
import JSON
import Testing

/// One connection that follows the log as server-sent events, read strictly.
final class EventFollower {
  /// An event as it came: its id, its type and its data.
  struct Entry: Sendable, Equatable {
    let id: Int64
    let type: String
    let text: String
  }

  private let connection: RawHTTPClient
  private var rest: [UInt8] = []
  /// The place that the server named before the first event: where to resume when none has come.
  private(set) var start: Int64 = 0

  /// Connects, and follows from behind that event, or from now on.
  init(port: Int, after last: Int64?, bearer: String? = nil, isSlow: Bool = false) throws {
    connection = try RawHTTPClient(port: port)
    if isSlow { connection.shrinkReceiveBuffer() }
    var head = "GET /v2/events HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAccept: text/event-stream\r\n"
    if let last { head += "Last-Event-ID: \(last)\r\n" }
    if let bearer { head += "Authorization: Bearer \(bearer)\r\n" }
    try connection.send(head + "\r\n")
    let reply = try connection.replyHead()
    guard reply.status == 200, reply.field("content-type") == "text/event-stream" else {
      throw RunningProgram.Failure("no stream of events, but \(reply.status)")
    }
    guard let block = try block(), block.hasPrefix("id: "), let place = Int64(block.dropFirst(4)) else {
      throw RunningProgram.Failure("a stream that does not say where it begins")
    }
    start = place
  }

  /// The next event; `nil` if the stream has ended properly.
  ///
  /// Comments are passed over.
  func next() throws -> Entry? {
    while let block = try block() {
      if block != ":" { return try Self.entry(block) }
    }
    return nil
  }

  /// What comes before the next empty line; `nil` if the stream has ended properly.
  private func block() throws -> String? {
    while true {
      if let end = rest.indices.dropLast().first(where: { rest[$0] == 0x0A && rest[$0 + 1] == 0x0A }) {
        defer { rest.removeFirst(end + 2) }
        return String(decoding: rest[..<end], as: UTF8.self)
      }
      let piece = try connection.chunk()
      if piece.isEmpty { return nil }
      rest += piece
    }
  }

  /// Reads fast from now on, though it was slow.
  func hurry() { connection.growReceiveBuffer() }

  /// Hangs up in the middle of everything.
  func reset() { connection.reset() }

  private static func entry(_ block: String) throws -> Entry {
    let lines = block.split(separator: "\n", omittingEmptySubsequences: false)
    try #require(
      lines.count == 3 && lines[0].hasPrefix("id: ") && lines[1].hasPrefix("event: ") && lines[2].hasPrefix("data: "),
      "\(block)")
    return Entry(
      id: try #require(Int64(lines[0].dropFirst(4))), type: String(lines[1].dropFirst(7)),
      text: String(lines[2].dropFirst(6)))
  }
}
