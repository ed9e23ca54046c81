/// Which server has which slot, and what is known of how true that is.
struct Topology {
  /// The one server, if there is no Cluster.
  var only: Server?
  /// The primary of each slot, as far as it is known.
  var owners: [Server?] = Array(repeating: nil, count: HashSlot.count)
  var isKnown = false
  /// Every server that the Cluster has named, in its order.
  var members: [ServerAddress] = []
  /// Calls that wait for the next look at the Cluster.
  var parked: [Call] = []
  /// Why the last look has failed, if it has.
  var failure: RedisError?
  var lastLook = Moment(nanoseconds: 0)
  var nextLook = Moment(nanoseconds: 0)
  /// The look under way.
  var look: Look?
  var looks = 0

  /// Servers are asked one after another, the next when one has failed, or has not answered for a while.
  struct Look {
    let number: Int
    var candidates: ArraySlice<ServerAddress>
    var asked = 0
    var nextQuestion: Moment
    var lastError: RedisError?
  }

  var alarm: Moment { look.map { $0.candidates.isEmpty ? .never : $0.nextQuestion } ?? nextLook }

  /// No two looks begin closer than that.
  static let shortestPause = Duration.milliseconds(100)
}
