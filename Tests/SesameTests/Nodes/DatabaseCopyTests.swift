import HTTPTesting
import Testing

extension RunningProgramTests {
  @Suite struct NodesDatabaseCopyTests {
    @Test(
      "no credential of any protocol is in a shared store, and nothing in a copy of it opens a session",
      arguments: SharedStoreKind.tested)
    func copies(kind: SharedStoreKind) async throws {
      let (world, folder) = (try IssuerWorld(), try TemporaryFolder())
      try await onBlockingThread {
        let server = try StoreServer(kind)
        try CanaryDay.bringToken(to: folder, ["--store", server.address])
        let flags = world.settings() + ["--set", "session.imported_tokens=true", "--store", server.address]
        let program = try RunningProgram(folder, flags, [:])
        defer { program.kill() }
        let day = try CanaryDay(program, world)
        #expect(try day.client.wait { try $0.send("GET", "/readyz").status == 200 })
        try day.sessions()
        try day.logins()
        try day.keys()
        try day.dialects()
        let dump = try server.dump()
        #expect(day.canaries.found(in: dump) == [])
        // The search would find what is there: a user, a key's name, and the end of what a log-in leaves.
        var known = Canaries()
        for name in ["zoe", "shop", "eve@example.org"] { known.add(name, name) }
        #expect(known.found(in: dump) == known.secrets.values.sorted())
        try DatabaseCopy(of: dump).expectWorthless(day.client)
      }
    }
  }
}
