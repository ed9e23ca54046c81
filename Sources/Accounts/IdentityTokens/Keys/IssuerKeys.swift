import SessionCore
import Synchronization

/// One issuer's keys: fetched when they are needed, by one request for all who wait, and kept through an outage.
final class IssuerKeys: Sendable {
  /// What looking for a token's key came to.
  enum Answer: Sendable {
    case key(IssuerKey)
    case refused(TokenRefusal)
    case unavailable(retryAfter: TimeSpan)
  }

  private struct State {
    var keys: IssuerKeySet?
    /// When ``keys`` came.
    var fetchTime: Timestamp?
    /// When the last fetch began, and whether it failed.
    var attemptTime: Timestamp?
    var hasFailed = false
    var isFetching = false
    var waiters: [CheckedContinuation<Void, Never>] = []
    /// Where discovery found the keys; looked up again after a failure.
    var address: String?
  }

  private enum Step {
    case answer(Answer)
    case fetch
    case wait
  }

  let place: KeyPlace
  private let policy: KeyPolicy
  private let clock: any SessionClock
  private let source: any DocumentSource
  private let report: @Sendable (KeyFetchReport) -> Void
  private let state = Mutex(State())

  init(
    place: KeyPlace, policy: KeyPolicy, clock: any SessionClock, source: any DocumentSource,
    report: @escaping @Sendable (KeyFetchReport) -> Void
  ) {
    self.place = place
    self.policy = policy
    self.clock = clock
    self.source = source
    self.report = report
  }

  /// The key for a token's header.
  ///
  /// Waits for a fetch at most once: for the first keys, or because the `kid` is not among those that are known.
  /// `wantsRefresh` is called if the keys are old enough to be fetched again in the background.
  func key(for header: TokenHeader, wantsRefresh: () -> Void) async -> Answer {
    switch state.withLock({ step(for: header, &$0) }) {
    case .answer(let answer):
      if isRefreshDue { wantsRefresh() }
      return answer
    case .fetch: await fetch()
    case .wait:
      guard await wait() else { return .unavailable(retryAfter: .seconds(1)) }
    }
    return state.withLock { finding(header, $0) }
  }

  /// Fetches the keys if they are missing or old, nobody is fetching them, and the last fetch is long enough ago.
  func refreshIfDue() async {
    let isDue = state.withLock { state in
      guard isStale(state), !state.isFetching, mayFetch(state) else { return false }
      begin(&state)
      return true
    }
    if isDue { await fetch() }
  }

  private var isRefreshDue: Bool {
    state.withLock { isStale($0) && !$0.isFetching && mayFetch($0) }
  }

  private func step(for header: TokenHeader, _ state: inout State) -> Step {
    if let keys = current(state) {
      switch keys.key(for: header) {
      case .key(let key): return .answer(.key(key))
      case .mismatch: return .answer(.refused(.keyMismatch))
      case .unknown: break
      }
    }
    if state.isFetching { return .wait }
    guard mayFetch(state) else { return .answer(finding(header, state)) }
    begin(&state)
    return .fetch
  }

  /// The answer from what is known now.
  ///
  /// A `kid` that is not known is refused only by keys that the issuer has just confirmed.
  private func finding(_ header: TokenHeader, _ state: State) -> Answer {
    let end = (state.attemptTime ?? clock.now()) + policy.interval
    let later = max(end - clock.now(), .seconds(1))
    guard let keys = current(state) else { return .unavailable(retryAfter: later) }
    switch keys.key(for: header) {
    case .key(let key): return .key(key)
    case .mismatch: return .refused(.keyMismatch)
    case .unknown: return state.hasFailed ? .unavailable(retryAfter: later) : .refused(.unknownKey)
    }
  }

  private func current(_ state: State) -> IssuerKeySet? {
    guard let time = state.fetchTime, clock.now() < time + policy.maximumAge else { return nil }
    return state.keys
  }

  private func isStale(_ state: State) -> Bool {
    state.fetchTime.map { clock.now() >= $0 + policy.refreshAge } ?? true
  }

  private func mayFetch(_ state: State) -> Bool {
    state.attemptTime.map { clock.now() >= $0 + policy.interval } ?? true
  }

  private func begin(_ state: inout State) {
    state.isFetching = true
    state.attemptTime = clock.now()
  }

  /// Waits for the fetch that is under way; `false` if too many do already.
  private func wait() async -> Bool {
    let isTold = Mutex(true)
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        guard state.isFetching else { return true }
        guard state.waiters.count < policy.maximumWaiters else {
          isTold.withLock { $0 = false }
          return true
        }
        state.waiters.append(continuation)
        return false
      }
      if isOver { continuation.resume() }
    }
    return isTold.withLock { $0 }
  }

  /// Fetches the keys, and wakes all who wait; ``begin(_:)`` has been called.
  private func fetch() async {
    let outcome = await fetched()
    let waiters = state.withLock { state in
      state.isFetching = false
      switch outcome {
      case .success(let (keys, address)):
        state.keys = keys
        state.address = address
        state.fetchTime = clock.now()
        state.hasFailed = false
      case .failure:
        state.address = nil
        state.hasFailed = true
      }
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
    switch outcome {
    case .success(let (keys, _)): report(KeyFetchReport(issuer: place.name, outcome: .keys(keys.keys.count)))
    case .failure(let failure): report(KeyFetchReport(issuer: place.name, outcome: .failure(failure.description)))
    }
  }

  private func fetched() async -> Result<(IssuerKeySet, String), DocumentFailure> {
    do throws(DocumentFailure) {
      let known = state.withLock { $0.address }
      let address: String
      if let known { address = known } else { address = try await place.address(source) }
      guard let keys = IssuerKeySet(try await source.document(at: address)) else {
        throw DocumentFailure(
          "The issuer's keys are not a JSON Web Key Set within the limits, with a key of use in it.")
      }
      return .success((keys, address))
    } catch {
      return .failure(error)
    }
  }
}
