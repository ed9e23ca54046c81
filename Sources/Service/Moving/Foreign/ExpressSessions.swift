import Cryptography
import JSON
import SessionCore

/// Sessions of express-session, as connect-redis keeps them: JSON with a member `cookie` and whatever the application
/// has put beside.
///
/// The token is the value of the cookie as the browser sends it: `s:`, the id, a dot and its signature, all of it
/// percent-encoded.
struct ExpressSessions: RowReading {
  let context: ForeignContext
  private let key: MessageAuthenticationKey
  private let userMember: [String]

  init(context: ForeignContext, secret: [UInt8], userMember: String) {
    self.context = context
    key = MessageAuthenticationKey(SecretBytes(secret))
    self.userMember = userMember.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }

  /// A row of `sid`, `session` (the JSON), and `ttl`, the milliseconds that Redis keeps it for.
  func content(of row: ForeignRow) -> SourceItem.Content {
    guard let sid = row.text("sid"), let data = row.value["session"], data.kind == .object else {
      return .bad("its value must be a JSON object", isSession: true)
    }
    var place: JSONValue? = data
    for name in userMember { place = place?.member(name) }
    guard let user = ForeignRow.text(place), (1...255).contains(user.utf8.count) else {
      return .passedOver("sessions without a user in \(userMember.joined(separator: "."))")
    }
    let left = row.value["ttl"]?.integer ?? -1
    let expires =
      data["cookie"]?["expires"].flatMap(ForeignRow.time)
      ?? (left >= 0 ? context.now + TimeSpan(milliseconds: left) : context.now + context.idleTimeout)
    guard
      var session = context.tokens.session(
        token: cookie(of: sid), of: ExactText(user), opened: min(context.now, expires), until: expires,
        now: context.now)
    else { return .bad("the id must have 1 to 4000 bytes", isSession: true) }
    session.data = data.text
    return .record(.session(session))
  }

  /// The cookie's value.
  private func cookie(of sid: String) -> [UInt8] {
    let signature = Base64URL.encode(key.code(for: Array(sid.utf8))).map { byte in
      // The other alphabet of base64, without "=" at the end as this one.
      byte == UInt8(ascii: "-") ? UInt8(ascii: "+") : byte == UInt8(ascii: "_") ? UInt8(ascii: "/") : byte
    }
    return Self.percentEncoded(Array("s:".utf8) + Array(sid.utf8) + [UInt8(ascii: ".")] + signature)
  }

  /// As JavaScript's encodeURIComponent has it.
  private static func percentEncoded(_ bytes: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return bytes.flatMap { byte -> [UInt8] in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x21, 0x27...0x2A, 0x2D, 0x2E, 0x5F, 0x7E: [byte]
      default: [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
  }
}
