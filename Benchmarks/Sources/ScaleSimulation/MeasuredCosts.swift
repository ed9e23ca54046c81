/// What one operation costs, in microseconds of a processor, and what one session weighs, in bytes.
///
/// Measured, by the commands that docs/scale.md names. Whoever changes a figure here changes it there.
struct MeasuredCosts {
  /// A verification over HTTP from the cache.
  var verification = 8.4
  /// A request on the slow path, without what its store does.
  var slowRequest = 51.0
  /// A session in a node's cache.
  var cachedSession = 1600.0

  var stores = [
    StoreCosts(
      name: "PostgreSQL", isOnDisk: true, lanes: 1, node: Verbs(open: 1, read: 1, touch: 1, renew: 1, close: 1),
      server: Verbs(open: 1, read: 1, touch: 1, renew: 1, close: 1), liveSession: 1000, closedSession: 500, event: 200),
    StoreCosts(
      name: "Redis", isOnDisk: false, lanes: 64, node: Verbs(open: 1, read: 1, touch: 1, renew: 1, close: 1),
      server: Verbs(open: 1, read: 1, touch: 1, renew: 1, close: 1), liveSession: 1000, closedSession: 500, event: 200),
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
  /// Whether memory holds only what is used often.
  var isOnDisk: Bool
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
