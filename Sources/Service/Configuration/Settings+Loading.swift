public import Commands

extension Settings {
  /// The settings of a process: flags over the environment over the file over the defaults.
  ///
  /// Flags are those of ``options``; a list's may come several times, of others the last one counts. The file is the
  /// one of `--config` or `SESAME_CONFIG`, which must exist, or `defaultFile`, which need not.
  /// Of `options`, those that are no settings are let be; of `environment`, every variable that begins with `SESAME_`
  /// must be a setting, but for `otherVariables`, which belong to somebody else.
  public static func load(
    options: GivenOptions, environment: [String: String] = [:], defaultFile: String? = "sesame.toml",
    otherVariables: Set<String> = []
  ) throws(ConfigurationError) -> Settings {
    let flags = try SettingFlags(options)
    var settings = Settings()
    for declaration in declarations {
      let isRight = declaration.assign(.plain(declaration.defaultText), &settings)
      precondition(isRight, "the default of \(declaration.key) is not right")
    }
    if let file = try file(named: flags.file ?? environment[fileVariable], or: defaultFile) {
      try settings.apply(file)
    }
    try settings.apply(environment: environment, except: otherVariables)
    for (key, value, name) in flags.values {
      try settings.assign(value, to: key, source: name)
    }
    try settings.complete()
    return settings
  }

  /// The variable that names the file.
  private static let fileVariable = "SESAME_CONFIG"

  private static func file(named name: String?, or defaultFile: String?) throws(ConfigurationError) -> SettingsFile? {
    if let name { return try SettingsFile(path: name, mayBeMissing: false) }
    return try defaultFile.flatMap { (path) throws(ConfigurationError) in
      try SettingsFile(path: path, mayBeMissing: true)
    }
  }

  private mutating func apply(_ file: SettingsFile) throws(ConfigurationError) {
    let groups = Set(Self.declarations.compactMap { $0.key.split(separator: ".").first.map(String.init) })
    var lines: [String: Int] = [:]
    for entry in file.entries {
      let source = "\(file.path), line \(entry.line)"
      if entry.isTable {
        if groups.contains(entry.key) { continue }
        if NamedGroup.all.contains(where: { $0.group == entry.key }) { continue }
        if let (_, name) = NamedGroup.find(entry.key), !name.contains(".") {
          try Self.checkName(name, source: source, line: entry.line)
          continue
        }
        let nearest = NearestName.find(entry.key, among: groups.sorted()).map { "[\($0)]" }
        throw ConfigurationError(
          .unknownSetting, "\(source): [\(entry.key.escaped)] is no group of settings\(Self.suggestion(nearest))",
          line: entry.line)
      }
      // TOML sees two keys in `a.b` and `"a.b"`.
      if let first = lines.updateValue(entry.line, forKey: entry.key) {
        throw ConfigurationError(
          .wrongValue, "\(source): \(entry.key) was set before, in line \(first).", line: entry.line)
      }
      try assign(entry.value, to: entry.key, source: source, line: entry.line)
    }
  }

  private mutating func apply(
    environment: [String: String], except others: Set<String>
  ) throws(ConfigurationError) {
    let byName = Dictionary(uniqueKeysWithValues: Self.declarations.map { ($0.environmentName, $0) })
    // Sorted, so that of two faults it is always the same that is told.
    for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.utf8.starts(with: "SESAME_".utf8) {
      if name == Self.fileVariable || others.contains(name) { continue }
      if let key = NamedGroup.key(ofVariable: name) {
        try assign(.plain(value), to: key, source: "The environment's \(name)")
        continue
      }
      guard let declaration = byName[name] else {
        let nearest = NearestName.find(name, among: Self.declarations.map(\.environmentName))
        throw ConfigurationError(
          .unknownSetting, "The environment's \(name.escaped) is no setting\(Self.suggestion(nearest))")
      }
      try assign(.plain(value), to: declaration.key, source: "The environment's \(name)")
    }
  }

  private mutating func assign(
    _ value: SettingText, to key: String, source: String, line: Int? = nil
  ) throws(ConfigurationError) {
    if let (group, rest) = NamedGroup.find(key) {
      return try assign(value, to: rest, of: group, source: source, line: line)
    }
    guard let declaration = Self.declarations.first(where: { $0.key == key }) else {
      let nearest = NearestName.find(key, among: Self.declarations.map(\.key))
      throw ConfigurationError(
        .unknownSetting, "\(source): \(key.escaped) is no setting\(Self.suggestion(nearest))", line: line)
    }
    guard declaration.assign(value, &self) else {
      throw ConfigurationError(.wrongValue, "\(source): \(key) must be \(declaration.expectation).", line: line)
    }
    given[key] = (value.shown, source)
  }

