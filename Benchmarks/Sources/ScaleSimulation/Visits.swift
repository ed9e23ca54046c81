/// Users who come in visits: some requests, one after another, and then nothing for long.
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

  /// The requests of all visitors, one after another, without end: any of those within a visit is next.
  struct Requests {
    private let visits: Visits
    private let zipf: Zipf
    private var random: RandomNumbers
    private var underWay: [(session: Int, left: Int)] = []

    init(_ visits: Visits, seed: UInt64) {
      self.visits = visits
      zipf = Zipf(count: visits.sessions, exponent: visits.exponent)
      random = RandomNumbers(seed: seed)
      for _ in 0..<visits.visitors { underWay.append((zipf.next(&random), 1 + random.below(visits.requests))) }
    }

    /// The session of the next request, and the node of `nodes` that it reaches.
    mutating func next(nodes: Int, _ balancing: Balancing) -> (session: Int, node: Int) {
      let place = random.below(visits.visitors)
      let session = underWay[place].session
      underWay[place].left -= 1
      if underWay[place].left == 0 { underWay[place] = (zipf.next(&random), visits.requests) }
      return (session, balancing == .ownNode ? session % nodes : random.below(nodes))
    }
  }

  /// The requests that fill caches before any are counted: so many generations of visitors.
  var warmUp: Int { 20 * requests * visitors }

  /// The hit ratio of one node among `nodes`, for each size of its cache as a percentage of all live sessions.
  func hitRatios(
    nodes: Int, _ balancing: Balancing, sizes: [Double], rule: SimulatedCache.Rule = .sesame
  ) -> [Double] {
    var caches = sizes.map {
      SimulatedCache(sessions: sessions, capacity: Int(Double(sessions) * $0 / 100), rule: rule)
    }
    var requests = Requests(self, seed: 2)
    for number in 0..<2 * warmUp {
      if number == warmUp { for index in caches.indices { caches[index].beginCounting() } }
      let (session, node) = requests.next(nodes: nodes, balancing)
      if node == 0 {
        for index in caches.indices { caches[index].look(up: session) }
      } else if number % requestsPerRenewal == 0 {
        for index in caches.indices { caches[index].drop(session) }
      }
    }
    return caches.map(\.hitRatio)
  }

  static let sizes = [0.5, 1.0, 2, 5, 10]

  func table(nodes: [Int], rule: SimulatedCache.Rule = .sesame) -> Table {
    var table = Table(["nodes", "each request goes to"] + Self.sizes.map { "\(Table.percent($0 / 100)) cached" })
    for count in nodes {
      for balancing in Balancing.allCases where count > 1 || balancing == .anyNode {
        let ratios = hitRatios(nodes: count, balancing, sizes: Self.sizes, rule: rule)
        table.add([String(count), balancing == .anyNode ? "any node" : "its own node"] + ratios.map(Table.percent))
      }
    }
    return table
  }
}
