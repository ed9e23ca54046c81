/// What one operation costs, in microseconds of a processor, and what one session weighs, in bytes.
///
/// Measured, by the commands that docs/scale.md names. Whoever changes a figure here changes it there.
struct MeasuredCosts {
  /// A verification over HTTP from the cache.
  var verification = 8.4
  /// A request on the slow path, without what its store does.
  var slowRequest = 51.0
  /// A session in a node's cache.
  var cachedSession = 1800.0

  var stores = [
    StoreCosts(
      name: "PostgreSQL", lanes: 1, node: Verbs(open: 43.8, read: 11.1, touch: 0.6, renew: 58, close: 35),
      server: Verbs(open: 62.5, read: 8.2, touch: 69.3, renew: 106.4, close: 96.7), liveSession: 996,
      closedSession: 714, event: 140),
    StoreCosts(
      name: "Redis Cluster", lanes: 64, node: Verbs(open: 28.1, read: 13.9, touch: 1, renew: 56.1, close: 25.5),
      server: Verbs(open: 86.4, read: 8.9, touch: 64.5, renew: 184.5, close: 220), liveSession: 2361,
      closedSession: 2138, event: 84),
  ]
}

/// Microseconds of a processor for each verb.
struct Verbs {
  var open: Double
  var read: Double
  var touch: Double
  var renew: Double
  var close: Double
}

/// What a store costs.
struct StoreCosts {
  var name: String
  /// The paths of notes, each of which has heartbeats.
  var lanes: Double
  /// At the node, beside the request.
  var node: Verbs
  /// At the server.
  var server: Verbs
  /// Bytes of a live session, of a closed one, and of an entry in the event log, each with its indexes.
  var liveSession: Double
  var closedSession: Double
  var event: Double
}