  private mutating func assign(
    _ value: SettingText, to key: Substring, of group: NamedGroup, source: String, line: Int?
  ) throws(ConfigurationError) {
    let parts = key.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    try Self.checkName(parts[0], source: source, line: line)
    let name = parts.count == 2 ? String(parts[1]) : ""
    guard let member = group.members.first(where: { $0.key == name }) else {
      let nearest = NearestName.find(name, among: group.members.map(\.key))
      throw ConfigurationError(
        .unknownSetting,
        "\(source): \(name.escaped) is no setting of \(group.group).\(parts[0])\(Self.suggestion(nearest))", line: line)
    }
    guard member.assign(value, String(parts[0]), &self) else {
      throw ConfigurationError(
        .wrongValue, "\(source): \(group.group).\(key) must be \(member.expectation).", line: line)
    }
    given["\(group.group).\(key)"] = (value.shown, source)
  }

  private static func checkName(_ name: Substring, source: String, line: Int?) throws(ConfigurationError) {
    guard NamedGroup.isName(name) else {
      throw ConfigurationError(
        .wrongValue,
        """
        \(source): the name \(String(name).escaped) must be a lower-case letter and then letters and digits, 32 at most.
        """,
        line: line)
    }
  }

  /// Fills in what hangs on other settings, and refuses what contradicts itself.
  private mutating func complete() throws(ConfigurationError) {
    if server.listen.isEmpty { throw contradiction("server.listen needs at least one address") }
    if server.certificate.isEmpty != server.key.isEmpty {
      throw contradiction("server.certificate and server.key go together: set both or neither")
    }
    if session.idleTimeout > session.idleTimeoutCeiling {
      throw contradiction("session.idle_timeout must not be longer than session.idle_timeout_ceiling")
    }
    if session.lifetime > session.lifetimeCeiling {
      throw contradiction("session.lifetime must not be longer than session.lifetime_ceiling")
    }
    if session.rememberedIdleTimeout > session.idleTimeoutCeiling {
      throw contradiction("session.remembered_idle_timeout must not be longer than session.idle_timeout_ceiling")
    }
    if session.rememberedLifetime > session.lifetimeCeiling {
      throw contradiction("session.remembered_lifetime must not be longer than session.lifetime_ceiling")
    }
    if let expiration = cerberus.expiration, expiration > session.lifetimeCeiling {
      throw contradiction("cerberus.expiration must not be longer than session.lifetime_ceiling")
    }
    if !cookie.isSecure {
      // Browsers drop such cookies without a word.
      if cookie.name.utf8.starts(with: "__Host-".utf8) || cookie.name.utf8.starts(with: "__Secure-".utf8) {
        throw contradiction("cookie.secure = false needs a cookie.name that does not begin with __Host- or __Secure-")
      }
      if cookie.sameSite == .none { throw contradiction("cookie.same_site = \"none\" needs cookie.secure = true") }
    }
    try checkNamedGroups()
    if server.socket.isEmpty { server.socket = "\(server.data)/sesame.sock" }
    if keys.file.isEmpty { keys.file = "\(server.data)/keys" }
  }

  private func checkNamedGroups() throws(ConfigurationError) {
    if login.enrolment == .domains, login.enrolmentDomains.isEmpty {
      throw contradiction("login.enrolment = \"domains\" needs login.enrolment_domains")
    }
    for issuer in issuers {
      let group = "issuers.\(issuer.name)"
      guard WebAddress.isSafe(issuer.issuer) else {
        throw contradiction("\(group).issuer must be set to an https address (http only on this machine)")
      }
      if issuer.audiences.isEmpty { throw contradiction("\(group).audiences must name at least one client id") }
      if !issuer.tenants.isEmpty, !issuer.issuer.contains("{tenantid}") {
        throw contradiction("\(group).tenants needs {tenantid} in \(group).issuer, or everyone there is let in")
      }
      guard issuer.keys.isEmpty || WebAddress.isSafe(issuer.keys) else {
        throw contradiction("\(group).keys must be an https address (http only on this machine), or empty")
      }
      if !issuer.client.isEmpty, !issuer.audiences.contains(issuer.client) {
        throw contradiction("\(group).client must be one of \(group).audiences, or its id tokens are refused")
      }
      if !issuer.secret.isEmpty, issuer.client.isEmpty {
        throw contradiction("\(group).secret is of no use without \(group).client")
      }
      if issuer.issuer.contains("{"), issuer.keys.isEmpty {
        throw contradiction("\(group).issuer has a place for a tenant, so \(group).keys must say where the keys are")
      }
    }
    for webhook in webhooks {
      let group = "webhooks.\(webhook.name)"
      guard WebAddress.isSafe(webhook.url) else {
        throw contradiction("\(group).url must be set to an https address (http only on this machine)")
      }
      if webhook.secret.utf8.count < 32 { throw contradiction("\(group).secret must be 32 characters or longer") }
    }
  }

  private func contradiction(_ sentence: String) -> ConfigurationError {
    ConfigurationError(.wrongValue, "\(sentence).")
  }

  /// The end of a sentence that says what does not exist.
  static func suggestion(_ nearest: String?) -> String {
    nearest.map { "; did you mean \($0)?" } ?? "; sesame.example.toml lists all there are."
  }
}

extension String {
  /// The text fit for a terminal's line: control characters replaced, and cut.
  var escaped: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.prefix(100).map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
  }
}
