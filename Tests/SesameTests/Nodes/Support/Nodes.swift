import Foundation
import Glibc
import HTTPTesting
import JSON
import Testing

/// Several running programs on one store.
///
/// Unchecked, because programs change when they are started again: that is for the test's own thread alone.
final class Nodes: @unchecked Sendable {
  let server: StoreServer
  let programs: [RunningProgram]
  /// The ways from each node to the store; a Cluster tells all nodes the same ones.
  private let proxies: [[FaultProxy]]

  fileprivate init(_ server: StoreServer, _ proxies: [[FaultProxy]], _ programs: [RunningProgram]) {
    self.server = server
    self.proxies = proxies
    self.programs = programs
  }

  var kind: SharedStoreKind { server.kind }
  var count: Int { programs.count }
  /// The ports of the nodes, as they are now.
  var ports: [Int] { programs.map(\.port) }

  /// A new connection to a node.
  func client(_ node: Int, timeout: Duration = .seconds(60)) throws -> ServiceClient {
    try ServiceClient(port: programs[node].port, timeout: timeout)
  }

  /// New connections to all of them.
  func clients() throws -> [ServiceClient] { try (0..<count).map { try client($0) } }

  /// Has the way of one node, or of all, go wrong from now on.
  func set(_ fault: FaultProxy.Fault, of node: Int? = nil) {
    for proxy in ways(of: node) { proxy.set(fault) }
  }

  /// Resets a node's connections to the store, or those of all; with a text, only those that began by saying it.
  @discardableResult
  func cut(_ node: Int? = nil, carrying text: String? = nil) -> Int {
    ways(of: node).reduce(0) { $0 + $1.cut(carrying: text) }
  }

  /// How many connections to the store there are.
  var connections: Int { ways(of: nil).reduce(0) { $0 + $1.connections } }

  private func ways(of node: Int?) -> [FaultProxy] {
    guard kind != .redisCluster else { return proxies[0] }
    return node.map { proxies[$0] } ?? Array(proxies.joined())
  }

  /// Waits until each node has its store, and trusts what it hears of the others.
  func awaitReadiness() throws {
    for client in try clients() {
      #expect(try client.wait { try $0.send("GET", "/readyz")["cache"]?.string == "trusted" })
    }
  }
}

/// Runs nodes on a new store of that kind while `body` talks to them; nothing of them is left afterwards.
///
/// With `isDirect` they go to the store without a proxy, which then can't be told to fail. `flags` are those of each
/// node, by its number.
func withNodes(
  _ kind: SharedStoreKind, count: Int = 3, isDirect: Bool = false,
  flags: @escaping @Sendable (_ node: Int) -> [String] = { _ in [] },
  _ body: @escaping @Sendable (Nodes) throws -> Void
) async throws {
  try await onBlockingThread {
    let server = try StoreServer(kind)
    let shared = try TemporaryFolder()
    var proxies: [[FaultProxy]] = []
    if !isDirect {
      for _ in 0..<(kind == .redisCluster ? 1 : count) {
        proxies.append(try server.ports.map { try FaultProxy(to: $0) })
      }
      if kind == .redisCluster { try announce(proxies[0].map(\.port), by: server.ports) }
    }
    var programs: [RunningProgram] = []
    defer { for program in programs { program.kill() } }
    for node in 0..<count {
      let ways = proxies.isEmpty ? nil : proxies[node % proxies.count]
      let address = ways.map { server.address(at: $0.map(\.port)) } ?? server.address
      programs.append(
        try RunningProgram(
          TemporaryFolder(),
          ["--store", address, "--set", "keys.file=\(shared.file("keys"))"] + flags(node), [:]))
    }
    let nodes = Nodes(server, proxies, programs)
    try nodes.awaitReadiness()
    try body(nodes)
  }
}

/// Has the nodes of a Cluster send clients to these ports, by the setting `cluster-announce-port` of `redis.conf`.
private func announce(_ others: [Int], by ports: [Int]) throws {
  for (port, other) in zip(ports, others) {
    let run = try ProgramRun("redis-cli", ["-p", "\(port)", "CONFIG", "SET", "cluster-announce-port", "\(other)"])
    try #require(run.output.first == "OK", "\(run.output)")
  }
}
