import SessionCore
import SessionTesting
import Synchronization

/// What the store's side of a simulation sees, against the promises.
struct StoreWatch: Sendable {
  /// How many sessions of one user may live.
  let limit: LiveSessionLimit?
  /// Notes what happened, for the trace.
  let note: @Sendable (@autoclosure () -> String) -> Void
  /// Notes a broken promise.
  let fail: @Sendable (String) -> Void
  /// Notes that request times did not arrive, or not that anybody knows.
  let touchesLost: @Sendable () -> Void

  func saw(_ what: @autoclosure () -> String) { note("store: \(what())") }

  func lost(_ verb: StoreVerb) {
    note("lost: \(verb.rawValue)")
    if verb == .touch || verb == .close { touchesLost() }
  }

  /// Nobody has more sessions than the limit, whoever opens them at once.
  func live(_ count: Int, _ limit: LiveSessionLimit) {
    if count > limit.maximum { fail("\(count) sessions of a user live, and \(limit.maximum) may") }
  }

  /// A renewal is one step of the generation, and no other write is any; what has ended does not change; a request time
  /// never goes back.
  func replaced(_ before: Session, by session: Session, as change: SessionEvent.Change) {
    if before.closeTime != nil { fail("a session that was closed was written to") }
    let step: UInt32 = if case .renewed = change { 1 } else { 0 }
    if session.generation != before.generation &+ step {
      fail("generation \(before.generation) became \(session.generation)")
    }
    if session.revision <= before.revision { fail("revision \(before.revision) became \(session.revision)") }
  }
}
