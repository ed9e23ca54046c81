import Commands

/// A command line's options that are settings.
struct SettingFlags {
  /// The file of `--config`.
  let file: String?
  /// The settings, with what to call them in an error; a list's options are put together.
  private(set) var values: [(key: String, value: SettingText, name: String)] = []

  init(_ options: GivenOptions) throws(ConfigurationError) {
    file = options.all.last { $0.name == "--config" }?.value
    for given in options.all where given.name != "--config" { try take(given.value, of: given.name) }
  }

  private mutating func take(_ value: String, of flag: String) throws(ConfigurationError) {
    switch flag {
    case "--no-migrate": values.append(("store.migrate", .plain("false"), flag))
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
