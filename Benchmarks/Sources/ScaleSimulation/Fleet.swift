/// Nodes and a store under the demand of a day's busiest hour.
struct Fleet {
  var demand = Demand()
  var costs = MeasuredCosts()
  var nodes: Double
  /// How sessions reach nodes.
  var balancing: Visits.Balancing
  /// `session.touch_interval`, in seconds.
  var touchInterval: Double
  /// The share of verifications that a node's cache answers.
  var hitRatio: Double

  /// How much of a processor may be busy at the peak.
  static let utilisation = 0.5
  /// Heartbeats of each node along each lane in a second: four in each lease, of 1 s.
  static let heartbeats = 4.0
  /// Bytes of a note on the wire, with what TCP and IP add to a small packet; a note itself has some 35.
  static let noteBytes = 150.0
  /// Bytes that a read or a write moves between a node and the store, both ways, beside the session itself.
  static let exchangeBytes = 300.0

  // Per second, at the peak.
  var reads: Double { demand.verifications * (1 - hitRatio) }
  var touches: Double { demand.touches(interval: touchInterval, nodes: balancing == .anyNode ? nodes : 1) }

  /// Processors that the nodes need in all, at the utilisation.
  func nodeProcessors(_ store: StoreCosts) -> Double {
    let verb = store.node
    let microseconds =
      demand.verifications * hitRatio * costs.verification + reads * (costs.slowRequest + verb.read)
      + demand.openings * (costs.slowRequest + verb.open) + demand.renewals * (costs.slowRequest + verb.renew)
      + demand.closings * (costs.slowRequest + verb.close) + demand.reapings * verb.close + touches * verb.touch
    return microseconds / 1e6 / Self.utilisation
  }

  /// Processor seconds that writes cost the server in a second: of PostgreSQL's one writer it can't be more than 1.
  func writing(_ store: StoreCosts) -> Double {
    let verb = store.server
    return
      (demand.openings * verb.open + demand.renewals * verb.renew + (demand.closings + demand.reapings) * verb.close
      + touches * verb.touch) / 1e6
  }

  /// Processors that the server needs in all, at the utilisation.
  func serverProcessors(_ store: StoreCosts) -> Double {
    (writing(store) + reads * store.server.read / 1e6) / Self.utilisation
  }

  /// Notes and heartbeats that each node hears in a second.
  func heard(_ store: StoreCosts) -> Double { demand.changes + heartbeatsHeard(store) }

  /// Heartbeats that each node hears in a second: its own and the others'.
  func heartbeatsHeard(_ store: StoreCosts) -> Double { nodes * store.lanes * Self.heartbeats }

  /// Bytes that notes and heartbeats move from the store to all nodes in a month.
  func noteBytesPerMonth(_ store: StoreCosts) -> Double {
    (demand.changes / demand.peak + heartbeatsHeard(store)) * nodes * Self.noteBytes * 30 * 86_400
  }

  /// Bytes that reads and writes move between the nodes and the store in a month.
  func storeBytesPerMonth(_ store: StoreCosts) -> Double {
    let sessions = (reads + demand.openings + demand.renewals) * (900 + Self.exchangeBytes)
    let small = (demand.closings + demand.reapings + touches) * Self.exchangeBytes
    return (sessions + small) / demand.peak * 30 * 86_400
  }
}
