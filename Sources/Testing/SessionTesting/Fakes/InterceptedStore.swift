public import SessionCore

/// What can be put between a caller and a store.
public protocol StoreInterceptor: Sendable {
  /// Runs before a verb; what it throws is what the caller gets, and the verb does not run.
  func before(_ verb: StoreVerb) async throws(StoreError)
  /// Runs after a verb that succeeded; what it throws is what the caller gets, though the verb has run.
  func after(_ verb: StoreVerb) async throws(StoreError)
}

/// A store with an interceptor around each verb.
public struct InterceptedStore<Interceptor: StoreInterceptor>: PromptSessionStore {
  /// The store inside.
  public let store: any SessionStore
  /// What is around it.
  public let interceptor: Interceptor

  /// Puts `interceptor` around `store`.
  public init(_ store: any SessionStore, _ interceptor: Interceptor) {
    self.store = store
    self.interceptor = interceptor
  }

  func around<Answer>(
    _ verb: StoreVerb, _ body: () async throws(StoreError) -> Answer
  ) async throws(StoreError) -> Answer {
    try await interceptor.before(verb)
    let answer = try await body()
    try await interceptor.after(verb)
    return answer
  }

  /// Passes on.
  public func insert(
    _ session: Session, limit: LiveSessionLimit?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> InsertOutcome {
    try await around(.insert) { () async throws(StoreError) in
      try await store.insert(session, limit: limit, by: actor, now: now)
    }
  }

  /// Passes on.
  public func session(_ id: SessionID) async throws(StoreError) -> Session? {
    try await around(.session) { () async throws(StoreError) in try await store.session(id) }
  }

  /// Passes on, in a task of its own: an interceptor may wait.
  public func session(_ id: SessionID, then: @escaping @Sendable (Result<Session?, StoreError>) -> Void) {
    Task {
      do throws(StoreError) { then(.success(try await session(id))) } catch { then(.failure(error)) }
    }
  }

  /// Passes on.
  public func replace(
    _ session: Session, revision: Int64, as change: SessionEvent.Change, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    try await around(.replace) { () async throws(StoreError) in
      try await store.replace(session, revision: revision, as: change, by: actor, now: now)
    }
  }

  /// Passes on.
  public func close(
    _ id: SessionID, reason: CloseReason, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> CloseOutcome? {
    try await around(.close) { () async throws(StoreError) in
      try await store.close(id, reason: reason, by: actor, now: now)
    }
  }

  /// Passes on.
  public func close(
    matching filter: SessionFilter, excluding: SessionID?, reason: CloseReason, by actor: Actor, now: Timestamp,
    limit: Int
  ) async throws(StoreError) -> [Session] {
    try await around(.closeMatching) { () async throws(StoreError) in
      try await store.close(
        matching: filter, excluding: excluding, reason: reason, by: actor, now: now, limit: limit)
    }
  }

  /// Passes on.
  public func touch(_ touches: [SessionTouch]) async throws(StoreError) {
    try await around(.touch) { () async throws(StoreError) in try await store.touch(touches) }
  }

  /// Passes on.
  public func remove(_ id: SessionID, by actor: Actor, now: Timestamp) async throws(StoreError) -> Session? {
    try await around(.remove) { () async throws(StoreError) in
      try await store.remove(id, by: actor, now: now)
    }
  }

  /// Passes on.
  public func page(_ query: SessionQuery, now: Timestamp) async throws(StoreError) -> SessionPage {
    try await around(.page) { () async throws(StoreError) in try await store.page(query, now: now) }
  }

  /// Passes on.
  public func count(_ filter: SessionFilter, now: Timestamp) async throws(StoreError) -> Int {
    try await around(.count) { () async throws(StoreError) in try await store.count(filter, now: now) }
  }

  /// Passes on.
  public func reap(now: Timestamp, limit: Int) async throws(StoreError) -> [Session] {
    try await around(.reap) { () async throws(StoreError) in try await store.reap(now: now, limit: limit) }
  }

  /// Passes on.
  public func purge(closedBefore time: Timestamp, limit: Int) async throws(StoreError) -> [SessionID] {
    try await around(.purge) { () async throws(StoreError) in try await store.purge(closedBefore: time, limit: limit) }
  }

  /// Passes on.
  public func check() async throws(StoreError) {
    try await around(.check) { () async throws(StoreError) in try await store.check() }
  }

  /// Passes on.
  public func shutdown() async { await store.shutdown() }
}
