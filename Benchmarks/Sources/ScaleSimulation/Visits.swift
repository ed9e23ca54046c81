/// How often a node has what is asked for, if users come in visits: some requests, one after another, and then nothing
/// for long.
struct Visits {
  /// How sessions reach nodes.
  enum Balancing: CaseIterable {
    /// Each request goes to any node.
    case anyNode
    /// All requests of a session go to one node.
    case ownNode
  }

  /// The live sessions.
  var sessions: Int
  /// How many of them are within a visit at any time.
  var visitors: Int
  /// The requests of a visit.
  var requests: Int
  /// By which rank users come back.
  var exponent: Double
  /// The requests from one renewal to the next: each has the other nodes drop the session.
  var requestsPerRenewal: Int

  /// The hit ratio of one node among `nodes`, for each size of its cache as a percentage of all live sessions.
  func hitRatios(nodes: Int, _ balancing: Balancing, sizes: [Double], seed: UInt64) -> [Double] {
    let zipf = Zipf(count: sessions, exponent: exponent)
    var random = RandomNumbers(seed: seed)
    var caches = sizes.map { SieveCache(sessions: sessions, capacity: Int(Double(sessions) * $0 / 100)) }
    // The queue of visits: whoever has just made a request is the last to make another.
    var visits = (0..<visitors).map { _ in
      (session: zipf.next(&random), left: 1 + random.below(requests))
    }
    var renewals = 0
    // Three generations of visitors fill the caches, three are counted.
    let rounds = 6 * requests
    for round in 0..<rounds {
      if round == rounds / 2 { for index in caches.indices { caches[index].beginCounting() } }
      for place in visits.indices {
        let session = visits[place].session
        let node = balancing == .ownNode ? session % nodes : random.below(nodes)
        if node == 0 { for index in caches.indices { caches[index].look(up: session) } }
        renewals += 1
        if renewals % requestsPerRenewal == 0, node != 0 { for index in caches.indices { caches[index].drop(session) } }
        visits[place].left -= 1
        if visits[place].left == 0 { visits[place] = (zipf.next(&random), requests) }
      }
    }
    return caches.map(\.hitRatio)
  }

  static let sizes = [0.5, 1.0, 2, 5, 10]

  func table(nodes: [Int]) -> Table {
    var table = Table(["nodes", "each request goes to"] + Self.sizes.map { "\(Table.percent($0 / 100)) cached" })
    for count in nodes {
      for balancing in Balancing.allCases where count > 1 || balancing == .anyNode {
        let ratios = hitRatios(nodes: count, balancing, sizes: Self.sizes, seed: 2)
        table.add(
          [String(count), balancing == .anyNode ? "any node" : "its session's node"] + ratios.map(Table.percent))
      }
    }
    return table
  }
}
