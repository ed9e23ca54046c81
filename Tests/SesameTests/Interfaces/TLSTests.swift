import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct TLSTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Makes a certificate of that name for 127.0.0.1, and its key, and puts them where the server looks.
    private func make(_ name: String) throws {
      let run = try ProgramRun(
        "openssl",
        [
          "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
          "-subj", "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "\(name).key", "-out",
          "\(name).pem",
        ], in: folder.path)
      try #require(run.status == 0, "\(run.complaint)")
      try folder.write(String(decoding: folder.bytes(of: "\(name).key"), as: UTF8.self), to: "server.key")
      try folder.write(String(decoding: folder.bytes(of: "\(name).pem"), as: UTF8.self), to: "server.pem")
    }

    private var flags: [String] {
      ["--set", "server.certificate=\(folder.file("server.pem"))", "--set", "server.key=\(folder.file("server.key"))"]
    }

    /// Sends a request with curl, which must accept the certificate; `nil` if it does not.
    private func curl(_ program: RunningProgram, trusting name: String, _ arguments: [String]) throws -> [String]? {
      let run = try ProgramRun(
        "curl", ["-sS", "--noproxy", "*", "--max-time", "20", "--cacert", "\(name).pem"] + arguments, in: folder.path)
      // 60: the certificate is none that is trusted.
      if run.status == 60 { return nil }
      try #require(run.status == 0, "\(run.complaint)")
      return run.output
    }

    @Test("a session is opened and verified over TLS")
    func life() async throws {
      try make("first")
      try await withProgram(flags, folder: folder) { program in
        #expect(program.process.output.all == ["ready https://127.0.0.1:\(program.port)"])
        let base = "https://127.0.0.1:\(program.port)/v2"
        let opened = try curl(
          program, trusting: "first",
          ["--json", #"{"user_id":"ann"}"#, "-o", "opened", "-w", "%{http_code}", "\(base)/sessions"])
        #expect(opened == ["201"])
        let token = try #require(JSONReading(folder.bytes(of: "opened"))["token"]?.string)
        let own = try curl(
          program, trusting: "first",
          [
            "-H", "Authorization: Bearer \(token)", "-o", "own", "-w", "%{http_code} %{num_connects}",
            "\(base)/session",
          ])
        #expect(own == ["200 1"])
        #expect(JSONReading(folder.bytes(of: "own"))["user_id"]?.string == "ann")
        #expect(try program.socketClient().ownStatus(token) == 200, "the administration socket needs no TLS")
        #expect(program.stop() == 0)
      }
    }

    @Test("plain HTTP on the port of TLS gets no answer from a route")
    func plain() async throws {
      try make("first")
      try await withProgram(flags, folder: folder) { program in
        #expect(throws: (any Error).self) { try program.client().send("GET", "/healthz") }
        let refused = try program.socketClient().wait {
          try $0.metrics().value("sesame_http_refused_total", ["reason": "tls_handshake"]) == 1
        }
        #expect(refused)
      }
    }

    @Test("old versions of TLS are refused", arguments: [("1.1", false), ("1.2", true), ("1.3", true)])
    func versions(version: String, isSpoken: Bool) async throws {
      try make("first")
      try await withProgram(flags, folder: folder) { program in
        let run = try ProgramRun(
          "curl",
          [
            "-ksS", "--noproxy", "*", "--max-time", "20", "--ciphers", "DEFAULT@SECLEVEL=0", "--tlsv\(version)",
            "--tls-max", version, "https://127.0.0.1:\(program.port)/healthz",
          ], in: folder.path)
        #expect((run.status == 0) == isSpoken, "\(run.complaint)")
      }
    }

    @Test("SIGHUP changes the certificate, and a broken one leaves the one in use")
    func reload() async throws {
      try make("first")
      try await withProgram(flags, folder: folder) { program in
        let target = ["https://127.0.0.1:\(program.port)/healthz"]
        #expect(try curl(program, trusting: "first", target) == [#"{"status":"alive"}"#])
        try make("second")
        #expect(try curl(program, trusting: "second", target) == nil)
        try program.reload()
        #expect(try curl(program, trusting: "second", target) != nil)
        #expect(try curl(program, trusting: "first", target) == nil)

        let start = program.log.count
        try folder.write("no certificate", to: "server.pem")
        try program.reload()
        #expect(program.log[start...].contains { $0.contains("certificate.not_reloaded") })
        #expect(try curl(program, trusting: "second", target) != nil)
      }
    }
  }
}
