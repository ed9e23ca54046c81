import HTTPMessages
import SessionCore
import Testing

@testable import Configuration

@Suite struct SettingsTests {
  private func load(
    _ arguments: [String] = [], environment: [String: String] = [:], file: String? = nil
  ) throws(ConfigurationError) -> Settings {
    try TemporaryFile.with(file) { (path) throws(ConfigurationError) in
      try Settings.load(arguments: arguments, environment: environment, defaultFile: path)
    }
  }

  private func failure(
    _ arguments: [String] = [], environment: [String: String] = [:], file: String? = nil
  ) -> ConfigurationError? {
    do {
      _ = try load(arguments, environment: environment, file: file)
      return nil
    } catch {
      return error
    }
  }

  @Test("without anything given the defaults hold")
  func defaults() throws {
    let settings = try load()
    #expect(settings.server.listen.map(\.description) == ["127.0.0.1:8080"])
    #expect(settings.server.data == "./sesame-data")
    #expect(settings.server.store == "sqlite")
    #expect(settings.server.threads == 0)
    #expect(settings.server.socket == "./sesame-data/sesame.sock")
    #expect(settings.keys.file == "./sesame-data/keys")
    #expect(settings.server.trustedNetworks.isEmpty)
    #expect(settings.limits.headerBytes == 32_768)
    #expect(settings.limits.idleTime == .seconds(60))
    #expect(settings.session.idleTimeout == .hours(24))
    #expect(settings.session.lifetimeCeiling == .days(365))
    #expect(settings.session.liveSessionLimit == nil)
    #expect(settings.cookie.name == "__Host-sesame")
    #expect(settings.cookie.sameSite == .lax)
    #expect(settings.cache.bytes == 268_435_456)
    #expect(settings.store.migrates)
    #expect(settings.log.level == .info)
    #expect(!settings.log.requests)
  }

  @Test("flags win over the environment, which wins over the file, which wins over the default")
  func precedence() throws {
    let file = "[server]\nthreads = 1\ndata = \"file\"\nstore = \"file\"\n[log]\nrequests = true\n"
    let environment = ["SESAME_SERVER_THREADS": "2", "SESAME_SERVER_DATA": "environment", "HOME": "/"]
    let settings = try load(["--threads", "3"], environment: environment, file: file)
    #expect(settings.server.threads == 3)
    #expect(settings.server.data == "environment")
    #expect(settings.server.store == "file")
    #expect(settings.log.requests)
    #expect(settings.server.socket == "environment/sesame.sock")
  }

  @Test("every kind of flag is understood")
  func flags() throws {
    let settings = try load([
      "--listen=127.0.0.1:0", "--listen", "[::1]:9000", "--no-migrate", "--set", "session.live_limit=5",
      "--set=log.level=debug", "--set", "session.live_overflow=deny",
    ])
    #expect(settings.server.listen.map(\.description) == ["127.0.0.1:0", "[::1]:9000"])
    #expect(!settings.store.migrates)
    #expect(settings.session.liveSessionLimit == LiveSessionLimit(maximum: 5, overflow: .deny))
    #expect(settings.log.level == .debug)
  }

  @Test("a file that is named must exist, and the default one need not")
  func missingFile() throws {
    _ = try Settings.load(arguments: [], environment: [:], defaultFile: "/nonexistent/sesame.toml")
    #expect(failure(["--config", "/nonexistent/sesame.toml"])?.code == .unreadableFile)
    #expect(failure(environment: ["SESAME_CONFIG": "/nonexistent/sesame.toml"])?.code == .unreadableFile)
    #expect(failure(["--config", "/"])?.description == "The settings file / is a folder.")
  }

  @Test("the named file is read in place of the default one")
  func namedFile() throws {
    let settings = try TemporaryFile.with("[server]\nthreads = 7") { (path) throws(ConfigurationError) in
      try load(["--config", path ?? ""], file: "[server]\nthreads = 8")
    }
    #expect(settings.server.threads == 7)
  }

  @Test("lists, durations and sizes are read from a file in every notation")
  func notations() throws {
    let settings = try load(
      file: """
        session.idle_timeout = 90
        session.lifetime = "36h"
        [server]
        trusted_networks = ["10.0.0.0/8", "::1"]
        allowed_hosts = []
        [cache]
        bytes = 1_000
        [limits]
        header_time = "1500ms"
        body_bytes = "1MiB"
        """)
    #expect(settings.session.idleTimeout == .seconds(90))
    #expect(settings.session.lifetime == .hours(36))
    #expect(settings.server.trustedNetworks.map(\.text) == ["10.0.0.0/8", "::1"])
    #expect(settings.cache.bytes == 1000)
    #expect(settings.limits.headerTime == TimeSpan(milliseconds: 1500))
    #expect(settings.limits.bodyBytes == 1_048_576)
  }

