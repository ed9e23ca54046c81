import Synchronization

/// The nodes that share a store, as far as they are heard of: each says every two seconds how it is.
///
/// What is known is in memory, and nothing depends on it: it is for people who look. A node that was not heard for
/// ``patience`` is lost, until it is heard again or ``memory`` is over; one that said that it stops is stopped.
public final class Neighbourhood: Sendable {
  /// How it is with a node.
  public enum State: String, Sendable {
    /// It was heard just now.
    case live
    /// It should have been heard and was not.
    case lost
    /// It said that it stops.
    case stopped
    /// Nobody can be heard at the moment, or not for long enough to tell.
    case unknown
  }

  /// What is known of one node.
  public struct Node: Sendable, Equatable {
    /// What it said last.
    public let sign: NodeSign
    /// When that was heard, by this node's clock.
    public let heard: Timestamp
    /// How it is with it.
    public let state: State
    /// Whether it is the node that was asked.
    public let isOwn: Bool
  }

  /// How often a node says how it is.
  public static let interval = Duration.seconds(2)
  /// How long a node is not heard before it counts as lost.
  public static let patience = TimeSpan.seconds(7)
  /// How long one that is not heard any more is remembered.
  public static let memory = TimeSpan.minutes(10)
  /// How many nodes are remembered; of more, who was not heard for the longest time is forgotten.
  public static let limit = 256

  private struct Heard {
    var sign: NodeSign
    var time: Timestamp
  }

  private struct Place {
    var nodes: [String: Heard] = [:]
    /// Since when signs can be heard; `nil` while they can't.
    var listeningSince: Timestamp?
    /// What was told of last.
    var told: [String: Picture] = [:]
  }

  /// What is worth telling of when it changes; that a node lives on is not.
  private struct Picture: Equatable {
    var state: State
    var isTrusting: Bool
    var tasks: [String]
  }

  private let store: any SharedStore
  private let clock: any SessionClock
  private let own: @Sendable () -> NodeSign
  private let pause: @Sendable (Duration) async throws -> Void
  private let place = Mutex(Place())
  private let changes = Atomic<Int>(0)
  private let listeners = Mutex<[@Sendable () -> Void]>([])

  /// The nodes around this one.
  ///
  /// - Parameters:
  ///   - store: what they share.
  ///   - clock: where the time comes from.
  ///   - pause: waits between signs; ends early if the task is cancelled.
  ///   - own: what this node says of itself now.
  public init(
    store: any SharedStore, clock: any SessionClock,
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
    own: @escaping @Sendable () -> NodeSign
  ) {
    self.store = store
    self.clock = clock
    self.pause = pause
    self.own = own
  }

  /// How often something has changed that is worth looking at.
  public var changeCount: Int { changes.load(ordering: .acquiring) }

  /// Has `listener` be called after each such change; it should be quick.
  public func onChange(_ listener: @escaping @Sendable () -> Void) { listeners.withLock { $0.append(listener) } }

  /// Says how this node is, again and again, until the task is cancelled; then that it stops.
  ///
  /// A sign that can't be sent is left out: the others will miss it, and that is what they should know.
  public func run() async {
    while !Task.isCancelled {
      try? await store.sendSign(own())
      compare()
      do { try await pause(Self.interval) } catch { break }
    }
    // By a task of its own, as this one is cancelled.
    let (store, last) = (store, own().last)
    await Task { try? await store.sendSign(last) }.value
  }

  /// What a node that shares its store with nobody is to itself: the only one.
  public static func alone(_ sign: NodeSign, at now: Timestamp) -> [Node] {
    [Node(sign: sign, heard: now, state: .live, isOwn: true)]
  }

  /// All nodes that are known, this one first and the others by host, address and name.
  public var nodes: [Node] {
    let (now, own) = (clock.now(), own())
    let others = place.withLock { place in
      place.nodes.values.filter { $0.sign.id != own.id && $0.time + Self.memory > now }.map { heard in
        Node(sign: heard.sign, heard: heard.time, state: Self.state(of: heard, in: place, at: now), isOwn: false)
      }
    }
    return Self.alone(own, at: now)
      + others.sorted { left, right in
        let (left, right) = (left.sign, right.sign)
        if left.host != right.host { return left.host < right.host }
        return left.address != right.address ? left.address < right.address : left.id < right.id
      }
  }

  private static func state(of heard: Heard, in place: Place, at now: Timestamp) -> State {
    if heard.sign.isLast { return .stopped }
    if now < heard.time + patience { return place.listeningSince == nil ? .unknown : .live }
    guard let since = place.listeningSince else { return .unknown }
    return now < since + patience ? .unknown : .lost
  }

  /// Tells of what has changed since somebody was told last.
  private func compare() {
    let now = clock.now()
    let hasChanged = place.withLock { place in
      place.nodes = place.nodes.filter { $0.value.time + Self.memory > now }
      let picture = place.nodes.mapValues { heard in
        Picture(
          state: Self.state(of: heard, in: place, at: now), isTrusting: heard.sign.held == heard.sign.lanes,
          tasks: heard.sign.tasks)
      }
      defer { place.told = picture }
      return picture != place.told
    }
    guard hasChanged else { return }
    changes.add(1, ordering: .acquiringAndReleasing)
    for listener in listeners.withLock({ $0 }) { listener() }
  }
}

extension Neighbourhood: ChangeListener {
  /// From now on signs are heard, and silence means something.
  public func laneOpened(_ lane: Int) {
    guard lane == store.directoryLane else { return }
    let now = clock.now()
    place.withLock { $0.listeningSince = now }
    compare()
  }

  /// Nobody is heard, so of nobody can be said that they are lost.
  public func laneClosed(_ lane: Int) {
    guard lane == store.directoryLane else { return }
    place.withLock { $0.listeningSince = nil }
    compare()
  }

  /// Takes in what a node says of itself; of notes that are none of this, nothing.
  public func heard(_ note: ChangeNote, along lane: Int) {
    guard case .node(let sign) = note, lane == store.directoryLane else { return }
    let now = clock.now()
    place.withLock { place in
      if place.nodes[sign.id] == nil, place.nodes.count >= Self.limit,
        let quietest = place.nodes.min(by: { $0.value.time < $1.value.time })?.key
      {
        place.nodes[quietest] = nil
      }
      // A last sign is the last: one that was overtaken on its way does not bring the node back.
      if place.nodes[sign.id]?.sign.isLast == true { return }
      place.nodes[sign.id] = Heard(sign: sign, time: now)
    }
    compare()
  }
}
