import Foundation
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct ReloadTests {
    /// The number of the key that a token was made with: the second byte behind the prefix.
    private func keyID(_ token: String) -> UInt8? {
      Data(base64Encoded: String(token.dropFirst(4).prefix(4)))?[1]
    }

    private func ring(_ program: RunningProgram) -> [String] {
      String(decoding: program.folder.bytes(of: "data/keys"), as: UTF8.self).split(separator: "\n").map(String.init)
        .filter { !$0.hasPrefix("#") }
    }

    private let newKey = "7 2026-11-21T12:00:00Z - QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY"

    @Test("after the key ring's file is rotated by hand, old tokens verify and new ones are signed by the new key")
    func rotation() async throws {
      try await withProgram { program in
        let client = try program.client()
        let old = try client.open()
        #expect(keyID(old.token) == 1)
        let words = try #require(ring(program).first).split(separator: " ")
        let former = "\(words[0]) \(words[1]) 2999-01-01T00:00:00Z \(words[3])"
        try program.folder.write("\(newKey)\n\(former)\n", to: "data/keys")
        try program.reload()
        let new = try client.open()
        #expect(keyID(new.token) == 7)
        #expect(try client.ownStatus(old.token) == 200 && client.ownStatus(new.token) == 200)
        let renewed = try client.send("POST", "/v2/session/renew", bearer: old.token)
        #expect(keyID(try #require(renewed["token"]?.string)) == 7)

        try program.folder.write("\(newKey)\n", to: "data/keys")
        try program.reload()
        #expect(try client.ownStatus(old.token) == 401, "a key that is gone opens nothing")
        #expect(try client.ownStatus(new.token) == 200)
      }
    }

    @Test("a key's tokens are refused when its time of acceptance is over")
    func acceptance() async throws {
      try await withProgram { program in
        let client = try program.client()
        let old = try client.open()
        let words = try #require(ring(program).first).split(separator: " ")
        try program.folder.write(
          "\(newKey)\n\(words[0]) \(words[1]) 2020-01-01T00:00:00Z \(words[3])\n", to: "data/keys")
        try program.reload()
        #expect(try client.ownStatus(old.token) == 401)
      }
    }

    @Test(
      "a key ring that can't be used leaves the one in use, and the log says why",
      arguments: [("", 0o600), ("nonsense", 0o600), (nil, 0o644)])
    func broken(text: String?, mode: Int) async throws {
      try await withProgram { program in
        let client = try program.client()
        let (_, token) = try client.open()
        let start = program.log.count
        try program.folder.write(text ?? ring(program).joined(), to: "data/keys", mode: mode)
        try program.reload()
        #expect(program.log[start...].contains { $0.contains("keys.not_reloaded") && $0.contains("data/keys") })
        #expect(try client.ownStatus(token) == 200)
        #expect(try client.ownStatus(client.open().token) == 200)
      }
    }

    @Test("a key ring in the environment needs no file, and holds in another data folder too")
    func environment() async throws {
      let ring = newKey.split(separator: " ").joined(separator: " ")
      try await withProgram(environment: ["SESAME_KEY_RING": "# two keys; \(ring)"]) { program in
        let (_, token) = try program.client().open()
        #expect(keyID(token) == 7)
        #expect(program.folder.bytes(of: "data/keys").isEmpty)
        try program.reload()
        #expect(try program.client().ownStatus(token) == 200)
        #expect(program.stop() == 0)
        let store = [
          "--data", program.folder.file("other"), "--store", "sqlite://\(program.folder.file("data/sesame.db"))",
        ]
        try program.start(store)
        #expect(try program.client().ownStatus(token) == 200)
      }
    }

    @Test("keys rotate by themselves when they are old enough, and the ring's file is replaced first")
    func automatic() async throws {
      let folder = try TemporaryFolder()
      let old = "3 2020-01-01T00:00:00Z - QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY\n"
      try folder.write(old, to: "ring")
      let flags = ["--set", "keys.file=\(folder.file("ring"))", "--set", "keys.rotation=1d"]
      try await withProgram(flags, folder: folder) { program in
        try program.waitForLog("keys.rotated")
        let token = try program.client().open().token
        #expect(keyID(token) == 4)
        #expect(try folder.mode(of: "ring") == 0o600)
        let ring = String(decoding: folder.bytes(of: "ring"), as: UTF8.self)
        #expect(ring.contains("\n4 ") && ring.contains("\n3 2020-01-01T00:00:00.000Z 20"))
        program.kill()
        try program.start()
        #expect(try program.client().ownStatus(token) == 200)
      }
    }
  }
}
