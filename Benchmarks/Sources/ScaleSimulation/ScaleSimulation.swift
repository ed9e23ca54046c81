/// Simulates what the caches of many nodes do and reckons what a hundred million users need, for docs/scale.md.
///
/// The same figures each time, in a minute or two.
@main struct ScaleSimulation {
  static let nodes = [3, 10, 30]

  static func main() async throws {
    section("Hit ratio by popularity", Popularity.table(sessions: 1_000_000, requests: 4_000_000))
    section("The simulated cache and Sesame's own", try await CacheCheck.table())
    let demand = Demand()
    section("The busiest hour", demandTable(demand))
    let visits = visits(of: demand)
    section("Hit ratio by visits", visits.table(nodes: [1] + nodes))
    section("The same, by SIEVE as it was published", visits.table(nodes: [1] + nodes, rule: .published))
    section("Loads", loadTable(visits))
    for store in MeasuredCosts().stores { section(store.name, storeTable(store, visits)) }
    section("What the store holds", sizeTable(demand))
  }

  private static func section(_ title: String, _ table: Table) { print("### \(title)\n\n\(table)") }

  /// The demand's visits at a thousandth of their size.
  private static func visits(of demand: Demand) -> Visits {
    Visits(
      sessions: Int(demand.users / 1000), visitors: Int(demand.visitors / 1000), requests: Int(demand.requestsPerVisit),
      exponent: 0.8, requestsPerRenewal: Int(demand.requestsPerVisit / demand.renewalsPerVisit))
  }

  /// The share of the live sessions for which each node's cache has room.
  private static let cached = 0.05

  /// The fleets that are reckoned, each with its simulated hit ratio.
  private static func fleets(_ visits: Visits) -> [Fleet] {
    nodes.flatMap { count in
      Visits.Balancing.allCases.flatMap { balancing in
        let ratio = visits.hitRatios(nodes: count, balancing, sizes: [cached * 100])[0]
        return [5.0, 300].map {
          Fleet(nodes: Double(count), balancing: balancing, touchInterval: $0, hitRatio: ratio)
        }
      }
    }
  }

  private static func demandTable(_ demand: Demand) -> Table {
    var table = Table(["what", "in a second"])
    for (what, rate) in [
      ("verifications", demand.verifications), ("openings", demand.openings), ("renewals", demand.renewals),
      ("closings", demand.closings), ("closed by the reaper", demand.reapings),
    ] { table.add([what, Table.number(rate)]) }
    return table
  }

  private static func loadTable(_ visits: Visits) -> Table {
    var table = Table(["nodes", "requests go to", "touch interval", "hit ratio", "reads/s", "touches/s", "changes/s"])
    for fleet in fleets(visits) {
      table.add([
        Table.number(fleet.nodes), name(fleet.balancing), "\(Table.number(fleet.touchInterval)) s",
        Table.percent(fleet.hitRatio), Table.number(fleet.reads), Table.number(fleet.touches),
        Table.number(fleet.demand.changes),
      ])
    }
    return table
  }

  private static func storeTable(_ store: StoreCosts, _ visits: Visits) -> Table {
    var table = Table([
      "nodes", "requests go to", "touch interval", "the nodes' processors", "the store's processors",
      "busy with writes", "heard by each node/s", "notes, GB a month", "reads and writes, GB a month",
    ])
    for fleet in fleets(visits) {
      table.add([
        Table.number(fleet.nodes), name(fleet.balancing), "\(Table.number(fleet.touchInterval)) s",
        Table.number(fleet.nodeProcessors(store)), Table.number(fleet.serverProcessors(store)),
        Table.percent(fleet.writing(store)), Table.number(fleet.heard(store)),
        Table.number(fleet.noteBytesPerMonth(store) / 1e9), Table.number(fleet.storeBytesPerMonth(store) / 1e9),
      ])
    }
    return table
  }

  private static func sizeTable(_ demand: Demand) -> Table {
    let days = 30.0
    var table = Table(["store", "live sessions, GB", "closed in 30 days, GB", "events of 30 days, GB"])
    for store in MeasuredCosts().stores {
      table.add([
        store.name, Table.number(demand.users * store.liveSession / 1e9),
        Table.number(demand.closedSessions(days: days) * store.closedSession / 1e9),
        Table.number(demand.eventsPerDay * days * store.event / 1e9),
      ])
    }
    table.add([
      "caches of \(Table.percent(cached))", Table.number(demand.users * cached * MeasuredCosts().cachedSession / 1e9),
      "", "",
    ])
    return table
  }

  private static func name(_ balancing: Visits.Balancing) -> String {
    balancing == .anyNode ? "any node" : "its own node"
  }
}
