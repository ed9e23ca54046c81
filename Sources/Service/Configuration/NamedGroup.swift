import SessionCore

/// A group of settings that can be there many times, each under a name of the operator's own: `issuers.google`.
struct NamedGroup: Sendable {
  /// One setting of such a group.
  struct Member: Sendable {
    let key: String
    let expectation: String
    let assign: @Sendable (SettingText, _ name: String, inout Settings) -> Bool
  }

  let group: String
  let members: [Member]

  /// Every such group.
  static let all = [issuers, webhooks]

  /// The group and the rest of a key that begins with one: `issuers` and `google.issuer`.
  static func find(_ key: String) -> (group: NamedGroup, rest: Substring)? {
    for group in all where key.hasPrefix(group.group + ".") {
      return (group, key.dropFirst(group.group.count + 1))
    }
    return nil
  }

  /// The key of an environment's variable, such as "SESAME_ISSUERS_GOOGLE_AUDIENCES"; `nil` if it is of no such group.
  static func key(ofVariable variable: String) -> String? {
    for group in all where variable.hasPrefix("SESAME_\(group.group.uppercased())_") {
      let rest = variable.dropFirst("SESAME_".count + group.group.count + 1).lowercased()
      guard let mark = rest.firstIndex(of: "_") else { return nil }
      return "\(group.group).\(rest[..<mark]).\(rest[rest.index(after: mark)...])"
    }
    return nil
  }

  /// Whether a name is one: a lower-case letter, then letters and digits, 32 at most.
  static func isName(_ name: Substring) -> Bool {
    guard let first = name.utf8.first, (0x61...0x7A).contains(first), name.utf8.count <= 32 else { return false }
    return name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
  }

  private static func member<Element, Value>(
    _ key: String, _ kind: SettingKind<Value>,
    _ element: @escaping @Sendable (_ name: String, inout Settings, (inout Element) -> Void) -> Void,
    _ field: any WritableKeyPath<Element, Value> & Sendable
  ) -> Member {
    Member(key: key, expectation: kind.expectation) { text, name, settings in
      guard let value = kind.read(text) else { return false }
      element(name, &settings) { $0[keyPath: field] = value }
      return true
    }
  }

  private static let issuers = NamedGroup(
    group: "issuers",
    members: [
      member("issuer", .text("the issuer's address, as its tokens say it"), withIssuer, \.issuer),
      member("audiences", .list("a list of client ids") { $0.isEmpty ? nil : $0 }, withIssuer, \.audiences),
      member("tenants", .list("a list of tenant ids") { $0.isEmpty ? nil : $0 }, withIssuer, \.tenants),
      member("keys", .text("an address, or empty", mayBeEmpty: true), withIssuer, \.keys),
      member("client", .text("one of the audiences, or empty", mayBeEmpty: true), withIssuer, \.client),
      member("secret", .text("a text, or empty", mayBeEmpty: true), withIssuer, \.secret),
    ])

  private static let webhooks = NamedGroup(
    group: "webhooks",
    members: [
      member("url", .text("an address"), withWebhook, \.url),
      member("secret", .text("a text of 32 characters or more"), withWebhook, \.secret),
      member(
        "types", .list("a list of event types such as [\"session.closed\"]") { Event.Kind(rawValue: $0) }, withWebhook,
        \.types),
    ])

  @Sendable private static func withIssuer(
    _ name: String, _ settings: inout Settings, _ change: (inout Settings.Issuer) -> Void
  ) {
    if !settings.issuers.contains(where: { $0.name == name }) { settings.issuers.append(Settings.Issuer(name: name)) }
    for index in settings.issuers.indices where settings.issuers[index].name == name {
      change(&settings.issuers[index])
    }
  }

  @Sendable private static func withWebhook(
    _ name: String, _ settings: inout Settings, _ change: (inout Settings.Webhook) -> Void
  ) {
    if !settings.webhooks.contains(where: { $0.name == name }) {
      settings.webhooks.append(Settings.Webhook(name: name))
    }
    for index in settings.webhooks.indices where settings.webhooks[index].name == name {
      change(&settings.webhooks[index])
    }
  }
}
