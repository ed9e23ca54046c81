import Foundation
import HTTPTesting
import Testing

extension RunningProgramTests {
  @Suite("The memory of a server") struct SecrecyTests {
    /// A server that may do no more than any other program of its user, and whose core dumps nobody has limited.
    private func serve(_ folder: TemporaryFolder, _ flags: [String] = []) throws -> ChildProcess {
      let command = "ulimit -c \"$(ulimit -Hc)\" && exec \"$@\""
      let words =
        ProcessFile.withoutPrivileges
        + [RunningProgram.executable, "serve", "--listen", "127.0.0.1:0", "--data", folder.file("data")]
      // Swift's own report of a crash comes first, and takes a signal from outside for its own.
      let server = try ChildProcess(
        "sh", ["-c", command, "sh"] + words + flags, in: folder.path, environment: ["SWIFT_BACKTRACE": "enable=no"])
      try #require(server.output.wait { $0.hasPrefix("ready http") } != nil, "\(server.errors.all)")
      return server
    }

    private func cores(in folder: TemporaryFolder) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("core") }
    }

    @Test("no other program of its user reads its memory or its environment, and a crash leaves no core dump")
    func secret() async throws {
      let folder = try TemporaryFolder()
      try await onBlockingThread {
        let server = try self.serve(folder)
        for name in ["mem", "environ", "maps"] {
          #expect(try !ProcessFile.isReadable(name, of: server.number), "\(name)")
        }
        // What is no secret stays readable, for whoever watches over it.
        for name in ["status", "stat", "cmdline"] {
          #expect(try ProcessFile.isReadable(name, of: server.number), "\(name)")
        }
        server.send(SIGABRT)
        #expect(server.waitForEnd() == 128 + SIGABRT)
        #expect(try self.cores(in: folder) == [])
      }
    }

    @Test("server.core_dumps lets debuggers in, and a crash leave a core dump where the system writes them")
    func open() async throws {
      let folder = try TemporaryFolder()
      let pattern = try String(contentsOfFile: "/proc/sys/kernel/core_pattern", encoding: .utf8)
      try await onBlockingThread {
        let server = try self.serve(folder, ["--set", "server.core_dumps=true"])
        for name in ["mem", "environ", "maps"] {
          #expect(try ProcessFile.isReadable(name, of: server.number), "\(name)")
        }
        var limit = rlimit()
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        server.send(SIGABRT)
        #expect(server.waitForEnd() == 128 + SIGABRT)
        // Other patterns hand the dump to a program, or put it where others put theirs.
        if pattern == "core\n", limit.rlim_max == rlim_t.max { #expect(try self.cores(in: folder).count == 1) }
      }
    }
  }
}
