import SessionCore
import Testing

@testable import Configuration

/// What is shown of the settings in force.
@Suite struct EffectiveSettingTests {
  private func effective(
    _ arguments: [String] = [], environment: [String: String] = [:], file: String? = nil
  ) throws -> [String: EffectiveSetting] {
    let settings = try TemporaryFile.with(file) { (path) throws(ConfigurationError) in
      try Settings.load(arguments: arguments, environment: environment, defaultFile: path)
    }
    return Dictionary(settings.effective.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
  }

  @Test("without anything given every setting is there, and none differs")
  func defaults() throws {
    let settings = try effective()
    #expect(settings.count == Settings.declarations.count)
    #expect(settings.values.allSatisfy { !$0.deviates && $0.source == nil })
    #expect(settings["session.lifetime"]?.value == "30d")
  }

  @Test("what was given is shown with who gave it, and differs if it means something else")
  func given() throws {
    let settings = try effective(
      ["--listen", "127.0.0.1:9090"], environment: ["SESAME_SESSION_LIFETIME": "720h"],
      file: "[cookie]\nsecure = false\nname = \"sid\"\n[session]\nlive_limit = 5\n")
    #expect(settings["server.listen"]?.value == "127.0.0.1:9090")
    #expect(settings["server.listen"]?.source == "--listen")
    #expect(settings["server.listen"]?.deviates == true)
    #expect(settings["cookie.secure"]?.deviates == true)
    #expect(settings["session.live_limit"]?.value == "5")
    #expect(settings["session.lifetime"]?.value == "720h")
    #expect(settings["session.lifetime"]?.source?.contains("SESAME_SESSION_LIFETIME") == true)
    #expect(settings["session.lifetime"]?.deviates == false, "720 hours are the 30 days of the default")
  }

  @Test("no secret is in it, wherever it was given")
  func secrets() throws {
    let canary = "c4n4ry"
    let settings = try effective(
      environment: [
        "SESAME_STORE_PASSWORD": canary,
        "SESAME_SERVER_STORE": "postgres://user:\(canary)@db.example/app?key=\(canary)",
        "SESAME_WEBHOOKS_BILLING_URL": "https://hooks.example/\(canary)",
        "SESAME_WEBHOOKS_BILLING_SECRET": String(repeating: canary, count: 8),
      ])
    for setting in settings.values {
      #expect(!setting.value.contains(canary) && !setting.defaultValue.contains(canary), "\(setting.key)")
    }
    #expect(settings["store.password"]?.value == "set")
    #expect(settings["store.password"]?.deviates == true)
    #expect(settings["server.store"]?.value == "postgres://db.example/…")
    #expect(settings["webhooks.billing.url"]?.value == "https://hooks.example/…")
  }

  @Test("a secret that stands in the command line is named, and one that stands elsewhere is not")
  func exposed() throws {
    let secret = String(repeating: "c4n4ry", count: 8)
    let shown = try Settings.load(
      arguments: [
        "--store", "postgres://user:\(secret)@db.example/app", "--set", "store.password=\(secret)",
        "--set", "webhooks.a.url=https://hooks.example/", "--set", "webhooks.a.secret=\(secret)",
        "--set", "log.level=debug",
      ], environment: [:], defaultFile: nil)
    #expect(shown.exposedSecrets == ["server.store", "store.password", "webhooks.a.secret"])
    let hidden = try Settings.load(
      arguments: ["--store", "postgres://db.example/app", "--set", "webhooks.a.url=https://hooks.example/"],
      environment: ["SESAME_STORE_PASSWORD": secret, "SESAME_WEBHOOKS_A_SECRET": secret], defaultFile: nil)
    #expect(hidden.exposedSecrets == [])
  }

  @Test("of an address whose password holds what divides addresses, nothing but the scheme is shown")
  func plainPasswords() throws {
    for password in ["a/b", "a?b", "a#b", "a@b"] {
      let settings = try effective(environment: ["SESAME_SERVER_STORE": "redis://user:\(password)@db.example:6379"])
      #expect(settings["server.store"]?.value.contains(password) == false, "\(password)")
    }
  }
}
