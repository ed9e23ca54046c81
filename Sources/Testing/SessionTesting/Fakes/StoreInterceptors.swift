public import SessionCore
import Synchronization

/// Counts the calls of each verb.
public final class CallCounter: StoreInterceptor {
  private let counts = Mutex<[StoreVerb: Int]>([:])

  /// A counter at zero.
  public init() {}

  /// Counts.
  public func before(_ verb: StoreVerb) { counts.withLock { $0[verb, default: 0] += 1 } }
  /// Does nothing.
  public func after(_ verb: StoreVerb) {}

  /// How often `verb` was called.
  public func count(_ verb: StoreVerb) -> Int { counts.withLock { $0[verb] ?? 0 } }
  /// How often any verb was called.
  public var total: Int { counts.withLock { $0.values.reduce(0, +) } }
}

/// A store that counts its calls.
public typealias CountingStore = InterceptedStore<CallCounter>

extension InterceptedStore<CallCounter> {
  /// Counts the calls of `store`.
  public init(_ store: any SessionStore) { self.init(store, CallCounter()) }
  /// How often `verb` was called.
  public func count(_ verb: StoreVerb) -> Int { interceptor.count(verb) }
  /// How often any verb was called.
  public var total: Int { interceptor.total }
}

/// Makes a verb fail until it is told to stop.
public final class FaultInjector: StoreInterceptor {
  private struct Fault {
    var verb: StoreVerb
    var isAfterwards: Bool
  }

  private let fault = Mutex<Fault?>(nil)

  /// An injector that lets everything pass.
  public init() {}

  /// Throws `StoreError.Code.unavailable` if the verb is to fail before it runs.
  public func before(_ verb: StoreVerb) throws(StoreError) {
    if let fault = fault.withLock({ $0 }), fault.verb == verb, !fault.isAfterwards {
      throw StoreError(.unavailable, "The store is made to fail.")
    }
  }

  /// Throws `StoreError.Code.unknownOutcome` if the verb is to fail after it ran.
  public func after(_ verb: StoreVerb) throws(StoreError) {
    if let fault = fault.withLock({ $0 }), fault.verb == verb, fault.isAfterwards {
      throw StoreError(.unknownOutcome, "The store is made to lose its answer.")
    }
  }

  func set(_ verb: StoreVerb?, isAfterwards: Bool) {
    fault.withLock { $0 = verb.map { Fault(verb: $0, isAfterwards: isAfterwards) } }
  }
}

/// A store that fails when told.
public typealias FailingStore = InterceptedStore<FaultInjector>

extension InterceptedStore<FaultInjector> {
  /// Passes everything on to `store` until told otherwise.
  public init(_ store: any SessionStore) { self.init(store, FaultInjector()) }
  /// Makes each call of `verb` fail: before it runs, or `after` it ran with its answer lost.
  public func fail(_ verb: StoreVerb, after: Bool) { interceptor.set(verb, isAfterwards: after) }
  /// Lets everything pass again.
  public func stopFailing() { interceptor.set(nil, isAfterwards: false) }
}

/// Holds back the answers of one verb.
public actor ReadGate: StoreInterceptor {
  private var verb: StoreVerb?
  private var held: [CheckedContinuation<Void, Never>] = []
  private var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

  /// An open gate.
  public init() {}

  /// Does nothing.
  public func before(_ verb: StoreVerb) {}

  /// Waits while the gate is closed: the store has answered, and the answer is on its way.
  public func after(_ verb: StoreVerb) async {
    guard verb == self.verb else { return }
    await withCheckedContinuation { continuation in
      held.append(continuation)
      for watcher in watchers where watcher.count <= held.count { watcher.continuation.resume() }
      watchers.removeAll { $0.count <= held.count }
    }
  }

  /// Closes the gate for a verb.
  public func hold(_ verb: StoreVerb) { self.verb = verb }

  /// Opens the gate and lets everything held go.
  public func release() {
    verb = nil
    for continuation in held { continuation.resume() }
    held = []
  }

  /// Returns once `count` answers are held.
  public func waitForHeld(_ count: Int) async {
    guard held.count < count else { return }
    await withCheckedContinuation { watchers.append((count, $0)) }
  }
}

/// A store whose answers to reads can be held back.
public typealias GatedStore = InterceptedStore<ReadGate>

extension InterceptedStore<ReadGate> {
  /// Passes everything on to `store` until told otherwise.
  public init(_ store: any SessionStore) { self.init(store, ReadGate()) }
  /// Holds back every answer of a verb from now on.
  public func hold(_ verb: StoreVerb = .session) async { await interceptor.hold(verb) }
  /// Lets everything go.
  public func release() async { await interceptor.release() }
  /// Returns once `count` answers are held.
  public func waitForHeld(_ count: Int) async { await interceptor.waitForHeld(count) }
}
