import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct AccountImportTests {
    /// bcrypt's hash of "correct horse battery", made by libcrypt.
    private static let hash = "$2b$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS"

    private static let csv = """
      email,username,first_name,level,password_hash
      ada@example.org,ada,Ada,T,\(hash)
      grace@example.org,,,,

      """

    private func run(_ words: [String], _ program: RunningProgram) throws -> ProgramRun {
      try ProgramRun(["account", "import"] + words, on: program)
    }

    @Test("accounts of a list are added with their passwords, and the list may be imported again")
    func adds() async throws {
      try await withProgram { program in
        _ = try ProgramRun(["account", "add", "--username", "root"], on: program)
        try program.folder.write(Self.csv, to: "list")
        let list = program.folder.file("list")
        #expect(
          try run([list, "--dry-run", "--json"], program).output == [
            #"{"would_import":2,"kept":0,"dry_run":true}"#
          ])
        #expect(try ProgramRun(["account", "list", "--count"], on: program).output == ["1"])
        let added = try run([list], program)
        #expect(added.status == 0 && added.output == ["Imported 2 accounts."], "\(added.complaint)")
        #expect(
          try program.client().send(
            "POST", "/v2/login", #"{"email":"ada@example.org","password":"correct horse battery"}"#
          ).status == 201)
        let shown = try ProgramRun(["account", "show", "ada", "--json"], on: program).json
        #expect(shown["level"]?.string == "T" && shown["first_name"]?.string == "Ada")
        // What has changed since stays.
        _ = try ProgramRun(["account", "level", "ada", "C"], on: program)
        #expect(try run([list, "--json"], program).output == [#"{"imported":0,"kept":2}"#])
        #expect(try ProgramRun(["account", "show", "ada", "--json"], on: program).json["level"]?.string == "C")
        #expect(try run([list, "--dry-run"], program).text.hasSuffix("There already, and kept as they are: 2."))
      }
    }

    @Test("nothing is sent of a list with a bad line, and each bad line is told")
    func badLines() async throws {
      try await withProgram { program in
        _ = try ProgramRun(["account", "add", "--username", "root"], on: program)
        try program.folder.write(
          #"{"username":"ada"}"# + "\n" + #"{"username":"b","id":7}"# + "\n\n{\n", to: "list")
        let refused = try run([program.folder.file("list")], program)
        #expect(refused.status == 1 && refused.output.isEmpty && refused.errors.count == 1)
        for part in ["line 2: there is no member \"id\"", "line 4: ", "Nothing was imported."] {
          #expect(refused.complaint.contains(part), "\(refused.complaint)")
        }
        #expect(try ProgramRun(["account", "list", "--count"], on: program).output == ["1"])
        #expect(try run([program.folder.file("none")], program).complaint.contains("Can't open"))
      }
    }

    @Test("whoever stands first in a list becomes no administrator, unless the list says so")
    func administrator() async throws {
      try await withProgram { program in
        try program.folder.write(Self.csv, to: "list")
        for words in [[program.folder.file("list")], [program.folder.file("list"), "--dry-run"]] {
          let refused = try run(words, program)
          #expect(refused.status == 1 && refused.complaint.contains("line 2: there is no administrator yet"))
        }
        try program.folder.write(#"{"username":"root","level":"A"}"# + "\n" + #"{"username":"b"}"#, to: "list")
        #expect(try run([program.folder.file("list")], program).status == 0)
        #expect(try ProgramRun(["account", "list", "--level", "A", "--count"], on: program).output == ["1"])
      }
    }

    @Test("an account that is another's by its name or its link ends the import, and the line is named")
    func conflicts() async throws {
      try await withProgram { program in
        let link = #""links":[{"issuer":"https://id.example","subject":"s"}]"#
        try program.folder.write(
          #"{"username":"root","level":"A","email":"root@example.org"}"# + "\n" + #"{"username":"a",\#(link)}"# + "\n",
          to: "list")
        #expect(try run([program.folder.file("list")], program).status == 0)
        for (line, part) in [
          (#"{"username":"root","email":"else@example.org"}"#, "line 2: its username is that of account 1"),
          (#"{"username":"a","email":"root@example.org"}"#, "line 2: its email is account 1's"),
          (#"{"username":"c",\#(link)}"#, "line 2: "),
        ] {
          try program.folder.write(#"{"username":"a"}"# + "\n\(line)\n", to: "list")
          let refused = try run([program.folder.file("list")], program)
          #expect(refused.status == 1 && refused.complaint.contains(part), "\(refused.complaint)")
          #expect(refused.complaint.contains("Before it 0 accounts were added"), "\(refused.complaint)")
        }
        #expect(try ProgramRun(["account", "list", "--count"], on: program).output == ["2"])
      }
    }
  }
}
