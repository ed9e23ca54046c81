import SessionCore
import Synchronization

/// What a node read of service keys a moment ago, by digest; bounded, and written through by every write of this node.
///
/// Who asks it knows whether it may be trusted (`CacheTrust`). A note of a key, and a lane that opens, drop everything.
final class ServiceKeyCache: Sendable {
  /// What is known of a digest.
  enum Finding: Sendable {
    case key(ServiceKey)
    case none
    case miss
  }

  private struct Entry {
    var key: ServiceKey?
    var readTime: Timestamp
  }

  private struct State {
    var keys: [[UInt8]: Entry] = [:]
    // Apart, so that a flood of made-up keys can't push the true ones out.
    var unknown: [[UInt8]: Entry] = [:]
    /// When this node last noted the use of a key.
    var uses: [Int64: Timestamp] = [:]
    /// Raised when a write ends: a read that began before it may bring what is no longer true.
    var epoch: UInt64 = 0
  }

  private static let limit = 1024
  private static let useInterval = TimeSpan.minutes(1)
  private let age: TimeSpan
  private let state = Mutex(State())

  init(age: TimeSpan) { self.age = age }

  func find(_ digest: [UInt8], now: Timestamp) -> Finding {
    state.withLock { state in
      guard let entry = state.keys[digest] ?? state.unknown[digest], entry.readTime <= now, now < entry.readTime + age
      else { return .miss }
      return entry.key.map { .key($0) } ?? .none
    }
  }

  /// The key from the store, which fills the cache unless a write came in between.
  func read(
    _ digest: [UInt8], now: Timestamp, _ body: () async throws(StoreError) -> ServiceKey?
  ) async throws(StoreError) -> ServiceKey? {
    let epoch = state.withLock { $0.epoch }
    let key = try await body()
    state.withLock { state in
      guard state.epoch == epoch else { return }
      let entry = Entry(key: key, readTime: now)
      if key != nil {
        if state.keys.count >= Self.limit { state.keys = [:] }
        state.unknown[digest] = nil
        state.keys[digest] = entry
      } else {
        if state.unknown.count >= Self.limit { state.unknown = [:] }
        state.keys[digest] = nil
        state.unknown[digest] = entry
      }
    }
    return key
  }

  /// Runs a write; afterwards nothing is known of any key.
  func write<Answer: Sendable>(_ body: () async throws(StoreError) -> Answer) async throws(StoreError) -> Answer {
    defer { forgetAll() }
    return try await body()
  }

  private func forgetAll() {
    state.withLock { state in
      state.epoch &+= 1
      (state.keys, state.unknown) = ([:], [:])
    }
  }

  /// Whether the store was told of a use less than a minute ago.
  func isToldOf(_ key: ServiceKey, now: Timestamp) -> Bool {
    state.withLock { state in
      let last = max(state.uses[key.id] ?? .earliest, key.lastUsed ?? .earliest)
      return now < last + Self.useInterval
    }
  }

  /// Whether the store is due to be told of a use; `true` at most once a minute for each key.
  func mustTell(_ key: ServiceKey, now: Timestamp) -> Bool {
    state.withLock { state in
      let last = max(state.uses[key.id] ?? .earliest, key.lastUsed ?? .earliest)
      guard now >= last + Self.useInterval else { return false }
      if state.uses.count >= Self.limit { state.uses = [:] }
      state.uses[key.id] = now
      return true
    }
  }
}

extension ServiceKeyCache: ChangeListener {
  /// Some notes may have been missed: nothing stays.
  func laneOpened(_ lane: Int) { forgetAll() }

  /// Nothing: without a lease nobody trusts what is here, and it is forgotten when the lane opens.
  func laneClosed(_ lane: Int) {}

  /// Drops every key when one was made or revoked.
  func heard(_ note: ChangeNote, along lane: Int) {
    if note == .serviceKeys { forgetAll() }
  }
}
