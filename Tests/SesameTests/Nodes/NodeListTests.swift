import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct NodesListTests {
    private static let ownPage = (name: "Sec-Fetch-Site", value: "same-origin")

    @Test(
      "the console of each node shows all of them and who reaps; a killed one is lost, one that stops stopped",
      arguments: SharedStoreKind.tested)
    func list(kind: SharedStoreKind) async throws {
      try await withNodes(kind, isDirect: true) { nodes in
        let account = #"{"email":"root@example.org","password":"a walk by the sea","level":"A"}"#
        #expect(try nodes.client(0).send("POST", "/v2/accounts", account).status == 201)
        let ports = Set(nodes.ports.map { "http://127.0.0.1:\($0)" })
        for node in 0..<nodes.count {
          let client = try nodes.client(node)
          let cookie = try Self.logIn(client)
          var seen: [JSONValue] = []
          _ = try client.wait { client in
            seen = try Self.nodes(client, cookie)
            return seen.count == nodes.count && seen.allSatisfy { Self.isWell($0) }
              && seen.filter { Self.tasks($0).contains("upkeep") }.count == 1
          }
          #expect(Set(seen.compactMap { $0["address"]?.string }) == ports, "node \(node)")
          #expect(seen.allSatisfy(Self.isWell), "node \(node): \(seen.count) are known")
          #expect(seen.filter { Self.tasks($0).contains("upkeep") }.count == 1, "one reaps")
          #expect(seen.compactMap { $0["own"]?.boolean } == [true] + Array(repeating: false, count: nodes.count - 1))
          #expect(seen.allSatisfy { $0["version"] != nil && $0["started"] != nil && $0["heard"] != nil })
        }
        let (client, addresses) = (try nodes.client(0), nodes.ports.map { "http://127.0.0.1:\($0)" })
        let cookie = try Self.logIn(client)
        nodes.programs[1].kill()
        #expect(
          try client.wait { try Self.state(of: addresses[1], $0, cookie) == "lost" }, "the killed one is not missed")
        _ = nodes.programs[2].stop()
        #expect(try client.wait { try Self.state(of: addresses[2], $0, cookie) == "stopped" }, "the other has not told")
        let metrics = try client.metrics()
        #expect(metrics.value("sesame_nodes_seen", ["state": "live"]) == 1)
        #expect(metrics.value("sesame_nodes_seen", ["state": "lost"]) == 1)
      }
    }

    private static func logIn(_ client: ServiceClient) throws -> String {
      let body = #"{"email":"root@example.org","password":"a walk by the sea"}"#
      let reply = try client.send("POST", "/console/api/login", body, fields: [ownPage])
      let cookie = try #require(reply.field("set-cookie"), "\(reply.text)")
      return String(cookie.prefix { $0 != ";" })
    }

    private static func nodes(_ client: ServiceClient, _ cookie: String) throws -> [JSONValue] {
      try client.send("GET", "/console/api/overview", fields: [("Cookie", cookie)])["nodes"]?.elements ?? []
    }

    private static func state(of address: String, _ client: ServiceClient, _ cookie: String) throws -> String? {
      try nodes(client, cookie).first { $0["address"]?.string == address }?["state"]?.string
    }

    private static func tasks(_ node: JSONValue) -> [String] { node["tasks"]?.elements.compactMap(\.string) ?? [] }

    private static func isWell(_ node: JSONValue) -> Bool {
      node["state"]?.string == "live" && node["lanes_held"]?.integer == node["lanes"]?.integer
        && node["lag_microseconds"] != nil
    }
  }
}
