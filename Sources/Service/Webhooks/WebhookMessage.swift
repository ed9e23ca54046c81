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

/// Base64 with padding (RFC 4648 section 4), for the one place that asks for it.
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The text of some bytes.
  static func text(of bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits: UInt32 = 0
      for index in 0..<3 { bits = bits << 8 | UInt32(index < group.count ? group[start + index] : 0) }
      for index in 0..<4 {
        let digit = Int(bits >> UInt32(18 - 6 * index)) & 63
        text.append(index <= group.count ? alphabet[digit] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
