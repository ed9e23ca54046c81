import Accounts
import Cryptography
import Foundation
import MemoryStore
import Moving
import PasswordHashing
import SessionCore
import SessionTesting
import Testing

@Suite("Importing Django's users") struct DjangoUserTests {
  let world: MovingWorld
  let store = MemoryStore()

  init() throws { world = try MovingWorld() }

  private func load(_ path: String) async throws -> Importer.Report {
    let ring = KeyRing(signing: RingKey(id: 1, secret: SecretBytes(Array(repeating: 7, count: 32))))
    let context = ForeignContext(
      keys: ring, clock: world.clock, random: SeededRandom(seed: 1), idleTimeout: .hours(24), lifetime: .days(30))
    var source = try await ForeignSource(
      .djangoUsers, path, ForeignOptions(), context, drivers: FileDrivers())
    return try await Importer(store: store, clock: world.clock).run(&source)
  }

  private static let fixture =
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/django-users.csv").path

  @Test("Django's own users keep their numbers, names and rights, and what can't be kept is counted")
  func users() async throws {
    let report = try await load(Self.fixture)
    #expect(report.added.accounts == 7)
    #expect(
      report.without == [
        "a password, as its hash is of a kind that can't be checked": 2, "their e-mail address, which is none": 1,
        "their user name, which has an @": 1,
      ])
    let root = try #require(try await store.account(AccountID(1)))
    #expect(root.profile.level == .administrator)
    #expect(root.profile.username == "root")
    #expect(root.profile.email == EmailAddress("root@example.org"))
    let anna = try #require(try await store.account(AccountID(7)))
    #expect(anna.profile.level == .user)
    #expect(anna.profile.firstName == "Änne")
    #expect(anna.profile.lastName == "O'Neil, \"Jr.\"")
    #expect(anna.profile.isActive && !anna.profile.isVerified)
    #expect(String(decoding: anna.created.rfc3339, as: UTF8.self) == "2018-05-06T07:08:09.123Z")
    let ben = try #require(try await store.account(AccountID(42)))
    #expect(ben.profile.username == nil)
    #expect(ben.profile.email == EmailAddress("ben@example.org"))
    let carl = try #require(try await store.account(AccountID(43)))
    #expect(carl.profile.email == EmailAddress("carl@example.org"))
    #expect(!carl.profile.isActive)
    for number in [44, 45, 46] as [Int64] {
      #expect(try await store.account(AccountID(number))?.hasPassword == false)
    }
    let again = try await load(Self.fixture)
    #expect(again.added.total == 0)
    #expect(again.kept.accounts == 7)
  }

  @Test(
    "the passwords of Django's users open, and are replaced by today's form unless they are as good",
    arguments: [(1, "root"), (7, "anna"), (42, "ben@example.org"), (43, "carl@example.org")])
  func passwords(number: Int64, name: String) async throws {
    _ = try await load(Self.fixture)
    let hash = try #require(try await store.passwordHash(of: AccountID(number))).text
    let pool = try PasswordPool(limits: PasswordPool.Limits(threads: 1, waiting: 8, patience: .seconds(600)))
    let right = await pool.verify("password of \(name)", against: hash)
    let wrong = await pool.verify("password of \(name)!", against: hash)
    await pool.stop()
    #expect(wrong == .wrong)
    guard case .right(let upgrade) = right else {
      Issue.record("\(name): \(right)")
      return
    }
    #expect((upgrade == nil) == (number == 42))
    #expect(upgrade?.hasPrefix("$argon2id$") != false)
  }

  @Test(
    "a user who can't be kept ends the import and names the line",
    arguments: [
      ("0,!,0,anna,,1,2018-05-06 07:08:09", "id must be"), ("x,!,0,anna,,1,2018-05-06 07:08:09", "id must be"),
      ("1,!,0,anna,,1,yesterday", "date_joined"), ("1,!,0,anna,,maybe,2018-05-06 07:08:09", "is_active"),
      ("1,!,0,,,1,2018-05-06 07:08:09", "username"), ("1,!,0,a@b@c,,1,2018-05-06 07:08:09", "username"),
      ("1,!,0,anna,1,2018-05-06 07:08:09", "6 values"),
    ])
  func bad(row: String, part: String) async throws {
    let header = "id,password,is_superuser,username,email,is_active,date_joined\n"
    try world.write(header + "9,!,0,good,,1,2018-05-06 07:08:09\n\n" + row + "\n", to: "users.csv")
    let error = await #expect(throws: MovingError.self) { try await load(world.path("users.csv")) }
    #expect(error?.description.hasPrefix("line 4: ") == true && error?.description.contains(part) == true, "\(error)")
    #expect(try await store.account(AccountID(9)) != nil)
  }
}

/// Drivers that know no database.
struct FileDrivers: ForeignDrivers {
  func rows(ofTable name: String, in path: String) throws(MovingError) -> any ForeignTable {
    throw MovingError(.format, "There is no SQLite here.")
  }

  func keys(at address: String, prefix: String) throws(MovingError) -> any ForeignKeys {
    throw MovingError(.format, "There is no Redis here.")
  }

  func documents(at address: String) throws(MovingError) -> any ForeignDocuments {
    throw MovingError(.format, "There is no MongoDB here.")
  }
}
