import SessionCore
import SessionTesting
import Synchronization

/// What goes wrong with one call of a store.
enum Fault: String, CaseIterable, Sendable {
  /// The question is lost.
  case lostQuestion
  /// There is no room for it.
  case full
  /// It is done, and the answer is lost.
  case lostAnswer
  /// It is not done, and nobody can tell.
  case unknown
  /// The process dies before it has asked.
  case crashBefore
  /// The process dies when the store has done it.
  case crashAfter

  var isCrash: Bool { self == .crashBefore || self == .crashAfter }
}

/// Lets one call of a store fail: the one of that number, counted over all verbs from 1.
final class FaultSchedule: StoreInterceptor {
  private struct State {
    var calls = 0
    var target: Int
    var fault: Fault
    var hasCrashed = false
    /// Whether the call that is under way is the one that fails afterwards.
    var failsAfter = false
    var verb: StoreVerb?
  }

  private let state: Mutex<State>

  /// Has the call of that number fail; none, if it is 0.
  init(failing target: Int, as fault: Fault) {
    state = Mutex(State(target: target, fault: fault))
  }

  /// How many calls were made.
  var calls: Int { state.withLock { $0.calls } }
  /// What the call was that failed.
  var verb: StoreVerb? { state.withLock { $0.verb } }

  /// Whether the process is to die; asked once for each crash.
  func takeCrash() -> Bool {
    state.withLock { state in
      defer { state.hasCrashed = false }
      return state.hasCrashed
    }
  }

  func before(_ verb: StoreVerb) throws(StoreError) {
    let fault: Fault? = state.withLock { state in
      // A process that is dead asks nothing.
      if state.hasCrashed { return .crashBefore }
      state.calls += 1
      guard state.calls == state.target else { return nil }
      state.verb = verb
      switch state.fault {
      case .lostAnswer, .crashAfter: state.failsAfter = true
      case .crashBefore: state.hasCrashed = true
      case .lostQuestion, .full, .unknown: break
      }
      return state.failsAfter ? nil : state.fault
    }
    switch fault {
    case nil: break
    case .full?: throw StoreError(.full, "There is no room.")
    case .unknown? where verb.isWriting: throw StoreError(.unknownOutcome, "The answer was not waited for.")
    case .some: throw StoreError(.unavailable, "The question was lost.")
    }
  }

  func after(_ verb: StoreVerb) throws(StoreError) {
    let isFailing = state.withLock { state in
      guard state.failsAfter else { return false }
      state.failsAfter = false
      if state.fault == .crashAfter { state.hasCrashed = true }
      return true
    }
    if isFailing {
      throw StoreError(verb.isWriting ? .unknownOutcome : .unavailable, "The answer was lost.")
    }
  }
}

extension StoreVerb {
  fileprivate var isWriting: Bool {
    switch self {
    case .session, .page, .count, .check: false
    default: true
    }
  }
}
