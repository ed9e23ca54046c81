import HTTPTesting
import Testing

extension RunningProgramTests {
  @Suite struct StartRefusalTests {
    let folder: TemporaryFolder
    var serve: [String] { ["serve", "--listen", "127.0.0.1:0", "--data", folder.file("data")] }

    init() throws { folder = try TemporaryFolder() }

    private func refusal(_ arguments: [String], environment: [String: String] = [:]) throws -> String {
      let run = try ProgramRun(sesame: arguments, in: folder.path, environment: environment)
      #expect(run.status == 1)
      #expect(!run.output.contains { $0.hasPrefix("ready") })
      let sentences = run.errors.filter { $0.hasPrefix("sesame: ") }
      #expect(sentences.count == 1, "\(run.errors)")
      #expect(sentences.first?.hasSuffix(".") == true, "\(sentences)")
      return sentences.first ?? ""
    }

    @Test("another address than this machine's is refused without a trusted network", arguments: ["0.0.0.0", "[::]"])
    func strangers(address: String) throws {
      let sentence = try refusal(["serve", "--listen", "\(address):0", "--data", folder.file("data")])
      #expect(sentence.contains("\(address):0") && sentence.contains("server.trusted_networks"))
      #expect(folder.bytes(of: "data/keys").isEmpty)
    }

    @Test("another address is listened on once a network is trusted")
    func trustedNetwork() async throws {
      try await withProgram(["--listen", "0.0.0.0:0", "--set", "server.trusted_networks=10.0.0.0/8"]) { program in
        #expect(program.process.output.all.contains { $0.hasPrefix("ready http://0.0.0.0:") })
      }
    }

    @Test("a port in use is refused, and its holder serves on")
    func portInUse() async throws {
      try await withProgram { program in
        let sentence = try refusal(["serve", "--listen", "127.0.0.1:\(program.port)", "--data", folder.file("data")])
        #expect(sentence.contains("127.0.0.1:\(program.port)"))
        #expect(try program.client().send("GET", "/readyz").status == 200)
      }
    }

    @Test("a second server on the same data is refused, and the first serves on, by its socket too")
    func sameData() async throws {
      try await withProgram(folder: folder) { program in
        let (_, token) = try program.client().open()
        let sentence = try refusal(serve)
        #expect(sentence.contains(folder.file("data")))
        #expect(try program.client().ownStatus(token) == 200)
        #expect(try program.socketClient().ownStatus(token) == 200)
      }
    }

    @Test("a data folder that is a file is refused by name")
    func noFolder() throws {
      try folder.write("", to: "data")
      #expect(try refusal(serve).contains(folder.file("data")))
    }

    @Test("a key ring that others can read is refused, with the command that mends it")
    func openKeys() async throws {
      try await withProgram(folder: folder) { program in #expect(program.stop() == 0) }
      try folder.write(String(decoding: folder.bytes(of: "data/keys"), as: UTF8.self), to: "data/keys", mode: 0o640)
      #expect(try refusal(serve).contains("chmod 600 \(folder.file("data/keys"))"))
    }

    @Test("a key ring that can't be read is refused, and is left as it is")
    func brokenKeys() throws {
      try folder.write("", to: "keys")
      #expect(try refusal(serve + ["--set", "keys.file=\(folder.file("keys"))"]).contains(folder.file("keys")))
      #expect(folder.bytes(of: "keys").isEmpty)
      #expect(try refusal(serve, environment: ["SESAME_KEY_RING": "x"]).contains("SESAME_KEY_RING"))
    }

    @Test(
      "a store that is not known is refused, and no password in its address is shown",
      arguments: ["mysql://me:hunter2@db/x", "hunter2"])
    func unknownStore(address: String) throws {
      let sentence = try refusal(serve + ["--store", address])
      #expect(sentence.contains("sqlite"))
      #expect(address == "hunter2" || !sentence.contains("hunter2"))
    }

    @Test("a store that can't be reached is refused, and no password in its address is shown")
    func storeOutOfReach() throws {
      let sentence = try refusal(serve + ["--store", "postgres://me:hunter2@127.0.0.1:1/x"])
      #expect(sentence.contains("postgres") && !sentence.contains("hunter2"))
    }

    @Test("a store that is no database is refused by name, and is left as it is")
    func noDatabase() throws {
      let text = String(repeating: "this is no database. ", count: 100)
      try folder.write(text, to: "other.db")
      #expect(
        try refusal(serve + ["--store", "sqlite://\(folder.file("other.db"))"]).contains(folder.file("other.db")))
      #expect(folder.bytes(of: "other.db") == Array(text.utf8))
    }

    @Test("a certificate without its key, and one that is none, are refused")
    func certificate() throws {
      let alone = try ProgramRun(sesame: serve + ["--set", "server.certificate=c.pem"], in: folder.path)
      #expect(alone.status == 1 && alone.complaint.contains("server.key"))
      try folder.write("no certificate", to: "c.pem")
      let flags = [
        "--set", "server.certificate=\(folder.file("c.pem"))", "--set", "server.key=\(folder.file("c.pem"))",
      ]
      #expect(try refusal(serve + flags).contains(folder.file("c.pem")))
    }

    @Test("what the program makes is for its owner only")
    func modes() async throws {
      try await withProgram(folder: folder) { program in
        _ = try program.client().open()
        #expect(try folder.mode(of: "data") == 0o700)
        for name in ["keys", "sesame.db", "sesame.db-wal", "sesame.sock"] {
          #expect(try folder.mode(of: "data/\(name)") == 0o600, "\(name)")
        }
      }
    }
  }
}
