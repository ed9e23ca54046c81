public import JSON

extension LoggedEvent {
  /// Writes the entry as every interface shows it: an object with `cursor`, `type`, `time`, `actor`, and what else is
  /// known of `session_id`, `user_id`, `key_id`, `reason` and `details`.
  ///
  /// The cursor is the number as text, because programs that keep numbers as floating point lose those beyond 2^53.
  public func write(into json: inout JSONWriter) {
    json.beginObject()
    json.member("cursor", String(number))
    json.member("type", event.kind.rawValue)
    json.member("time", utf8: event.time.rfc3339)
    json.name("actor")
    json.beginObject()
    json.member("kind", event.actor.kind.rawValue)
    if let name = event.actor.name { json.member("name", name) }
    if let address = event.actor.address { json.member("address", address) }
    if let requestID = event.actor.requestID { json.member("request_id", requestID) }
    json.endObject()
    if let sessionID = event.sessionID { json.member("session_id", utf8: sessionID.text) }
    if let userID = event.userID { json.member("user_id", userID.string) }
    if let keyID = event.keyID { json.member("key_id", keyID) }
    if let reason = event.reason { json.member("reason", reason) }
    if let details = event.details {
      json.name("details")
      json.raw(details)
    }
    json.endObject()
  }
}
