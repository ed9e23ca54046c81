/// One setting: its name everywhere, its default and what it is for.
public struct SettingDeclaration: Sendable {
  /// The dotted key in the file, such as "server.listen".
  public let key: String
  /// The flag, such as "--listen", or `nil` if only `--set` reaches it.
  public let flag: String?
  /// The default as it would be written in the environment.
  public let defaultText: String
  /// The default as it would be written in the file.
  public let defaultLiteral: String
  /// What is accepted, to stand behind "must be".
  public let expectation: String
  /// What it is for, in one sentence.
  public let summary: String

  /// Reads a value into the settings; answers whether it was right.
  let assign: @Sendable (SettingText, inout Settings) -> Bool
  /// The value as text that is equal for equal values; it may be a secret.
  let describe: @Sendable (Settings) -> String
  /// Whether a flag that comes again adds to the value rather than replaces it.
  let isList: Bool

  init<Value>(
    _ key: String, _ kind: SettingKind<Value>, default defaultText: String, flag: String? = nil,
    _ field: any WritableKeyPath<Settings, Value> & Sendable, _ summary: String
  ) {
    self.key = key
    self.flag = flag
    self.defaultText = defaultText
    self.summary = summary
    defaultLiteral = kind.literal(defaultText)
    expectation = kind.expectation
    isList = defaultLiteral.utf8.first == UInt8(ascii: "[")
    describe = { "\($0[keyPath: field])" }
    assign = { text, settings in
      guard let value = kind.read(text) else { return false }
      settings[keyPath: field] = value
      return true
    }
  }

  /// The name in the environment, such as "SESAME_SERVER_LISTEN".
  public var environmentName: String {
    "SESAME_" + key.uppercased().map { $0 == "." ? "_" : String($0) }.joined()
  }
}
