import Foundation

/// A store that several nodes can share, as tests of several nodes meet it.
enum SharedStoreKind: String, CaseIterable, Sendable, CustomStringConvertible {
  case postgresql
  case redis
  case valkey
  case redisCluster = "redis-cluster"
  case mongodb

  var description: String { rawValue }

  /// Those that `SESAME_NODES_ON` names, with commas between, or those for which the environment has a server.
  ///
  /// A test of several nodes breaks a server of its own; the environment only says that this machine can run one.
  static var tested: [Self] {
    let environment = ProcessInfo.processInfo.environment
    if let chosen = environment["SESAME_NODES_ON"]?.split(separator: ",") {
      return allCases.filter { chosen.contains($0.rawValue[...]) }
    }
    return allCases.filter {
      environment["SESAME_TEST_\($0.rawValue.uppercased().replacing("-", with: "_"))"] != nil
    }
  }

  /// What only the connection that hears the other nodes' notes says.
  var sayingOfFollowers: String {
    switch self {
    case .postgresql: "LISTEN"
    case .redis, .valkey, .redisCluster: "SUBSCRIBE"
    case .mongodb: "$changeStream"
    }
  }
}

/// How much the tests of several nodes do: enough to find what breaks often, or what `scripts/measure-nodes` asks for.
enum NodeTrials {
  /// The number that the environment asks for under that name, or a small one.
  static func count(_ name: String, orElse small: Int) -> Int {
    ProcessInfo.processInfo.environment["SESAME_NODES_\(name)"].flatMap { Int($0) } ?? small
  }

  /// Tells the script a figure.
  static func report(_ kind: SharedStoreKind, _ trial: String, _ figures: [(name: String, value: String)]) {
    print("nodes| \(kind) | \(trial) | " + figures.map { "\($0.name) \($0.value)" }.joined(separator: ", "))
  }
}

extension Duration {
  /// The span in milliseconds, with a fraction.
  var milliseconds: Double { Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15 }
}

extension [Double] {
  /// The value that this part of all are not above, and 0 for none.
  func quantile(_ part: Double) -> Double {
    guard !isEmpty else { return 0 }
    return sorted()[Swift.min(count - 1, Int((Double(count) * part).rounded(.down)))]
  }
}
