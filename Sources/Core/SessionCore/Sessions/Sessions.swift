/// The sessions of one node: opens, verifies, renews, changes, lists and closes them.
///
/// Everything that changes a session goes through here, so that the cache is right; where nodes share a store, what the
/// others change is heard of by a ``Coherence``, and the cache is used only while that vouches for it. What a verb
/// answers is settled: a session whose time is up reads as closed, whether or not the reaper has been by.
public final class Sessions: Sendable {
  /// How long sessions live, and how many.
  public let policy: SessionPolicy
  /// Where the time comes from.
  public let clock: any SessionClock

  let store: any SessionStore
  /// The store again, if it reads without a task.
  let promptStore: (any PromptSessionStore)?
  let random: any RandomSource
  let events: any SessionEventSink
  let tokens: TokenCodec
  let carriedTokens: CarriedTokenCodec
  let cache: SessionCache
  let trust: CacheTrust
  /// What keeps the cache true where other nodes write to the same store.
  public let coherence: Coherence?

  /// The sessions of `store`.
  ///
  /// - Parameters:
  ///   - store: where they are kept.
  ///   - policy: how long they live, and how many.
  ///   - keys: the keys under which tokens are made.
  ///   - clock: where the time comes from.
  ///   - random: where session ids come from.
  ///   - cacheBytes: how much memory the cache may hold, about; 256 MiB.
  ///   - coherence: what follows the other nodes' writes, with the same clock; it is not to be running yet. Without it,
  ///     a ``SharedStore`` is read for each request.
  ///   - events: who is told what happened.
  ///   - render: makes the text that ``CachedSession/rendering`` holds; called once for each session that enters the
  ///     cache.
  public init(
    store: any SessionStore, policy: SessionPolicy, keys: KeyRing, clock: any SessionClock, random: any RandomSource,
    cacheBytes: Int = 256 << 20, coherence: Coherence? = nil, events: any SessionEventSink = NoEvents(),
    render: (@Sendable (Session) -> SessionRendering)? = nil
  ) {
    self.store = store
    promptStore = store as? any PromptSessionStore
    self.policy = policy
    self.clock = clock
    self.random = random
    self.events = events
    tokens = TokenCodec(keys)
    carriedTokens = CarriedTokenCodec(keys)
    self.coherence = coherence
    trust = CacheTrust(of: store, coherence)
    cache = SessionCache(
      bytes: cacheBytes, policy: policy, isShared: trust.isShared, lanes: coherence?.lanes ?? 1, render: render)
    coherence?.add(cache)
  }

  /// What the cache has done and holds.
  public var cacheStatistics: CacheStatistics { cache.statistics }

  /// A session as ready text, if the cache has it in this very revision.
  ///
  /// What moves without a revision is that of the last caching: its reader writes the request time and the deadline.
  public func rendering(of session: Session) -> SessionRendering? { cache.rendering(of: session) }

  /// The keys in use.
  public var keys: KeyRing { tokens.ring }

  /// Makes and reads tokens under other keys from now on.
  public func replaceKeys(_ keys: KeyRing) {
    tokens.replaceRing(keys)
    carriedTokens.replaceRing(keys)
  }

  /// The token that is valid for `session`, computed again.
  public func token(for session: Session) -> SessionToken {
    tokens.token(id: session.id, generation: session.generation)
  }

  /// What a page must send beside the session cookie with each change: 43 ASCII characters, the same until
  /// the keys rotate.
  public func csrfToken(for id: SessionID) -> [UInt8] { tokens.csrfToken(for: id) }

  /// Whether `text` is ``csrfToken(for:)`` of that session, under any key that is accepted now.
  public func isCSRFToken(_ text: [UInt8], for id: SessionID) -> Bool {
    tokens.isCSRFToken(text, for: id, now: clock.now())
  }

  func tell(_ change: SessionEvent.Change, of session: Session, at time: Timestamp, by actor: Actor) {
    events.record(SessionEvent(change, of: session, at: time, by: actor))
  }
}
