internal import RedisDriver
internal import SessionCore

/// What became of an opening.
struct OpeningEnd: Sendable {
  /// What there is of its session.
  enum Rest: String, Sendable {
    case open, closed, gone
  }

  var id: SessionID
  /// The attempt's name; empty for a session that is not being opened.
  var attempt = ""
  var leaves = Rest.open
}

/// What a user's partition of a Cluster knows of the user's sessions.
struct UserState {
  /// An opening under way.
  struct Opening {
    let id: SessionID
    let attempt: String
    /// How long ago it was announced, by the server's clock.
    let age: TimeSpan
  }

  /// Another one after each announcement.
  let version: String
  /// Sessions that may be open.
  let open: [SessionID]
  /// Sessions that have been closed, if they were asked for.
  let closed: [SessionID]
  let openings: [Opening]

  init(_ reply: RedisReply) throws(StoreError) {
    guard let parts = reply.asArray, parts.count == 5, let version = parts[0].asText,
      let time = parts[1].asInteger, let fields = parts[4].asArray
    else { throw .unreadable }
    self.version = version
    open = try Self.ids(parts[2])
    closed = try Self.ids(parts[3])
    var openings: [Opening] = []
    for index in stride(from: 0, to: fields.count - 1, by: 2) {
      guard let name = fields[index].asText else { throw .unreadable }
      let words = name.split(separator: ":", omittingEmptySubsequences: false)
      guard words.count == 3, words[0] == "p" else { continue }
      guard let id = SessionID(String(words[1])), let since = fields[index + 1].asInteger else { throw .unreadable }
      openings.append(
        Opening(
          id: id, attempt: String(words[2]),
          age: Timestamp(milliseconds: time) - Timestamp(milliseconds: since)))
    }
    self.openings = openings
  }

  private static func ids(_ reply: RedisReply) throws(StoreError) -> [SessionID] {
    guard let words = reply.asArray else { throw .unreadable }
    return try words.map { (word) throws(StoreError) in
      guard let id = word.asBytes.flatMap({ SessionID($0) }) else { throw .unreadable }
      return id
    }
  }
}
