import Accounts
import Foundation
import JSON
import MemoryStore
import Moving
import SessionCore
import SessionTesting

/// A folder of its own for a test's files, and a time that stands still.
final class MovingWorld: Sendable {
  let folder: String
  let clock = ManualClock(Timestamp(milliseconds: 1_760_000_000_000))

  init() throws {
    folder = NSTemporaryDirectory() + "moving-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var now: Timestamp { clock.now() }

  func path(_ name: String) -> String { folder + "/" + name }

  func read(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
  }

  func lines(_ name: String) throws -> [String] {
    try read(name).split(separator: "\n").map(String.init)
  }

  func mode(_ name: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int ?? 0
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// A live session of a user, opened so many seconds before now.
  func session(_ number: UInt64, user: ExactText = "7", age: Int64 = 60) -> Session {
    let id = SessionID(high: number &* 0x9E37_79B9_7F4A_7C15, low: number)
    return Session(id: id, userID: user, openTime: now - .seconds(age), idleTimeout: .hours(1), lifetime: .days(1))
  }

  /// A session with something in every member.
  func fullSession(_ number: UInt64) -> Session {
    var session = session(number)
    session.userName = "Änne \"O'Neil\"\n\t\u{0}"
    session.address = "2001:db8::1"
    session.client = "app"
    session.userAgent = "Mozilla/5.0 \\ %"
    session.kind = "signup"
    session.status = ""
    session.renewTime = now - .seconds(7)
    session.requestTime = now - .seconds(5)
    session.generation = .max
    session.isRemembered = true
    session.loginMethod = "password"
    session.authTime = now - .seconds(9)
    session.user = JSONText(uncheckedMinified: Array(#"{"name":"Änne \u0000","n":1e300}"#.utf8))
    session.data = JSONText(uncheckedMinified: Array(#"[1,null,{"a":""}]"#.utf8))
    session.revision = .max
    return session
  }

  /// A profile with something in every member.
  func fullProfile(_ number: Int, level: AccountLevel = .technician) -> AccountProfile {
    var profile = AccountProfile(level: level)
    profile.email = EmailAddress("An.Na+\(number)@Example-\(number).ORG")
    profile.username = ExactText("anna-\(number)")
    profile.name = "Anna \"O'Neil\""
    profile.firstName = "Anna"
    profile.lastName = ""
    profile.picture = "https://example.org/a?b=1"
    profile.timezone = "Europe/Madrid"
    profile.isVerified = true
    profile.links = [IdentityLink(issuer: "https://z.example", subject: ExactText("é-\(number)"))]
    return profile
  }

  /// A bcrypt hash of "correct horse", made by libcrypt.
  static let hash = PasswordHash("$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e")

  /// A store with a key, two accounts, and sessions of each sort.
  func filledStore() async throws -> MemoryStore {
    let store = MemoryStore()
    _ = try await store.insertKey(
      name: "backend", scopes: [.sessionsRead, .admin], expires: now + .days(9),
      digest: (0..<32).map { UInt8($0) &* 37 }, by: Actor(.service), now: now)
    for (number, hash) in [(7, Self.hash), (9, nil)] as [(Int64, PasswordHash?)] {
      let account = Account(
        id: AccountID(number), profile: fullProfile(Int(number)), created: now - .days(number), hasPassword: false,
        revision: 3)
      _ = try await store.move(MovedAccount(account, password: hash))
    }
    var ended = session(3, age: 1000)
    ended.idleTimeout = .seconds(10)
    let closed = session(4, age: 2000).closed(.logout, at: now - .seconds(100))
    _ = try await store.insertAll([fullSession(1), session(2, user: "9", age: 30), ended, closed])
    return store
  }

  func export(
    _ store: MemoryStore, to name: String = "out", _ change: (inout Exporter.Options) -> Void = { _ in }
  ) async throws -> MoveCounts {
    var options = Exporter.Options()
    change(&options)
    return try await Exporter(store: store, clock: clock, program: "tests").export(to: path(name), options)
  }

  func load(
    _ store: some MovingStore, from name: String = "out", _ change: (inout Importer.Options) -> Void = { _ in }
  ) async throws -> Importer.Report {
    var source = try ExportReader(path(name))
    var options = Importer.Options()
    change(&options)
    return try await Importer(store: store, clock: clock).run(&source, options)
  }
}

extension MoveCounts {
  /// Counts in the order of a file.
  static func of(_ keys: Int64, _ accounts: Int64, _ sessions: Int64) -> MoveCounts {
    var counts = MoveCounts()
    (counts.keys, counts.accounts, counts.sessions) = (keys, accounts, sessions)
    return counts
  }
}