  @Test(
    "a wrong value is refused with its line and what would be right",
    arguments: [
      ("[server]\nthreads = \"4\"", 2, "whole number from 0 to 1024"), ("[server]\n\nthreads = 4.0", 3, "whole number"),
      ("[server]\nthreads = -1", 2, "whole number"), ("[server]\nthreads = 99999", 2, "1024"),
      ("[server]\nlisten = \"127.0.0.1:80\"", 2, "list of addresses"),
      ("[server]\nlisten = [80]", 2, "list of addresses"),
      ("[server]\nlisten = [\"127.0.0.1\"]", 2, "list of addresses"),
      ("[server]\nlisten = [\"127.0.0.1:65536\"]", 2, "list of addresses"),
      ("[server]\ntrusted_networks = [\"10.0.0.1/8\"]", 2, "no bits set"), ("[server]\ndata = \"\"", 2, "a path"),
      ("[session]\nidle_timeout = \"1w\"", 2, "\"30d\""), ("[session]\nidle_timeout = \"-1s\"", 2, "from 1s"),
      ("[session]\nidle_timeout = \"+1s\"", 2, "from 1s"), ("[session]\nidle_timeout = \"\"", 2, "duration"),
      ("[session]\nidle_timeout = \"99999999999999999999s\"", 2, "duration"),
      ("[session]\nlifetime = 0", 2, "duration"),
      ("[session]\nlifetime = 9223372036854775807", 2, "duration"), ("[session]\nlifetime = true", 2, "duration"),
      ("[session]\nlive_overflow = \"drop\"", 2, "\"deny\", \"evict-oldest\""), ("[cache]\nbytes = \"1MB\"", 2, "MiB"),
      ("[cache]\nbytes = \"9999999999GiB\"", 2, "bytes"), ("[log]\nrequests = \"true\"", 2, "true or false"),
      ("[log]\nrequests = 1", 2, "true or false"), ("[cookie]\nname = \"a b\"", 2, "cookie name"),
      ("[log]\nlevel = 2020-01-01", 2, "\"debug\""), ("[[server.listen]]\na = 1", 1, "list of addresses"),
      ("server = 1", 1, "no setting"), ("[server.threads]\n", 1, "no group"),
    ])
  func wrongValues(file: String, line: Int, hint: String) {
    let failure = failure(file: file)
    #expect(failure?.line == line)
    #expect(failure?.description.contains("line \(line)") == true)
    #expect(failure?.description.contains(hint) == true)
  }

  @Test(
    "an unknown setting is refused with the nearest known one",
    arguments: [
      ("[sesion]\nidle_timeout = 1", "[session]"), ("[session]\nidle_timout = 1", "session.idle_timeout"),
      ("[server]\nlistne = []", "server.listen"), ("[cookie]\nsamesite = \"lax\"", "cookie.same_site"),
    ])
  func unknownInFile(file: String, nearest: String) {
    let failure = failure(file: file)
    #expect(failure?.code == .unknownSetting)
    #expect(failure?.description.contains("did you mean \(nearest)?") == true)
  }

  @Test("an empty table that is no group is refused")
  func emptyTable() {
    #expect(failure(file: "[sessions]\n")?.code == .unknownSetting)
    #expect(failure(file: "[session]\n") == nil)
  }

  @Test("the first fault of a file is the one that is told")
  func firstFault() {
    #expect(failure(file: "[session]\nlifetime = 0\n[cache]\nbytes = true\n")?.line == 2)
  }

  @Test(
    "what is not TOML is refused with its line",
    arguments: ["[server]\nx = \n", "\u{0}", "[server]\nthreads = 1\nthreads = 2"])
  func syntax(file: String) {
    #expect(failure(file: file)?.code == .syntax)
    #expect((failure(file: file)?.line ?? 0) >= 1)
  }

  @Test(
    "what is not TOML is told without what stands there instead, which can steer a terminal or be a password",
    arguments: [
      "threads = t\u{1B}[2Jhunter2", "threads = truehunter2", "threads = 1hunter2", "thr\u{1B}hunter2",
      "threads = 12345678901234567890",
    ])
  func noEchoOfSyntax(line: String) {
    let refusal = failure(file: "[server]\n\(line)\n")
    #expect(refusal?.code == .syntax)
    #expect(refusal?.line == 2)
    #expect(refusal?.description.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } == false)
    #expect(refusal?.description.contains("hunter2") == false)
    #expect(refusal?.description.contains("1234567890") == false)
  }

