import Cryptography
import JSON
import SessionCore

/// Some events, signed for one webhook.
///
/// The fields are those of the Standard Webhooks specification (https://www.standardwebhooks.com): the signature is
/// HMAC-SHA256 over the id, the time in seconds and the body, with dots between them, in base64. The time lets a
/// receiver refuse what somebody kept and sends again; the id lets it pass over what it has seen already.
struct WebhookMessage: Sendable {
  let id: String
  let body: [UInt8]

  /// The message of these entries, of which there is at least one.
  init(_ entries: [LoggedEvent], for webhook: Webhook) {
    id = "\(webhook.name)-\(entries[0].number)-\(entries[entries.count - 1].number)"
    var json = JSONWriter(capacity: 256 * entries.count)
    json.beginObject()
    json.name("events")
    json.beginArray()
    for entry in entries { entry.write(into: &json) }
    json.endArray()
    json.endObject()
    body = json.bytes
  }

  /// The header fields of a post at `now`.
  func fields(_ webhook: Webhook, at now: Timestamp) -> [(name: String, value: String)] {
    let seconds = String(now.milliseconds / 1000)
    let code = webhook.key.code(for: Array("\(id).\(seconds).".utf8) + body)
    return [
      ("Content-Type", "application/json"), ("webhook-id", id), ("webhook-timestamp", seconds),
      ("webhook-signature", "v1,\(Base64.text(of: code))"),
    ]
  }
}
