import SessionCore

/// A member that is out of bounds, and why.
public struct AccountRefusal: Sendable, Equatable {
  /// The name, as in the HTTP interface.
  public var member: String
  /// What it must be instead, such as "must not be empty".
  public var reason: String
}

extension AccountProfile {
  /// The most bytes of a user name, a name, a subject.
  static let nameLimit = 255
  /// The most bytes of an issuer and of a picture's address.
  static let addressLimit = 2048
  /// The most bytes of a time zone's name.
  static let timezoneLimit = 64
  /// The most links of one account.
  static let linkLimit = 16

  /// What stands against an account of this profile; `nil` if nothing does.
  ///
  /// That its address, user name and links are nobody else's is the store's to judge.
  public var refusal: AccountRefusal? {
    if email == nil, username == nil, links.isEmpty {
      return AccountRefusal(member: "email", reason: "is needed, or else a username or a link")
    }
    return Self.refusal(ofUsername: username)
      ?? Self.refusal(ofName: name, "name")
      ?? Self.refusal(ofName: firstName, "first_name")
      ?? Self.refusal(ofName: lastName, "last_name")
      ?? Self.refusal(ofPicture: picture)
      ?? Self.refusal(ofTimezone: timezone)
      ?? Self.refusal(of: links)
  }

  /// Whether nothing differs, not even the letter case of the address's domain.
  func isSame(as other: AccountProfile) -> Bool { self == other && email?.text == other.email?.text }

  static func refusal(ofUsername username: ExactText?) -> AccountRefusal? {
    guard let username else { return nil }
    if let reason = reason(against: username, limit: nameLimit) {
      return AccountRefusal(member: "username", reason: reason)
    }
    // An address as a user name would let one user pass for another wherever either is shown.
    guard !username.string.utf8.contains(0x40) else {
      return AccountRefusal(member: "username", reason: "must not contain \"@\"")
    }
    return nil
  }

  static func refusal(ofName name: ExactText?, _ member: String) -> AccountRefusal? {
    guard let name, let reason = reason(against: name, limit: nameLimit) else { return nil }
    return AccountRefusal(member: member, reason: reason)
  }

  static func refusal(ofPicture picture: ExactText?) -> AccountRefusal? {
    guard let picture else { return nil }
    guard picture.byteCount <= addressLimit else {
      return AccountRefusal(member: "picture", reason: "must be at most \(addressLimit) bytes")
    }
    let text = picture.string.utf8
    let scheme = text.prefix { $0 != 0x3A }.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    let rest = text.dropFirst(scheme.count)
    let isAddress =
      (scheme.elementsEqual("https".utf8) || scheme.elementsEqual("http".utf8)) && rest.starts(with: "://".utf8)
      && rest.dropFirst(3).first.map { ![0x2F, 0x3F, 0x23].contains($0) } ?? false
      && text.allSatisfy { (0x21...0x7E).contains($0) && ![0x22, 0x3C, 0x3E, 0x5C, 0x60].contains($0) }
    return isAddress ? nil : AccountRefusal(member: "picture", reason: "must be an http or https URL")
  }

  static func refusal(ofTimezone timezone: ExactText?) -> AccountRefusal? {
    guard let timezone else { return nil }
    let parts = timezone.string.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
    let isName =
      timezone.byteCount <= timezoneLimit
      && parts.allSatisfy { part in
        guard let first = part.first, isLetter(first) else { return false }
        return part.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x5F].contains($0) }
      }
    guard !isName else { return nil }
    return AccountRefusal(
      member: "timezone",
      reason: "must be a time zone's name of at most \(timezoneLimit) bytes, such as \"Europe/Madrid\"")
  }

  static func refusal(of links: [IdentityLink]) -> AccountRefusal? {
    guard links.count <= linkLimit else {
      return AccountRefusal(member: "links", reason: "must be at most \(linkLimit)")
    }
    guard Set(links).count == links.count else {
      return AccountRefusal(member: "links", reason: "must all differ")
    }
    for link in links {
      if let reason = reason(against: link.issuer, limit: addressLimit) {
        return AccountRefusal(member: "links", reason: "have an issuer that \(reason)")
      }
      if let reason = reason(against: link.subject, limit: nameLimit) {
        return AccountRefusal(member: "links", reason: "have a subject that \(reason)")
      }
    }
    return nil
  }

  private static func reason(against text: ExactText, limit: Int) -> String? {
    if text.string.isEmpty { return "must not be empty" }
    if text.byteCount > limit { return "must be at most \(limit) bytes" }
    let hasControls = text.string.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
    return hasControls ? "must not contain control characters" : nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
