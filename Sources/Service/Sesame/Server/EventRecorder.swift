import Log
import Metrics
import SessionCore
import Synchronization

/// Counts what happens to sessions, and logs it.
///
/// A reuse is a warning; the rest is said at level debug, for a busy server opens thousands a second.
final class EventRecorder: SessionEventSink {
  private let log: Log
  private let opens: Counter
  private let renewals: Counter
  private let changes: Counter
  private let removals: Counter
  private let closes: [CloseReason: Counter]
  /// Sessions alive when they were last counted, less `delta` as it stood then.
  private let base = Atomic<Int>(0)
  /// Sessions opened less sessions ended, since the start.
  private let delta = Atomic<Int>(0)

  init(log: Log, metrics: Metrics) {
    self.log = log
    opens = metrics.counter("sesame_sessions_opened_total", help: "Sessions opened.")
    renewals = metrics.counter("sesame_sessions_renewed_total", help: "Tokens renewed.")
    changes = metrics.counter(
      "sesame_sessions_changed_total", help: "Changes of user, data, user name, status or kind.")
    removals = metrics.counter("sesame_sessions_removed_total", help: "Sessions removed on request.")
    var closes: [CloseReason: Counter] = [:]
    for reason in CloseReason.allCases {
      closes[reason] = metrics.counter(
        "sesame_sessions_closed_total", help: "Sessions ended, by reason; reuse is a renewed token that came back.",
        labels: ["reason": reason.rawValue])
    }
    self.closes = closes
    metrics.gauge("sesame_sessions_live", help: "Sessions alive: counted at each sweep, and kept up in between.") {
      [weak self] in Double(self?.live ?? 0)
    }
  }

  /// How many sessions were opened since the start.
  var openedCount: UInt64 { opens.value }

  /// How many sessions ended since the start, in the order of `CloseReason.allCases`.
  var closedCounts: [UInt64] { CloseReason.allCases.map { closes[$0]?.value ?? 0 } }

  /// How many sessions are alive, as far as is known here.
  var live: Int { max(0, base.load(ordering: .relaxed) + delta.load(ordering: .relaxed)) }

  /// Counts the live sessions anew.
  ///
  /// What happens while `count` runs may be in its answer already and is counted besides: until the next sweep the
  /// gauge can be off by so many.
  func recount(_ count: () async throws(StoreError) -> Int) async throws(StoreError) {
    let before = delta.load(ordering: .relaxed)
    base.store(try await count() - before, ordering: .relaxed)
  }

  func record(_ event: SessionEvent) {
    switch event.change {
    case .opened:
      opens.increment()
      delta.wrappingAdd(1, ordering: .relaxed)
      write(event, "session.opened", .debug)
    case .renewed:
      renewals.increment()
      write(event, "session.renewed", .debug)
    case .updated:
      changes.increment()
      write(event, "session.changed", .debug)
    case .removed:
      removals.increment()
      write(event, "session.removed", .debug)
    case .closed(let reason):
      closes[reason]?.increment()
      delta.wrappingSubtract(1, ordering: .relaxed)
      write(event, "session.closed", reason == .reuse ? .warning : .debug, reason: reason)
    }
  }

  private func write(_ event: SessionEvent, _ name: StaticString, _ level: Log.Level, reason: CloseReason? = nil) {
    log(
      level, name,
      [
        "session": .string(event.sessionID.description), "user": .string(event.userID.string),
        "at": .utf8(event.time.rfc3339), "reason": .optional(reason?.rawValue),
        "actor": .string(event.actor.kind.rawValue), "actor_name": .optional(event.actor.name),
        "address": .optional(event.actor.address), "request_id": .optional(event.actor.requestID),
      ])
  }
}
