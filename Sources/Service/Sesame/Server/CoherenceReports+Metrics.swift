import Log
import Metrics
import SessionCore
import Synchronization

extension CoherenceReports {
  /// Reports to the metrics how old a node's knowledge is, and to the log when it stops and begins to trust its cache.
  init(metrics: Metrics, log: Log) {
    self.init()
    let lag = metrics.histogram(
      "sesame_nodes_lag_seconds", help: "Time from the sending of a heartbeat to its return through the store.")
    let lost = metrics.counter(
      "sesame_nodes_leases_lost_total", help: "Times that a path of notes was not to be trusted any more.")
    onLag = { lag.observe($0) }
    // Lanes come and go together, and there may be many: the log has one line for all.
    let held = Mutex(0)
    onLease = { _, isHeld in
      let before = held.withLock { count in
        defer { count += isHeld ? 1 : -1 }
        return count
      }
      if isHeld {
        if before == 0 { log.notice("nodes.cache_trusted") }
      } else {
        lost.increment()
        if before == 1 {
          log.warning("nodes.cache_bypassed", ["note": "the store is read for each request until its notes are heard"])
        }
      }
    }
  }
}
