import SessionCore

extension Settings {
  static let storeDeclarations: [SettingDeclaration] = [
    SettingDeclaration(
      "store.migrate", .boolean, default: "true", \.store.migrates,
      "Whether the store's schema is brought up to date at start."),
    SettingDeclaration(
      "store.name", storeName, default: "sesame", \.store.name,
      "The PostgreSQL schema, the prefix of all Redis keys or the MongoDB database that is used."),
    SettingDeclaration(
      "store.password", .text("a text, or empty", mayBeEmpty: true), default: "", \.store.password,
      "The shared store's password, so that its address need not have it."),
    SettingDeclaration(
      "store.timeout", .duration("50ms", "60s"), default: "800ms", \.store.timeout,
      "How long a call of a shared store may take before it counts as failed."),
    SettingDeclaration(
      "store.connections", .integer(2...64), default: "4", \.store.connections,
      "How many connections to a shared store serve reads."),
    SettingDeclaration(
      "store.wait_replicas", .integer(0...16), default: "0", \.store.waitReplicas,
      "How many Redis replicas must have a change before it is answered."),
    SettingDeclaration(
      "store.wait_timeout", .duration("10ms", "60s"), default: "500ms", \.store.waitTimeout,
      "How long is waited for those replicas."),
    SettingDeclaration(
      "nodes.lease", .duration("200ms", "60s"), default: "1s", \.nodes.lease,
      "How long after a heartbeat a node on a shared store trusts its cache."),
  ]

  /// What is a name in each of the stores: an unquoted identifier of PostgreSQL is the narrowest.
  private static let storeName = SettingKind<String>(
    expectation: "a name of 1 to 40 lowercase letters, digits and _, beginning with a letter",
    literal: { "\"\($0)\"" },
    read: { given in
      guard let text = given.text, (1...40).contains(text.utf8.count) else { return nil }
      let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
      let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
      guard let first = text.utf8.first, letters.contains(first) else { return nil }
      return text.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_") }
        ? text : nil
    })
}
