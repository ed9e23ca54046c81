import Testing

@testable import Configuration

/// The file that documents the settings, held against the settings themselves.
@Suite struct ExampleSettingsTests {
  private let path = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined() + "/sesame.example.toml"

  private func lines() -> [String] {
    String(decoding: SettingsFile.read(path).text, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// A setting's line begins with # and its name, without a space between.
  private func isSetting(_ line: String) -> Bool {
    line.hasPrefix("#") && line.dropFirst().first?.isLetter == true
  }

  /// The head of a group that is there under a name stands behind a #, for without its settings it is not right.
  private func isNamedGroup(_ line: String) -> Bool { line.hasPrefix("#[") }

  @Test("it names exactly the declared settings in their order, with their defaults")
  func settings() {
    var group = ""
    var found: [String] = []
    var named: [String] = []
    for line in lines() {
      if line.hasPrefix("[") { group = String(line.dropFirst().dropLast()) }
      if isNamedGroup(line) { group = String(line.dropFirst(2).dropLast()) }
      if isSetting(line), let (known, rest) = NamedGroup.find("\(group).\(line.dropFirst())") {
        named.append("\(known.group).\(rest.split(separator: ".")[1].prefix { $0 != " " })")
      } else if isSetting(line) {
        found.append("\(group).\(line.dropFirst())")
      }
    }
    #expect(found == Settings.declarations.map { "\($0.key) = \($0.defaultLiteral)" })
    #expect(named == NamedGroup.all.flatMap { group in group.members.map { "\(group.group).\($0.key)" } })
  }

  @Test("it can be read as it is, and with every setting uncommented")
  func loading() throws {
    let text = lines().map { isSetting($0) || isNamedGroup($0) ? String($0.dropFirst()) : $0 }.joined(separator: "\n")
    let settings = try TemporaryFile.with(text) { (file) throws(ConfigurationError) in
      try Settings.load(defaultFile: file)
    }
    #expect(settings.server.listen.map(\.description) == ["127.0.0.1:8080"])
    #expect(settings.log.level == .info)
    #expect(settings.issuers.map(\.name) == ["google"])
    #expect(settings.webhooks.map(\.name) == ["billing"])
    _ = try Settings.load(defaultFile: path)
    // As many entries as settings: nothing stands in the file that is not one.
    let entries = try SettingsFile(path: path, text: Array(text.utf8)).entries
    let named = NamedGroup.all.map(\.members.count).reduce(0, +)
    #expect(entries.filter { !$0.isTable }.count == Settings.declarations.count + named)
  }

  @Test("it says which settings have flags")
  func flags() {
    let prose = lines().filter { $0.hasPrefix("# ") }.joined(separator: " ")
    for flag in Settings.declarations.compactMap(\.flag) + ["--no-migrate", "--config"] {
      #expect(prose.contains(flag))
    }
  }

  @Test("every setting has an explanation above its block")
  func explanations() {
    var isExplained = false
    for line in lines() {
      if line.isEmpty { isExplained = false }
      if line.hasPrefix("# ") { isExplained = true }
      if isSetting(line) { #expect(isExplained) }
    }
  }
}
