import Accounts
import Log
import Metrics
import SessionCore

/// What goes on beside the requests: request times reach the store, what has expired is closed, what is old is removed.
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

  private var sessions: Sessions { services.sessions }

  /// Finishes what the last run left undone, before anything is served.
  func begin() async { await settle() }

  private func settle() async {
    await attempt("closings") { () async throws(StoreError) in try await services.accounts.settleClosings() }
  }

  /// Goes on until it is cancelled, and then writes the last request times.
  func run() async {
    let clock = ContinuousClock()
    var (nextTouch, nextSweep) = (clock.now, clock.now)
    while !Task.isCancelled {
      if clock.now >= nextTouch {
        await attempt("touch") { () async throws(StoreError) in try await sessions.flushTouches() }
        nextTouch = clock.now + .milliseconds(sessions.policy.touchInterval.milliseconds)
      }
      if clock.now >= nextSweep {
        await sweep()
        nextSweep = clock.now + .milliseconds(sessions.policy.sweepInterval.milliseconds)
      }
      try? await clock.sleep(until: min(nextTouch, nextSweep))
    }
    await attempt("touch") { () async throws(StoreError) in try await sessions.flushTouches() }
  }

  /// One round of closing, removing and counting.
  func sweep() async {
    await settle()
    await attempt("notes") { () async throws(StoreError) in
      try await repeated { (limit) async throws(StoreError) in
        try await services.store.purgeLoginNotes(now: sessions.clock.now(), limit: limit)
      }
    }
    await attempt("events") { () async throws(StoreError) in
      try await repeated { (limit) async throws(StoreError) in
        try await services.store.purgeEvents(before: sessions.clock.now() - retention, limit: limit)
      }
    }
    await attempt("reap") { () async throws(StoreError) in
      let count = try await sessions.reap()
      reaped.increment(by: UInt64(count))
      if count > 0 { log.info("reaper.closed", ["sessions": .integer(count)]) }
    }
    await attempt("purge") { () async throws(StoreError) in
      let count = try await sessions.purge()
      purged.increment(by: UInt64(count))
      if count > 0 { log.info("reaper.removed", ["sessions": .integer(count)]) }
    }
    await attempt("count") { () async throws(StoreError) in
      var living = SessionFilter()
      living.isAlive = true
      try await recorder.recount { () async throws(StoreError) in try await sessions.count(living) }
    }
  }

  /// Removes in batches, so that nothing else waits for long.
  private func repeated(_ remove: (_ limit: Int) async throws(StoreError) -> Int) async throws(StoreError) {
    while try await remove(500) == 500, !Task.isCancelled {}
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