  @Test("a key of half a million parts is refused, and one that a line has room for is no setting")
  func deepKey() {
    let key = "a" + String(repeating: ".a", count: 500_000)
    for line in ["\(key) = 1", "[\(key)]"] {
      let refusal = failure(file: "[server]\n\(line)\n")
      #expect(refusal?.code == .syntax)
      #expect(refusal?.line == 2)
    }
    #expect(failure(file: "[\(key.prefix(15_001))]\n")?.code == .unknownSetting)
  }

  @Test("one setting under two spellings of its key is refused")
  func twoSpellings() {
    #expect(failure(file: "\"server.threads\" = 1\n[server]\nthreads = 2")?.description.contains("set before") == true)
  }

  @Test("unknown variables and flags are refused with the nearest known one")
  func unknownElsewhere() {
    let variable = failure(environment: ["SESAME_SERVER_LISTN": "x"])
    #expect(variable?.description.contains("did you mean SESAME_SERVER_LISTEN?") == true)
    #expect(failure(["--lisen", "x"])?.description == "There is no option --lisen here; did you mean --listen?")
    #expect(failure(["--set", "log.levle=info"])?.description.contains("did you mean log.level?") == true)
    #expect(failure(["--frobnicate"])?.code == .wrongUse)
  }

  @Test("a variable that belongs to somebody else is let be")
  func otherVariables() throws {
    let environment = ["SESAME_TOKEN": "x"]
    #expect(failure(environment: environment)?.code == .unknownSetting)
    _ = try Settings.load(environment: environment, defaultFile: nil, otherVariables: ["SESAME_TOKEN"])
  }

  @Test("a command line put together wrongly is refused")
  func wrongUse() {
    #expect(failure(["serve"])?.code == .wrongUse)
    #expect(failure(["--listen"])?.code == .wrongUse)
    #expect(failure(["--set", "log.level"])?.code == .wrongUse)
    #expect(failure(["--no-migrate=1"])?.code == .wrongUse)
  }

  @Test("a refusal never repeats the value, which could hold a password")
  func noEcho() {
    let secret = "postgres://u:hunter2@host"
    for text in [
      failure(["--set", "server.listen=\(secret)"]), failure(environment: ["SESAME_LOG_LEVEL": secret]),
      failure(file: "[server]\nthreads = \"\(secret)\""), failure(["--threads", secret]),
    ] {
      #expect(text?.code == .wrongValue)
      #expect(text?.description.contains("hunter2") == false)
    }
  }

  @Test(
    "settings that contradict one another are refused",
    arguments: [
      ["server.certificate=a.pem"], ["server.key=a.pem"], ["session.idle_timeout=31d"], ["session.lifetime=366d"],
      ["session.remembered_idle_timeout=31d"], ["session.remembered_lifetime=366d"], ["cookie.secure=false"],
      ["cookie.name=__Secure-a", "cookie.secure=false"],
      ["cookie.name=a", "cookie.secure=false", "cookie.same_site=none"], ["server.listen="],
    ])
  func contradictions(settings: [String]) {
    #expect(failure(settings.flatMap { ["--set", $0] })?.code == .wrongValue)
  }

  @Test("a plain cookie over HTTP can be chosen")
  func plainCookie() throws {
    let settings = try load(["--set", "cookie.secure=false", "--set", "cookie.name=sesame"])
    #expect(!settings.cookie.isSecure)
  }

  @Test("control characters of an unknown name do not reach the terminal")
  func controlCharacters() {
    #expect(failure(["--\u{1B}[2J"])?.description.utf8.contains(0x1B) == false)
    #expect(failure(["--set", "a\nb=1"])?.description.utf8.contains(0x0A) == false)
  }

  @Test("names, variables and flags are each declared once")
  func declarations() {
    let all = Settings.declarations
    #expect(Set(all.map(\.key)).count == all.count)
    #expect(Set(all.map(\.environmentName)).count == all.count)
    #expect(Set(all.compactMap(\.flag)).count == all.compactMap(\.flag).count)
    #expect(all.first { $0.key == "session.idle_timeout" }?.environmentName == "SESAME_SESSION_IDLE_TIMEOUT")
    #expect(all.allSatisfy { $0.summary.hasSuffix(".") })
  }
}
