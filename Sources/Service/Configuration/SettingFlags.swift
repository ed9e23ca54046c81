/// A command line's flags that are settings.
struct SettingFlags {
  /// The file of `--config`.
  private(set) var file: String?
  /// The settings, with what to call them in an error; a list's flags are put together.
  private(set) var values: [(key: String, value: SettingText, name: String)] = []

  init(_ arguments: [String]) throws(ConfigurationError) {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      guard word.utf8.starts(with: "--".utf8) else {
        throw ConfigurationError(.wrongUse, "\(word.escaped) is not a flag; flags begin with --.")
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let flag = String(parts[0])
      let attached = parts.count == 2 ? String(parts[1]) : nil
      if flag == "--no-migrate" {
        guard attached == nil else { throw ConfigurationError(.wrongUse, "--no-migrate takes no value.") }
        values.append(("store.migrate", .plain("false"), flag))
        continue
      }
      guard Self.known.contains(flag) else {
        let nearest = NearestName.find(flag, among: Self.known)
        throw ConfigurationError(
          .unknownSetting, "\(flag.escaped) is no flag\(nearest.map { "; did you mean \($0)?" } ?? ".")")
      }
      guard let value = attached ?? rest.popFirst() else {
        throw ConfigurationError(.wrongUse, "\(flag) needs a value behind it.")
      }
      try take(value, of: flag)
    }
  }

  /// Every flag there is.
  private static let known = ["--config", "--set", "--no-migrate"] + Settings.declarations.compactMap(\.flag)

  private mutating func take(_ value: String, of flag: String) throws(ConfigurationError) {
    switch flag {
    case "--config": file = value
    case "--set":
      let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw ConfigurationError(.wrongUse, "--set takes a setting and its value, such as --set log.level=debug.")
      }
      values.append((String(parts[0]), .plain(String(parts[1])), flag))
    default:
      guard let declaration = Settings.declarations.first(where: { $0.flag == flag }) else { return }
      if declaration.isList, let index = values.firstIndex(where: { $0.name == flag }),
        case .plain(let earlier) = values[index].value
      {
        values[index].value = .plain("\(earlier),\(value)")
      } else {
        values.append((declaration.key, .plain(value), flag))
      }
    }
  }
}
