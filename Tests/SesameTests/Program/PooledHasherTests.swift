import Accounts
import PasswordHashing
import Testing

@testable import Sesame

@Suite("Hashing as accounts see it") struct PooledHasherTests {
  private func withHasher<Result>(_ body: (PooledHasher) async throws -> Result) async throws -> Result {
    let pool = try PasswordPool(limits: .init(patience: .seconds(600)))
    let result = try await body(PooledHasher(pool: pool))
    await pool.stop()
    return result
  }

  @Test("a password opens the hash that was made of it, and no other does")
  func hashing() async throws {
    try await withHasher { hasher in
      guard case .hashed(let hash) = await hasher.hash("wagon lintel") else {
        Issue.record("there is no hash")
        return
      }
      #expect(hasher.canVerify(hash))
      #expect(await hasher.verify("wagon lintel", against: hash) == .right(upgrade: nil))
      #expect(await hasher.verify("wagon linte", against: hash) == .wrong)
      #expect(await hasher.verify("wagon lintel", against: nil) == .wrong)
    }
  }

  @Test("a bcrypt hash of another program opens, and is replaced by Argon2id's")
  func bcrypt() async throws {
    try await withHasher { hasher in
      let hash = PasswordHash("$2b$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS")
      #expect(hasher.canVerify(hash))
      guard case .right(upgrade: let upgrade?) = await hasher.verify("correct horse battery", against: hash) else {
        Issue.record("there is no upgrade")
        return
      }
      #expect(upgrade.text.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    }
  }

  @Test(
    "a hash that nothing could ever open is told from one that can be verified",
    arguments: [
      "$2b$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoO",
      "$2b$31$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS",
      "$argon2id$v=19$m=104857600,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$", "$argon2id$", "wagon lintel", "",
    ])
  func unreadable(text: String) async throws {
    try await withHasher { hasher in #expect(!hasher.canVerify(PasswordHash(text))) }
  }
}
