internal import JSON
internal import RedisDriver
internal import SessionCore

/// An event as the fields of an entry in a stream.
enum EventFields {
  /// The number of words and the fields of an event, names and values in turn, as scripts take them.
  static func arguments(_ event: Event) -> [RedisArgument] {
    var words: [RedisArgument] = ["kind", RedisArgument(event.kind.rawValue), "time", RedisArgument(event.time)]
    func add(_ name: RedisArgument, _ value: RedisArgument?) {
      if let value { words += [name, value] }
    }
    add("session_id", event.sessionID.map { RedisArgument($0.text) })
    add("user_id", event.userID.map { RedisArgument($0.string) })
    add("key_id", event.keyID.map { RedisArgument($0) })
    add("reason", event.reason.map { RedisArgument($0) })
    add("actor_kind", RedisArgument(event.actor.kind.rawValue))
    add("actor_name", event.actor.name.map { RedisArgument($0) })
    add("address", event.actor.address.map { RedisArgument($0) })
    add("request_id", event.actor.requestID.map { RedisArgument($0) })
    add("details", event.details.map { RedisArgument($0.bytes) })
    return [RedisArgument(words.count)] + words
  }

  /// The kind and reason of a change of a session.
  static func kind(of change: SessionEvent.Change) -> (kind: RedisArgument, reason: RedisArgument) {
    switch change {
    case .opened: (RedisArgument(Event.Kind.sessionOpened.rawValue), "")
    case .renewed: (RedisArgument(Event.Kind.sessionRenewed.rawValue), "")
    case .updated: (RedisArgument(Event.Kind.sessionChanged.rawValue), "")
    case .closed(let reason): (RedisArgument(Event.Kind.sessionClosed.rawValue), .optional(reason.rawValue))
    case .removed: (RedisArgument(Event.Kind.sessionRemoved.rawValue), "")
    }
  }

  /// Reads an entry of the log.
  static func read(_ entry: RedisReply) throws(StoreError) -> LoggedEvent {
    guard let parts = entry.asArray, parts.count == 2, let number = number(parts[0]),
      let words = parts[1].asArray, words.count % 2 == 0
    else { throw .unreadable }
    var fields: [String: RedisReply] = [:]
    for index in stride(from: 0, to: words.count, by: 2) {
      guard let name = words[index].asText else { throw .unreadable }
      fields[name] = words[index + 1]
    }
    func text(_ name: String) throws(StoreError) -> String? {
      guard let value = fields[name] else { return nil }
      guard let text = value.asText else { throw .unreadable }
      return text
    }
    guard let kind = try text("kind").flatMap(Event.Kind.init(rawValue:)), let time = fields["time"]?.asInteger,
      let actorKind = try text("actor_kind").flatMap(Actor.Kind.init(rawValue:))
    else { throw .unreadable }
    let actor = Actor(
      actorKind, name: try text("actor_name"), address: try text("address"), requestID: try text("request_id"))
    var event = Event(kind, at: Timestamp(milliseconds: time), by: actor, reason: try text("reason"))
    if let id = fields["session_id"] {
      guard let id = id.asBytes.flatMap({ SessionID($0) }) else { throw .unreadable }
      event.sessionID = id
    }
    event.userID = try text("user_id").map { ExactText($0) }
    if let keyID = fields["key_id"] {
      guard let keyID = keyID.asInteger else { throw .unreadable }
      event.keyID = keyID
    }
    event.details = fields["details"]?.asBytes.map(JSONText.init(uncheckedMinified:))
    return LoggedEvent(number: number, event: event)
  }

  /// The number in an entry's id, "NUMBER-0".
  private static func number(_ id: RedisReply) -> Int64? {
    guard let bytes = id.asBytes, bytes.suffix(2).elementsEqual([0x2D, 0x30]) else { return nil }
    return RedisReply.bytes(Array(bytes.dropLast(2))).asInteger
  }
}
