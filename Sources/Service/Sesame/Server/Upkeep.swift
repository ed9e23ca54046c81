import Accounts
import Log
import Metrics
import SessionCore

/// What goes on beside the requests: on every node request times reach the store and live sessions are counted; on one
/// node at a time what has expired is closed, and what is old is removed.
struct Upkeep: Sendable {
  let services: Services
  let retention: TimeSpan
  let recorder: EventRecorder
  let log: Log
  let reaped: Counter
  let purged: Counter
  let failures: Counter

  init(_ services: Services, retention: TimeSpan, recorder: EventRecorder, log: Log, metrics: Metrics) {
    self.services = services
    self.retention = retention
    self.recorder = recorder
    self.log = log
    reaped = metrics.counter("sesame_reaper_closed_total", help: "Sessions closed because their time was up.")
    purged = metrics.counter("sesame_reaper_removed_total", help: "Closed sessions removed after their retention.")
    failures = metrics.counter("sesame_upkeep_failures_total", help: "Rounds of upkeep that the store made fail.")
  }

  var sessions: Sessions { services.sessions }

  /// Finishes what the last run left undone, before anything is served.
  func begin() async {
    await attempt("clock") { () async throws(StoreError) in try await endWhatHadEnded() }
    await settle()
  }

  private func settle() async {
    await attempt("closings") { () async throws(StoreError) in try await services.accounts.settleClosings() }
  }

  /// What every node does, until it is cancelled; at the end it writes the last request times.
  func run() async {
    let clock = ContinuousClock()
    var (nextTouch, nextCount) = (clock.now, clock.now)
    while !Task.isCancelled {
      if clock.now >= nextTouch {
        await attempt("touch") { () async throws(StoreError) in try await sessions.flushTouches() }
        nextTouch = clock.now + .milliseconds(sessions.policy.touchInterval.milliseconds)
      }
      if clock.now >= nextCount {
        await compareKeys()
        await count()
        nextCount = clock.now + sweepInterval
      }
      try? await clock.sleep(until: min(nextTouch, nextCount))
    }
    await attempt("touch") { () async throws(StoreError) in try await sessions.flushTouches() }
  }

  /// What one node at a time does: round after round of closing and removing, until it is cancelled.
  func sweep() async {
    let clock = ContinuousClock()
    while !Task.isCancelled {
      let next = clock.now + sweepInterval
      await round()
      try? await clock.sleep(until: next)
    }
  }

  private var sweepInterval: Duration { .milliseconds(sessions.policy.sweepInterval.milliseconds) }

  /// Keeps the ring and the other nodes' comparable over a rotation, and tells if this one was left behind.
  private func compareKeys() async {
    guard services.coherence != nil else { return }
    await attempt("keys") { () async throws(StoreError) in
      if try await !SharedKeyRing(store: services.store).follow(sessions.keys) {
        log.error("keys.differ", ["note": "the other nodes sign with a key that this node's ring does not have"])
      }
    }
  }

  private func count() async {
    await attempt("count") { () async throws(StoreError) in
      var living = SessionFilter()
      living.isAlive = true
      try await recorder.recount { () async throws(StoreError) in try await sessions.count(living) }
    }
  }

  private func round() async {
    let before = reaped.value + purged.value
    var entries = 0
    await settle()
    await attempt("notes") { () async throws(StoreError) in
      entries += try await repeated { (limit) async throws(StoreError) in
        try await services.store.purgeLoginNotes(now: sessions.clock.now(), limit: limit)
      }
    }
    await attempt("events") { () async throws(StoreError) in
      entries += try await repeated { (limit) async throws(StoreError) in
        try await services.store.purgeEvents(before: sessions.clock.now() - retention, limit: limit)
      }
    }
    await attempt("reap") { () async throws(StoreError) in
      var pace = Pace()
      let count = try await sessions.reap { await pace.rest() }
      reaped.increment(by: UInt64(count))
      if count > 0 { log.info("reaper.closed", ["sessions": .integer(count)]) }
    }
    await attempt("purge") { () async throws(StoreError) in
      var pace = Pace()
      let count = try await sessions.purge { await pace.rest() }
      purged.increment(by: UInt64(count))
      if count > 0 { log.info("reaper.removed", ["sessions": .integer(count)]) }
    }
    if reaped.value + purged.value - before + UInt64(entries) >= Self.large { ProcessMemory.giveBack() }
  }

  /// How many sessions or entries leave holes in the memory that are worth looking for.
  private static let large: UInt64 = 10_000

  /// Removes in batches, so that nothing else waits for long, and answers how many.
  private func repeated(_ remove: (_ limit: Int) async throws(StoreError) -> Int) async throws(StoreError) -> Int {
    var pace = Pace()
    var count = 0
    while true {
      let removed = try await remove(500)
      count += removed
      if removed < 500 || Task.isCancelled { return count }
      await pace.rest()
    }
  }

  private func attempt(_ what: String, _ body: () async throws(StoreError) -> Void) async {
    do throws(StoreError) {
      try await body()
    } catch {
      failures.increment()
      log.error(
        "upkeep.failed",
        [
          "round": .string(what), "code": .string(error.code.rawValue), "error": .string(error.description),
          "cause": .optional(error.underlying.map { "\($0)" }),
        ])
    }
  }
}

/// The pace of work that is never urgent: it rests three times as long as it has worked.
///
/// A million sessions that end at once leave three quarters of the store's time to requests.
private struct Pace {
  private let clock = ContinuousClock()
  private var began = ContinuousClock.now

  mutating func rest() async {
    try? await clock.sleep(for: (clock.now - began) * 3)
    began = clock.now
  }
}
