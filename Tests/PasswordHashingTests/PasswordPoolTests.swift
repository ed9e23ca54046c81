import Testing

@testable import PasswordHashing

@Suite("Hashing and checking passwords") struct PasswordPoolTests {
  private func withPool<Result>(
    _ parameters: Argon2Parameters = .standard, _ body: (PasswordPool) async throws -> Result
  ) async throws -> Result {
    let pool = try PasswordPool(parameters: parameters, limits: .init(patience: .seconds(600)))
    let result = try await body(pool)
    await pool.stop()
    return result
  }

  private func hash(_ password: String, by pool: PasswordPool) async throws -> String {
    guard case .hashed(let text) = await pool.hash(password) else {
      throw PasswordHashingError(.noThread, "busy")
    }
    return text
  }

  @Test("a new hash is Argon2id in the PHC format, with the parameters of the day, 16 bytes of salt and 32 of tag")
  func format() async throws {
    let parameters = try Argon2Parameters(memory: 20_480, passes: 3)
    try await withPool(parameters) { pool in
      let (first, second) = (try await hash("wagon lintel", by: pool), try await hash("wagon lintel", by: pool))
      #expect(first.hasPrefix("$argon2id$v=19$m=20480,t=3,p=1$"))
      let hash = try #require(Argon2Hash(first))
      #expect(hash.salt.count == 16)
      #expect(hash.tag.count == 32)
      #expect(first != second)
      #expect(await pool.verify("wagon lintel", against: first) == .right(upgrade: nil))
      #expect(await pool.verify("wagon lintel", against: second) == .right(upgrade: nil))
    }
  }

  /// Passwords that are alike, each of them another.
  private static let alike: [String] = {
    let long = String(repeating: "wagon lintel ", count: 10)
    let full = String(repeating: "qpzmvbta", count: 128)
    return [
      String(long.prefix(72)), String(long.prefix(72)) + "x", String(long.prefix(72)) + "y", long, long + " ",
      full, String(full.dropLast()) + "b", String(full.dropLast()), "Wagon Lintel", "wagon lintel", "wagon lintel ",
      " wagon lintel", "wagon lintel\0", "wagon\0lintel", "wagon", "wagon lintel\n", "caf\u{E9} lintel",
      "cafe\u{301} lintel", "cafe lintel", "\u{FEFF}wagon lintel",
    ]
  }()

  @Test("only the password itself opens, to its last byte, case, space, NUL and normal form")
  func exactness() async throws {
    // Cheap hashes, since each password is tried on each: what is compared is the way of the bytes.
    try await withPool { pool in
      for (place, password) in Self.alike.enumerated() {
        let text = try Argon2HashTests.cheapText(of: password)
        for (other, attempt) in Self.alike.enumerated() {
          let verdict = await pool.verify(attempt, against: text)
          if place == other {
            guard case .right(upgrade: .some) = verdict else {
              Issue.record("\(place) is not right: \(verdict)")
              continue
            }
          } else {
            #expect(verdict == .wrong, "\(other) opened \(place)")
          }
        }
      }
    }
  }

  @Test("a password of more than 1,024 bytes is wrong, though it begins with the right one")
  func tooLong() async throws {
    try await withPool { pool in
      let full = String(repeating: "qpzmvbta", count: 128)
      let text = try await hash(full, by: pool)
      #expect(await pool.verify(full, against: text) == .right(upgrade: nil))
      #expect(await pool.verify(full + "x", against: text) == .wrong)
      let tooLong = try await hash(full + "x", by: pool)
      #expect(await pool.verify(full + "x", against: tooLong) == .wrong)
    }
  }

  @Test("a bcrypt hash opens for its password alone, and brings an Argon2id hash that opens for the same")
  func bcrypt() async throws {
    try await withPool { pool in
      for (password, text) in BcryptHashTests.vectors.suffix(4) {
        guard case .right(upgrade: let upgrade?) = await pool.verify(password, against: text) else {
          Issue.record("\(text) did not open")
          continue
        }
        #expect(upgrade.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(await pool.verify(password, against: upgrade) == .right(upgrade: nil))
        #expect(await pool.verify(password + "\0", against: text) == .wrong)
        #expect(await pool.verify(password.uppercased(), against: text) == .wrong)
      }
      #expect(await pool.verify(BcryptHashTests.seventyTwo + "c", against: BcryptHashTests.cut) == .wrong)
    }
  }

  @Test("a hash that is stronger than today's is kept, and a weaker one replaced")
  func upgrade() async throws {
    let strong = try await withPool(try Argon2Parameters(memory: 20_480, passes: 2)) { pool in
      try await hash("wagon lintel", by: pool)
    }
    try await withPool { #expect(await $0.verify("wagon lintel", against: strong) == .right(upgrade: nil)) }
    try await withPool(try Argon2Parameters(memory: 20_480, passes: 3)) { pool in
      guard case .right(upgrade: let upgrade?) = await pool.verify("wagon lintel", against: strong) else {
        Issue.record("there is no upgrade")
        return
      }
      #expect(upgrade.hasPrefix("$argon2id$v=19$m=20480,t=3,p=1$"))
      #expect(await pool.verify("wagon linte", against: strong) == .wrong)
    }
  }

  @Test(
    "without a hash, or with a text that is none, every password is wrong",
    arguments: [
      nil, "", "wagon lintel", "$argon2id$v=19$m=104857600,t=1,p=1$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA",
    ])
  func none(text: String?) async throws {
    try await withPool { pool in
      #expect(await pool.verify("wagon lintel", against: text) == .wrong)
      #expect(await pool.verify("", against: text) == .wrong)
    }
  }

  @Test("where there is no hash, one of today's parameters is checked")
  func dummy() async throws {
    try await withPool(try Argon2Parameters(memory: 20_480, passes: 3)) { pool in
      let dummy = try #require(Argon2Hash(pool.dummy.text))
      #expect(dummy.parameters == (try Argon2Parameters(memory: 20_480, passes: 3)))
      #expect(dummy.salt.count == 16)
      #expect(dummy.tag.count == 32)
    }
  }
}
