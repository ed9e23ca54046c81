import DialectKit
import JSON
import SessionCore

/// Events as `/v2` shows them.
enum EventJSON {
  /// Writes an entry of the log as an object.
  static func write(_ entry: LoggedEvent, into json: inout JSONWriter) {
    let event = entry.event
    json.beginObject()
    json.member("cursor", String(entry.number))
    json.member("type", event.kind.rawValue)
    json.member("time", utf8: event.time.rfc3339)
    json.name("actor")
    json.beginObject()
    json.member("kind", event.actor.kind.rawValue)
    if let name = event.actor.name { json.member("name", name) }
    if let address = event.actor.address { json.member("address", address) }
    if let id = event.actor.requestID { json.member("request_id", id) }
    json.endObject()
    if let id = event.sessionID { json.member("session_id", utf8: id.text) }
    if let id = event.userID { json.member("user_id", id.string) }
    if let id = event.keyID { json.member("key_id", id) }
    if let reason = event.reason { json.member("reason", reason) }
    if let details = event.details {
      json.name("details")
      json.raw(details)
    }
    json.endObject()
  }
}
