import Cryptography
import JSON
import SessionCore

/// The table `django_session` of Django 3.1 or later with its JSON serializer: `session_key`, `session_data`,
/// `expire_date`.
///
/// `session_data` is JSON, compressed if that makes it shorter, and signed
/// (https://docs.djangoproject.com/en/5.2/topics/signing/). `session_key` is what the browser's cookie has.
struct DjangoSessions: RowReading {
  private static let salt = "django.contrib.sessions.SessionStore"
  /// The members that Django's authentication keeps for itself.
  private static let ownMembers = ["_auth_user_id", "_auth_user_backend", "_auth_user_hash"]

  let context: ForeignContext
  private let key: MessageAuthenticationKey

  init(context: ForeignContext, secret: [UInt8]) {
    self.context = context
    // The key is a digest of the salt, the word "signer" and the secret.
    let digest = SHA256Digest.bytes(of: Array((Self.salt + "signer").utf8) + secret)
    key = MessageAuthenticationKey(SecretBytes(digest))
  }

  func content(of row: ForeignRow) -> SourceItem.Content {
    guard let cookie = row.text("session_key") else { return .bad("session_key must be a text", isSession: true) }
    guard let expires = row.time("expire_date") else { return .bad("expire_date must be a time", isSession: true) }
    guard let signed = row.text("session_data") else { return .bad("session_data must be a text", isSession: true) }
    guard let (text, signedAt) = read(Array(signed.utf8)) else {
      return .bad("session_data was not signed with this secret, which must be Django's SECRET_KEY", isSession: true)
    }
    guard
      let data = try? JSONDocument(parsing: text, limits: JSONLimits(maximumBytes: 1 << 24, maximumDepth: 100)).root,
      data.kind == .object
    else { return .bad("session_data is not JSON; only Django's JSON serializer is read", isSession: true) }
    guard let user = ForeignRow.text(data["_auth_user_id"]), (1...255).contains(user.utf8.count) else {
      return .passedOver("sessions in which nobody is logged in")
    }
    let opened = min(signedAt, expires, context.now)
    guard
      var session = context.tokens.session(
        token: Array(cookie.utf8), of: ExactText(user), opened: opened, until: expires, now: context.now)
    else { return .bad("session_key must have 1 to 4096 bytes", isSession: true) }
    session.data = Self.rest(of: data)
    return .record(.session(session))
  }

  /// What the application keeps; `nil` if that is nothing.
  private static func rest(of data: JSONValue) -> JSONText? {
    var json = JSONWriter()
    json.beginObject()
    var hasAny = false
    for (name, value) in data.members where !ownMembers.contains(name) {
      json.name(name)
      json.raw(value.text)
      hasAny = true
    }
    json.endObject()
    return hasAny ? JSONText(uncheckedMinified: json.bytes) : nil
  }

  /// The text and the time of `[.]BASE64:TIME:SIGNATURE`; `nil` if it was not signed with this secret.
  private func read(_ signed: [UInt8]) -> (text: [UInt8], signedAt: Timestamp)? {
    let parts = signed.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 3, let signature = Base64URL.decode(parts[2]) else { return nil }
    let value = Array(parts[0]) + [UInt8(ascii: ":")] + parts[1]
    guard ConstantTime.areEqual(key.code(for: value), signature) else { return nil }
    guard let seconds = Self.number(parts[1]) else { return nil }
    let isCompressed = parts[0].first == UInt8(ascii: ".")
    guard let bytes = Base64URL.decode(isCompressed ? parts[0].dropFirst() : parts[0]) else { return nil }
    let text = isCompressed ? Inflation.zlib(bytes, limit: 1 << 24) : bytes
    return text.map { ($0, Timestamp(milliseconds: TimeSpan.seconds(seconds).milliseconds)) }
  }

  /// A number of the digits 0-9, A-Z and a-z.
  private static func number(_ text: ArraySlice<UInt8>) -> Int64? {
    var number: Int64 = 0
    for byte in text {
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x5A: digit = byte - 0x41 + 10
      case 0x61...0x7A: digit = byte - 0x61 + 36
      default: return nil
      }
      let (product, isTooLarge) = number.multipliedReportingOverflow(by: 62)
      let (sum, overflows) = product.addingReportingOverflow(Int64(digit))
      guard !isTooLarge, !overflows else { return nil }
      number = sum
    }
    return text.isEmpty ? nil : number
  }
}
