import SessionCore
import SessionTesting

/// What kind of world a seed makes: how many nodes, which limits, and what goes wrong.
struct SimulatedWorld: Sendable {
  var nodes: Int
  var lanes: Int
  var policy: SessionPolicy
  /// How far any node's clock is from the true time at most.
  var skew: TimeSpan
  /// How often request times are written.
  var flushInterval: TimeSpan
  /// How long a node may stand still, and how long it runs until it may again.
  var longestStop: TimeSpan
  var stopSpacing: TimeSpan
  /// Whether nodes crash and come back with nothing but the store.
  var crashes: Bool
  /// Whether questions are lost, and arrive late.
  var losses: Bool
  /// Whether notes that come late come very late, one by one.
  var isSluggish: Bool

  /// The world of a seed, which takes what it needs of `random`.
  init(_ random: SeededRandom) {
    func chance(_ percent: UInt64) -> Bool { random.next() % 100 < percent }
    nodes = [1, 2, 2, 3, 3][Int(random.next() % 5)]
    lanes = Int(random.next() % 3) + 1
    policy = SessionPolicy()
    policy.lifetime = .hours(1)
    // Half of the worlds live fast, so that short runs see sessions end by themselves.
    let isFast = chance(50)
    policy.idleTimeout = isFast ? .seconds(5) : .seconds(20)
    policy.touchInterval = isFast ? .seconds(1) : .seconds(5)
    flushInterval = isFast ? TimeSpan(milliseconds: 800) : .seconds(4)
    longestStop = isFast ? TimeSpan(milliseconds: 600) : .seconds(3)
    stopSpacing = isFast ? .seconds(2) : .seconds(8)
    if chance(40) {
      let overflow = LiveSessionLimit.Overflow.allCases[Int(random.next() % 3)]
      policy.liveLimit = LiveSessionLimit(maximum: Int(random.next() % 3) + 1, overflow: overflow)
    }
    skew = chance(40) ? TimeSpan(milliseconds: 500) : .zero
    crashes = chance(50)
    losses = chance(70)
    isSluggish = chance(40)
  }

  /// By how much two clocks differ at most, which is how much too early a session may end.
  var margin: TimeSpan { TimeSpan(milliseconds: skew.milliseconds * 2) }

  /// Whether openings may close other sessions of the user.
  var evicts: Bool { policy.liveLimit.map { $0.overflow != .deny } ?? false }
}
