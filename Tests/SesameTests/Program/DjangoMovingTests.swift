import Foundation
import HTTPTesting
import Testing

extension RunningProgramTests {
  @Suite("Moving over from Django") struct DjangoMovingTests {
    @Test("Django's users log in with the passwords that they have, and its sessions are those of their accounts")
    func usersAndSessions() async throws {
      let folder = try TemporaryFolder()
      let fixtures = URL(fileURLWithPath: #filePath).appending(path: "../../../MovingTests/Fixtures").standardized.path
      let database = "\(fixtures)/django.sqlite3"
      let users = try ProgramRun(
        sesame: ["import", "--data", "data", "--from", "django-users", database], in: folder.path)
      #expect(users.status == 0, "\(users.errors)")
      #expect(users.output.first?.contains(" 7 accounts ") == true, "\(users.output)")
      #expect(users.output.contains { $0.contains("without a password") && $0.hasSuffix(": 2.") }, "\(users.output)")
      let sessions = try ProgramRun(
        sesame: [
          "import", "--data", "data", "--from", "django", database, "--secret-file", "\(fixtures)/django.secret",
        ],
        in: folder.path)
      #expect(sessions.status == 0, "\(sessions.errors)")
      // There is nothing that could be gone on with; what is there is found.
      let again = try ProgramRun(
        sesame: ["import", "--data", "data", "--resume", "--json", "--from", "django-users", database],
        in: folder.path)
      #expect(again.output.first?.contains(#""kept":{"keys":0,"accounts":7,"sessions":0}"#) == true, "\(again.output)")
      try await withProgram(["--set", "session.imported_tokens=true"], folder: folder) { program in
        let client = try program.client()
        let verified = try client.send("POST", "/v2/verify", #"{"token":"short00000000000000000000000000x"}"#)
        #expect(verified.text.contains(#""email":"anna@example.org""#), "\(verified.text)")
        for who in ["anna", "root"] {
          let login = { (password: String) in
            try client.untilServed {
              try client.send(
                "POST", "/v2/login", #"{"email":"\#(who)@example.org","password":"\#(password)"}"#)
            }
          }
          #expect(try login("password of nobody").status == 401)
          #expect(try login("password of \(who)").status == 201)
          // By now the hash is Argon2's.
          #expect(try login("password of \(who)").status == 201)
        }
      }
    }
  }
}
