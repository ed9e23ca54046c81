import Foundation
import Glibc
import HTTPTesting
import JSON
import Synchronization
import Testing

extension RunningProgramTests {
  @Suite struct NodesRollingRestartTests {
    private static let callers = 6

    @Test(
      "a restart of one node after another behind haproxy fails no request and logs nobody out",
      arguments: SharedStoreKind.tested)
    func rolling(kind: SharedStoreKind) async throws {
      let ports = (0..<3).map { _ in FreePort.find() }
      // Four times as long as the balancer takes to look again.
      let flags: @Sendable (Int) -> [String] = {
        ["--listen", "127.0.0.1:\(ports[$0])", "--set", "limits.drain_time=2s"]
      }
      try await withNodes(kind, isDirect: true, flags: flags) { nodes in
        let folder = try TemporaryFolder()
        let balancer = try Self.balancer(in: folder, over: ports)
        defer { balancer.process.send(SIGKILL) }
        let isOver = Atomic(false)
        let requests = Atomic(0)
        let faults = try inParallel(Self.callers + 1) { index -> [String] in
          guard index == Self.callers else {
            return try Self.call(balancer.port, index, until: { isOver.load(ordering: .relaxed) }) {
              requests.add(1, ordering: .relaxed)
            }
          }
          defer { isOver.store(true, ordering: .relaxed) }
          for _ in 0..<NodeTrials.count("RESTARTS", orElse: 1) {
            for (node, program) in nodes.programs.enumerated() {
              let before = requests.load(ordering: .relaxed)
              let status = program.stop(limit: .seconds(30))
              guard status == 0 else { return ["node \(node) ended with \(status ?? -1)"] }
              try program.start()
              let client = try nodes.client(node)
              guard try client.wait(until: { try $0.send("GET", "/readyz").status == 200 }) else {
                return ["node \(node) did not come back"]
              }
              // The next one goes when the balancer has found this one again, and some have been served.
              _ = try client.wait { _ in try Self.isUp(node, balancer.statistics) }
              _ = try client.wait { _ in requests.load(ordering: .relaxed) > before + 50 }
            }
          }
          return []
        }
        NodeTrials.report(
          kind, "rolling restart",
          [
            ("requests", "\(requests.load(ordering: .relaxed))"), ("failed", "\(faults.joined().count)"),
          ])
        #expect(Array(faults.joined().prefix(10)) == [])
      }
    }

    /// Opens a session, and goes on renewing, changing and verifying it; what went wrong.
    private static func call(
      _ port: Int, _ caller: Int, until isOver: () -> Bool, _ answered: () -> Void
    ) throws -> [String] {
      var faults: [String] = []
      let client = try ServiceClient(port: port)
      var (id, token) = try client.open("rolling-\(caller)")
      var number = 0
      while !isOver(), faults.count < 10 {
        number += 1
        let reply: HTTPReply =
          switch number % 20 {
          case 1: try client.send("POST", "/v2/session/renew", bearer: token)
          case 2: try client.send("PATCH", "/v2/sessions/\(id)", #"{"data":{"number":\#(number)}}"#)
          case 3: try client.send("POST", "/v2/sessions", #"{"user_id":"rolling-\#(caller)"}"#)
          default: try client.send("GET", "/v2/session", bearer: token)
          }
        answered()
        if reply.status >= 300 {
          faults.append("caller \(caller), request \(number): \(reply.status) \(reply.text)")
        } else if let next = reply["token"]?.string {
          (id, token) = (reply["session"]?["id"]?.string ?? id, next)
        }
      }
      return faults
    }

    private struct Balancer {
      let process: ChildProcess
      let port: Int
      let statistics: Int
    }

    /// The section that `docs/running-several-nodes.md` shows, without its servers.
    private static func backend() throws -> String {
      let root = URL(fileURLWithPath: #filePath).appending(path: "../../../..").standardized
      let page = try String(contentsOf: root.appending(path: "docs/running-several-nodes.md"), encoding: .utf8)
      let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
      let start = try #require(lines.firstIndex(of: "backend sesame"), "the page shows no section for haproxy")
      let section = lines[start...].prefix { !$0.hasPrefix("```") }.filter { !$0.hasPrefix("  server ") }
      return section.joined(separator: "\n")
    }

    /// haproxy as `docs/running-several-nodes.md` shows it, with a page of statistics.
    private static func balancer(in folder: TemporaryFolder, over ports: [Int]) throws -> Balancer {
      for _ in 0..<5 {
        let (port, statistics) = (FreePort.find(), FreePort.find())
        let servers = ports.enumerated().map { "  server node\($0) 127.0.0.1:\($1)" }.joined(separator: "\n")
        try folder.write(
          """
          defaults
            mode http
            timeout connect 1s
            timeout client 30s
            timeout server 30s
            timeout http-request 10s
          frontend callers
            bind 127.0.0.1:\(port)
            default_backend sesame
          frontend numbers
            bind 127.0.0.1:\(statistics)
            stats enable
            stats uri /
          \(try backend())
          \(servers)

          """, to: "haproxy.cfg")
        let process = try ChildProcess("/usr/sbin/haproxy", ["-db", "-f", folder.file("haproxy.cfg")], in: folder.path)
        let end = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < end, process.waitForEnd(limit: .zero) == nil {
          if let up = try? (0..<ports.count).allSatisfy({ try isUp($0, statistics) }), up {
            return Balancer(process: process, port: port, statistics: statistics)
          }
        }
        process.send(SIGKILL)
      }
      throw RunningProgram.Failure("haproxy does not start; is Debian's haproxy installed?")
    }

    /// Whether the balancer sends requests to a node.
    private static func isUp(_ node: Int, _ statistics: Int) throws -> Bool {
      let text = try ServiceClient(port: statistics).send("GET", "/;csv").text
      let line = text.split(separator: "\n").first { $0.hasPrefix("sesame,node\(node),") }
      return line?.split(separator: ",", omittingEmptySubsequences: false).contains("UP") == true
    }
  }
}
