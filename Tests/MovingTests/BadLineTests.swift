import JSON
import MemoryStore
import Moving
import SessionCore
import Testing

@Suite("Lines that are not what they should be") struct BadLineTests {
  let world: MovingWorld

  init() throws { world = try MovingWorld() }

  static let session = """
    {"session":{"id":"00000000000000000000000001","user_id":"7","opened":"2026-01-01T00:00:00.000Z",\
    "last_request":"2026-01-01T00:00:00.000Z","renewed":"2026-01-01T00:00:00.000Z","idle_timeout_ms":1,\
    "lifetime_ms":1,"generation":0,"remembered":false,"revision":1}}
    """

  static let account = #"""
    {"account":{"id":5,"created":"2026-01-01T00:00:00.000Z","level":"U","active":true,"verified":false,"revision":1}}
    """#

  @Test("the lines of these tests are good as they stand")
  func good() throws {
    _ = try ExportLine(parsing: Array(Self.session.utf8))
    _ = try ExportLine(parsing: Array(Self.account.utf8))
  }

  @Test(
    "a line is refused with what is wrong and what would be right",
    arguments: [
      ("", "no JSON object"), ("{", "no JSON object"), ("[]", "one member"), ("{}", "one member"),
      (#"{"session":{},"end":{}}"#, "one member"), (#"{"sesion":{}}"#, #"there is no sort "sesion""#),
      (#"{"session":7}"#, "must be an object"), (#"{"session":{}}"#, "session.id is missing"),
      (#"{"sesame_export":{"version":2}}"#, "version 2, and this program reads version 1"),
      (#"{"sesame_export":{"version":"1"}}"#, "whole number"),
      (#"{"end":{"keys":-1,"accounts":0,"sessions":0}}"#, "end.keys must be"),
      (#"{"end":{"keys":1,"accounts":0}}"#, "end.sessions is missing"),
    ])
  func refused(line: String, expected: String) {
    let error = #expect(throws: ExportLine.Refusal.self) { try ExportLine(parsing: Array(line.utf8)) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test(
    "a session's member is refused with its name",
    arguments: [
      (#""id":"00000000000000000000000001""#, #""id":"0000000000000000000000000U""#, "session.id must be"),
      (#""user_id":"7""#, #""user_id":"""#, "session.user_id must be"),
      (#""user_id":"7""#, #""user_id":7"#, "session.user_id must be"),
      (#""opened":"2026-01-01"#, #""opened":"2026-13-01"#, "session.opened must be a time"),
      (#""generation":0"#, #""generation":4294967296"#, "session.generation must be"),
      (#""generation":0"#, #""generation":1.0"#, "session.generation must be"),
      (#""revision":1"#, #""revision":0"#, "session.revision must be"),
      (#""remembered":false"#, #""remembered":null"#, "session.remembered must be"),
      (#""remembered":false"#, #""remembered":false,"carried":"AAAA""#, "session.carried must be"),
      (#""remembered":false"#, #""remembered":false,"colour":1"#, #"session has no member "colour"; it has id"#),
      (#""remembered":false"#, #""remembered":false,"close_reason":"idle""#, "belong together"),
      (
        #""remembered":false"#,
        #""remembered":false,"close_reason":"idle","closed":"2026-01-01T00:00:00Z","data":1"#, "closed session"
      ),
      (#""remembered":false"#, #""remembered":false,"close_reason":"bored""#, "session.close_reason must be one of"),
    ])
  func session(old: String, new: String, expected: String) throws {
    let line = Self.session.replacing(old, with: new)
    #expect(line != Self.session)
    let error = #expect(throws: ExportLine.Refusal.self) { try ExportLine(parsing: Array(line.utf8)) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test(
    "an account's member is refused with its name",
    arguments: [
      (#""id":5"#, #""id":0"#, "account.id must be"), (#""id":5"#, #""id":100000000000000"#, "account.id must be"),
      (#""level":"U""#, #""level":"X""#, "one of I, U, C, T, A"),
      (#""active":true"#, #""active":true,"email":"a@b@""#, "an e-mail address"),
      (#""active":true"#, #""active":true,"username":"a@b""#, "without \"@\""),
      (#""active":true"#, #""active":true,"links":[{"issuer":"x"}]"#, "account.links must be"),
      (#""active":true"#, #""active":true,"password":"$1$abc$def""#, "a hash of Argon2id (PHC), bcrypt or Django"),
      (#""active":true"#, #""active":true,"password":"secret""#, "a hash of Argon2id (PHC), bcrypt or Django"),
    ])
  func account(old: String, new: String, expected: String) throws {
    let line = Self.account.replacing(old, with: new)
    let error = #expect(throws: ExportLine.Refusal.self) { try ExportLine(parsing: Array(line.utf8)) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("secret") != true)
  }

  @Test("a bad line ends the import with its number; what stands before it is stored, and nothing behind it")
  func ends() async throws {
    let to = try await importing(bad: 6, skipping: false) { error in
      #expect(error?.code == .format)
      #expect(error?.description.hasPrefix("line 6: ") == true)
      #expect(error?.description.contains("--skip-bad") == true)
    }
    #expect(try await to.count(SessionFilter(), now: world.now) == 1)
  }

  @Test("a bad line of a session is passed over where that is asked for, counted and told")
  func skips() async throws {
    let to = MemoryStore()
    try await damage(line: 6)
    let report = try await world.load(to) { $0.skipsBad = true }
    #expect(report.bad == 1)
    #expect(report.badLines.first?.hasPrefix("line 6: session.user_id must be") == true)
    #expect(report.added == .of(1, 2, 1))
    #expect(report.fault == nil)
  }

  @Test("a bad line of an account or a key is never passed over", arguments: [2, 3])
  func neverSkips(line: Int) async throws {
    let to = try await importing(bad: line, skipping: true) { error in
      #expect(error?.description.hasPrefix("line \(line): ") == true)
      #expect(error?.description.contains("--skip-bad") == false)
    }
    #expect(try await to.count(SessionFilter(), now: world.now) == 0)
  }

  @Test("a file of another program, an empty one and one that is not there are refused at once")
  func noExport() throws {
    try world.write("", to: "empty")
    try world.write("id,user\n1,2\n", to: "csv")
    for (name, expected) in [("empty", "is empty"), ("csv", "--from"), ("none", "Can't open")] {
      let error = #expect(throws: MovingError.self) { try ExportReader(world.path(name)) }
      #expect(error?.description.contains(expected) == true)
    }
  }

  @Test("a line without an end in sight is refused, and costs no memory")
  func endless() throws {
    try world.write(Self.session + "\n" + String(repeating: "x", count: 3000) + "\nnext", to: "long")
    var lines = try LineProbe(world.path("long"), longest: 1000)
    #expect(try lines.read() == [Self.session.utf8.count, nil, 4])
  }

  /// Damages a line of an export, the user's id or the first member.
  private func damage(line: Int) async throws {
    _ = try await world.export(try await world.filledStore())
    var lines = try world.lines("out")
    lines[line - 1] = lines[line - 1].replacing(#""user_id":"9""#, with: #""user_id":"""#)
      .replacing(#""active":true"#, with: #""active":1"#).replacing(#""name":"backend""#, with: #""name":"""#)
    try world.write(lines.joined(separator: "\n"), to: "out")
  }

  private func importing(
    bad line: Int, skipping: Bool, _ check: (MovingError?) -> Void
  ) async throws -> MemoryStore {
    let to = MemoryStore()
    try await damage(line: line)
    check(
      await #expect(throws: MovingError.self) { try await world.load(to) { $0.skipsBad = skipping } })
    return to
  }
}
