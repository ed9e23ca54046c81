import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  /// `sesame console`, beside a server that runs.
  @Suite struct ConsoleCommandTests {
    private static let ownPage = (name: "Sec-Fetch-Site", value: "same-origin")

    @Test("sesame console prints a link that logs an administrator in, once")
    func link() async throws {
      try await withProgram { program in
        let client = try program.client()
        try client.account("root", level: "A")
        try client.account("second", level: "A")
        let data = ["--data", program.folder.file(RunningProgram.data)]
        let run = try ProgramRun(sesame: ["console", "--account", "second@example.org"] + data, in: "/")
        #expect(run.status == 0, "\(run.complaint)")
        let url = try #require(run.output.first)
        try #require(url.hasPrefix("http://127.0.0.1:\(program.port)/console#link="))
        let code = try #require(url.split(separator: "=").last)
        let body = #"{"code":"\#(code)"}"#
        let opened = try client.send("POST", "/console/api/login/link", body, fields: [Self.ownPage])
        #expect(opened.status == 201, "\(opened.text)")
        let cookie = try #require(opened.values(of: "set-cookie").first?.split(separator: ";").first)
        let own = try client.send("GET", "/console/api/session", fields: [("Cookie", String(cookie))])
        #expect(own["name"]?.string == "second")
        #expect(try client.send("POST", "/console/api/login/link", body, fields: [Self.ownPage]).status == 401)
        #expect(!program.log.contains { $0.contains(code) }, "the code is in the log")
      }
    }

    @Test("a console that is switched off is nowhere, and sesame console says so")
    func switchedOff() async throws {
      try await withProgram(["--set", "console.enabled=false"]) { program in
        let client = try program.client()
        try client.account("root", level: "A")
        for path in ["/console", "/account", "/console/console.js", "/console/api/session", "/console/api/providers"] {
          #expect(try client.send("GET", path).status == 404, "\(path)")
        }
        let body = #"{"email":"root@example.org","password":"a walk by the sea"}"#
        #expect(try client.send("POST", "/console/api/login", body, fields: [Self.ownPage]).status == 404)
        #expect(try program.socketClient().send("POST", "/console/api/links", "{}").status == 404)
        #expect(try client.send("GET", "/v2/accounts").status == 200, "the rest is there")
        let data = ["--data", program.folder.file(RunningProgram.data)]
        let run = try ProgramRun(sesame: ["console"] + data, in: "/")
        #expect(run.status == 1 && run.output.isEmpty)
        #expect(run.complaint.contains("console.enabled"), "\(run.complaint)")
      }
    }

    @Test("sesame console says what to do where there is no administrator, and where no server runs")
    func nobody() async throws {
      try await withProgram { program in
        let data = ["--data", program.folder.file(RunningProgram.data)]
        let run = try ProgramRun(sesame: ["console"] + data, in: "/")
        #expect(run.status == 1 && run.output.isEmpty)
        #expect(run.complaint.contains("create one first"), "\(run.complaint)")
      }
      let folder = try TemporaryFolder()
      let run = try ProgramRun(sesame: ["console", "--data", folder.file("none")], in: folder.path)
      #expect(run.status == 1 && run.complaint.contains("sesame serve"), "\(run.complaint)")
    }
  }
}
