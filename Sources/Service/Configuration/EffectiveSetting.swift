import SessionCore

/// A setting as it is in force, for a person's eyes: secrets are not in it.
public struct EffectiveSetting: Sendable, Equatable {
  /// The dotted key.
  public let key: String
  /// What it is for.
  public let summary: String
  /// The value, or of a secret whether it is set.
  public let value: String
  /// The default, as ``value``.
  public let defaultValue: String
  /// Who set it: a file's line, a variable, a flag; `nil` if nobody did.
  public let source: String?
  /// Whether it differs from the default, every one of which is safe.
  public let deviates: Bool
  /// Whether its value is not shown.
  public let isSecret: Bool
}

extension Settings {
  /// Every setting in force: those that are always there in the order of `sesame.example.toml`, then the named groups.
  public var effective: [EffectiveSetting] {
    var defaults = Settings()
    for declaration in Self.declarations { _ = declaration.assign(.plain(declaration.defaultText), &defaults) }
    let known = Self.declarations.map { declaration in
      let setting = given[declaration.key]
      return EffectiveSetting(
        key: declaration.key, summary: declaration.summary,
        value: Self.shown(setting?.text ?? declaration.defaultText, of: declaration.key),
        defaultValue: Self.shown(declaration.defaultText, of: declaration.key), source: setting?.source,
        deviates: setting != nil && declaration.describe(self) != declaration.describe(defaults),
        isSecret: Self.isSecret(declaration.key))
    }
    let named = given.filter { entry in NamedGroup.find(entry.key) != nil }.sorted { $0.key < $1.key }
    return known
      + named.map { key, setting in
        EffectiveSetting(
          key: key, summary: "", value: Self.shown(setting.text, of: key), defaultValue: "", source: setting.source,
          deviates: true, isSecret: Self.isSecret(key))
      }
  }

  /// The settings that hold a secret and were given in the command line, which every user of the machine can read.
  ///
  /// Those of the environment and of files are not among them.
  public var exposedSecrets: [String] {
    given.filter { key, setting in
      let hasPassword = key == "server.store" && setting.text.utf8.contains(UInt8(ascii: "@"))
      return setting.source.hasPrefix("--") && (Self.isSecret(key) || hasPassword)
    }.keys.sorted()
  }

  /// Whether a setting is never shown.
  private static func isSecret(_ key: String) -> Bool { key == "store.password" || key.hasSuffix(".secret") }

  /// A value as it may be shown: of an address that others log in by, no more than its scheme and host.
  private static func shown(_ text: String, of key: String) -> String {
    if isSecret(key) { return text.isEmpty ? "" : "set" }
    guard key == "server.store" || key.hasPrefix("webhooks.") && key.hasSuffix(".url") else { return text }
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), text[colon...].hasPrefix("://") else { return text }
    let scheme = text[..<colon]
    let rest = text[colon...].dropFirst(3)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    // A password may have been written plainly, with what divides an address in it: then nothing is shown of it.
    guard !rest.dropFirst(authority.count).contains("@") else { return "\(scheme)://…" }
    let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    if scheme == "sqlite" { return text }
    return "\(scheme)://\(host)\(rest.count > authority.count ? "/…" : "")"
  }
}
