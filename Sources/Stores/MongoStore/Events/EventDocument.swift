internal import JSON
internal import MongoDriver
internal import SessionCore

/// An entry of the event log as a document, whose `_id` is its number.
enum EventDocument {
  /// The collection of the entries.
  static let collection = "events"
  /// The collection of places in the log: its end, under "log", and how far followers have got.
  static let places = "places"

  static func write(_ event: Event, number: Int64) -> BSONDocument {
    var document: BSONDocument = [
      "_id": .int64(number), "kind": .string(event.kind.rawValue), "time": .date(event.time.milliseconds),
    ]
    document.append("session_id", ifPresent: (event.sessionID?.text).map(BSONValue.utf8))
    document.append("user_id", ifPresent: (event.userID?.string).map(BSONValue.string))
    document.append("key_id", ifPresent: event.keyID.map(BSONValue.int64))
    document.append("reason", ifPresent: event.reason.map(BSONValue.string))
    document.append("actor_kind", .string(event.actor.kind.rawValue))
    document.append("actor_name", ifPresent: event.actor.name.map(BSONValue.string))
    document.append("address", ifPresent: event.actor.address.map(BSONValue.string))
    document.append("request_id", ifPresent: event.actor.requestID.map(BSONValue.string))
    document.append("details", ifPresent: (event.details?.bytes).map(BSONValue.utf8))
    return document
  }

  /// The number and the kind of an entry, alone.
  static func head(_ document: BSONDocument) throws(StoreError) -> (number: Int64, kind: Event.Kind) {
    guard let number = document["_id"]?.int, let kind = document["kind"]?.text.flatMap(Event.Kind.init(rawValue:))
    else { throw damaged }
    return (number, kind)
  }

  static func read(_ document: BSONDocument) throws(StoreError) -> LoggedEvent {
    let (number, kind) = try head(document)
    var members = document.members
    guard let time = members["time"]?.date,
      let actorKind = members["actor_kind"]?.text.flatMap(Actor.Kind.init(rawValue:))
    else { throw damaged }
    let actor = Actor(
      actorKind, name: members["actor_name"]?.text, address: members["address"]?.text,
      requestID: members["request_id"]?.text)
    var event = Event(kind, at: Timestamp(milliseconds: time), by: actor, reason: members["reason"]?.text)
    if let text = members["session_id"] {
      guard let id = text.text.flatMap({ SessionID($0) }) else { throw damaged }
      event.sessionID = id
    }
    event.userID = members["user_id"]?.text.map { ExactText($0) }
    event.keyID = members["key_id"]?.int
    event.details = members.utf8("details").map(JSONText.init(uncheckedMinified:))
    return LoggedEvent(number: number, event: event)
  }

  static var damaged: StoreError { StoreError(.corrupt, "The session store holds an event that can't be read.") }
}
