import Foundation
import HTTPTesting
import Testing

extension RunningProgramTests {
  @Suite("Export and import by the program") struct MovingTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("a session, an account and its password are the same on another store with the same keys")
    func moves() async throws {
      let (first, second) = (folder, try TemporaryFolder())
      try await withProgram(folder: first) { program in
        let client = try program.client()
        try client.account("anna", level: "A")
        try first.write(try client.session(of: "anna").token, to: "token")
        _ = try client.open("u1")
        // The store has one process at a time, which is said and not waited for.
        let refused = try ProgramRun(sesame: ["export", "out", "--data", "data"], in: first.path)
        #expect(refused.status == 1)
        #expect(refused.complaint.contains("stop it first"))
        #expect(program.stop() == 0)
      }
      let exported = try ProgramRun(sesame: ["export", "out", "--data", "data"], in: first.path)
      #expect(exported.status == 0)
      #expect(exported.output.first?.contains("1 account and 2 sessions") == true)
      #expect(try first.mode(of: "out") == 0o600)
      try FileManager.default.createDirectory(
        atPath: second.file("data"), withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      try FileManager.default.copyItem(atPath: first.file("data/keys"), toPath: second.file("data/keys"))
      try FileManager.default.copyItem(atPath: first.file("out"), toPath: second.file("out"))
      let imported = try ProgramRun(sesame: ["import", "out", "--data", "data"], in: second.path)
      #expect(imported.status == 0, "\(imported.errors)")
      #expect(imported.output.first?.contains("1 account and 2 sessions") == true)
      let again = try ProgramRun(sesame: ["import", "out", "--data=data", "--json", "--resume"], in: second.path)
      #expect(again.status == 0)
      #expect(again.output.first?.contains(#""kept":{"keys":0,"accounts":1,"sessions":2}"#) == true)
      #expect(!FileManager.default.fileExists(atPath: second.file("out.imported")))
      try await withProgram(folder: second) { program in
        let client = try program.client()
        #expect(try client.ownStatus(String(decoding: first.bytes(of: "token"), as: UTF8.self)) == 200)
        #expect(try !client.session(of: "anna").token.isEmpty)
      }
    }

    @Test("an old token opens its session over HTTP where that is set, and renewing gives a new one for it")
    func importedTokens() async throws {
      try folder.write(
        """
        sid,unique_identifier,expires,createdAt
        old-token-of-elsewhere,anna,2099-01-01 00:00:00,2025-01-01 00:00:00

        """,
        to: "table.csv")
      let imported = try ProgramRun(
        sesame: ["import", "--from", "session-model", "table.csv", "--data", "data"], in: folder.path)
      #expect(imported.status == 0, "\(imported.errors)")
      try await withProgram(["--set", "session.imported_tokens=true"], folder: folder) { program in
        let client = try program.client()
        #expect(try client.ownStatus("old-token-of-elsewhere") == 200)
        #expect(try client.ownStatus("another-token-of-nobody") == 401)
        let verified = try client.send("POST", "/v2/verify", #"{"token":"old-token-of-elsewhere"}"#)
        #expect(verified.text.contains(#""user_id":"anna""#))
        let renewed = try client.send("POST", "/v2/session/renew", bearer: "old-token-of-elsewhere")
        #expect(renewed.status == 200)
        #expect(renewed.text.contains("sst_"))
      }
    }

    @Test(
      "databases that other programs have made are read",
      arguments: [
        ["django", "django.sqlite3", "--secret-file", "django.secret"], ["session-model", "session-model.sqlite3"],
      ])
    func databases(words: [String]) throws {
      let fixtures = URL(fileURLWithPath: #filePath).appending(path: "../../../MovingTests/Fixtures").standardized.path
      let own = words.map { $0.contains(".") ? "\(fixtures)/\($0)" : $0 }
      let run = try ProgramRun(sesame: ["import", "--data", "data", "--from"] + own, in: folder.path)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.first?.contains(" 2 sessions from ") == true, "\(run.output)")
      let wrong = try ProgramRun(
        sesame: ["import", "--data", "data", "--from", "cerberus", own[1]], in: folder.path)
      #expect(wrong.status == 1)
      #expect(wrong.complaint.contains("there is no table users"))
    }

    @Test(
      "wrong use ends with status 2 and a sentence that says what to do",
      arguments: [
        (["export"], "needs FILE"), (["import"], "needs FILE"), (["import", "a", "b"], "no place for \"b\""),
        (["import", "a", "--from", "djago"], "did you mean django?"), (["export", "a", "--stoer", "x"], "--store"),
        (["import", "a", "--from"], "needs a value"),
      ])
    func wrongUse(words: [String], expected: String) throws {
      let run = try ProgramRun(sesame: words, in: folder.path)
      #expect(run.status == 2)
      #expect(run.complaint.contains(expected), "\(run.complaint)")
    }

    @Test("what can't be moved is refused with a sentence, and makes nothing")
    func refusals() throws {
      let cases: [([String], String)] = [
        (["export", "out", "--store", "memory"], "is gone with the server"),
        (["export", "out", "--data", "none"], "There is no store"),
        (["import", "out", "--data", "none"], "Can't open out"),
        (["import", "out", "--from", "django", "--data", "d"], "--secret-file"),
      ]
      for (words, expected) in cases {
        let run = try ProgramRun(sesame: words, in: folder.path)
        #expect(run.status == 1)
        #expect(run.complaint.contains(expected), "\(run.complaint)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder.file("none")))
      #expect(!FileManager.default.fileExists(atPath: folder.file("out.part")))
    }
  }
}
