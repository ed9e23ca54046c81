import Foundation
import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct KeyCommandTests {
    @Test("a service key is made, used from elsewhere by file and by environment, listed and revoked")
    func life() async throws {
      try await withProgram { program in
        let made = try ProgramRun(
          [
            "key", "create", "shop", "--scope", "sessions:read", "--scope", "sessions:write", "--expires-in", "90d",
            "--json",
          ],
          on: program)
        let secret = try #require(made.json["secret"]?.string)
        #expect(made.json["key"]?["scopes"]?.count == 2)
        let folder = program.folder
        let server = ["--server", "http://127.0.0.1:\(program.port)/"]
        try folder.write("\(secret)\n", to: "shop.key")
        let byFile = try ProgramRun(
          sesame: ["session", "list", "--count", "--key-file", folder.file("shop.key")] + server, in: folder.path)
        #expect(byFile.output == ["0"])
        let byVariable = try ProgramRun(
          sesame: ["account", "list"], in: folder.path,
          environment: ["SESAME_KEY": secret, "SESAME_SERVER": "http://127.0.0.1:\(program.port)"])
        #expect(byVariable.status == 1 && byVariable.complaint.contains("accounts:read"), "\(byVariable.complaint)")
        let table = try ProgramRun(["key", "list"], on: program)
        #expect(table.output.count == 2 && table.text.contains("shop") && !table.text.contains("ssk_"))
        #expect(try ProgramRun(["key", "revoke", "1"], on: program).output == ["Key 1 is revoked."])
        let refused = try ProgramRun(sesame: ["session", "list", "--key", secret] + server, in: folder.path)
        #expect(refused.status == 1 && refused.complaint.contains("revoked"))
        #expect(try ProgramRun(["key", "revoke", "1"], on: program).complaint.contains("There is no service key 1"))
      }
    }

    @Test("the key alone is written for scripts, and one without scopes is none")
    func secretOnly() async throws {
      try await withProgram { program in
        let run = try ProgramRun(["key", "create", "a", "--scope", "admin", "--secret-only"], on: program)
        #expect(run.output.count == 1 && run.text.hasPrefix("ssk_"))
        #expect(try ProgramRun(["key", "create", "a"], on: program).status == 2)
        let wrong = try ProgramRun(["key", "create", "a", "--scope", "session:read"], on: program)
        #expect(wrong.status == 2 && wrong.complaint.contains("did you mean sessions:read?"))
      }
    }

    /// The number of the key that a token was made with: the second byte behind the prefix.
    private func keyID(_ token: String) -> UInt8? { Data(base64Encoded: String(token.dropFirst(4).prefix(4)))?[1] }

    @Test("rotating the ring has the running server sign with a new key, and nobody is logged out")
    func rotation() async throws {
      try await withProgram { program in
        let client = try program.client()
        let old = try client.open()
        let start = program.log.count
        let run = try ProgramRun(["key", "rotate-ring"], on: program)
        #expect(run.status == 0 && run.output.count == 2 && run.text.contains("Key 2 signs now"), "\(run.complaint)")
        try program.waitForLog("server.reloaded", from: start)
        let new = try client.open()
        #expect(keyID(old.token) == 1 && keyID(new.token) == 2)
        #expect(try client.ownStatus(old.token) == 200 && client.ownStatus(new.token) == 200)
        #expect(program.folder.bytes(of: "data/keys").count > 0)
        #expect(try program.folder.mode(of: "data/keys") == 0o600)
        #expect(program.stop() == 0)
        let stopped = try ProgramRun(["key", "rotate-ring"], on: program)
        #expect(stopped.status == 0 && stopped.text.contains("No server runs"))
        try program.start()
        let later = try program.client()
        #expect(try later.ownStatus(old.token) == 200)
        #expect(keyID(try later.open().token) == 3)
      }
    }

    @Test("in two steps a key is accepted first and signs later, and a shared store takes no other way")
    func steps() async throws {
      try await withProgram { program in
        let early = try ProgramRun(["key", "rotate-ring", "--sign"], on: program)
        #expect(early.status == 1 && early.complaint.contains("--prepare first"))
        let start = program.log.count
        #expect(try ProgramRun(["key", "rotate-ring", "--prepare"], on: program).text.contains("signs after --sign"))
        try program.waitForLog("server.reloaded", from: start)
        #expect(try ProgramRun(["key", "rotate-ring", "--prepare"], on: program).complaint.contains("waits already"))
        let client = try program.client()
        let before = try client.open()
        #expect(keyID(before.token) == 1)
        let middle = program.log.count
        #expect(try ProgramRun(["key", "rotate-ring", "--sign"], on: program).text.contains("Key 2 signs now"))
        try program.waitForLog("server.reloaded", from: middle)
        #expect(keyID(try client.open().token) == 2)
        #expect(try client.ownStatus(before.token) == 200)
        let shared = try ProgramRun(["key", "rotate-ring", "--store", "postgres://a@127.0.0.1/b"], on: program)
        #expect(shared.status == 2 && shared.complaint.contains("--prepare"))
        let given = try ProgramRun(["key", "rotate-ring"], on: program, environment: ["SESAME_KEY_RING": "x"])
        #expect(given.status == 1 && given.complaint.contains("SESAME_KEY_RING"))
      }
    }
  }
}
