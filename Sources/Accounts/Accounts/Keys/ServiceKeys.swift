import Cryptography
public import SessionCore

/// The service keys of one node: makes, lists, revokes and recognises them.
///
/// A key is "ssk_" and 256 random bits in base64url. The store has its digest alone.
public final class ServiceKeys: Sendable {
  private static let prefix = Array("ssk_".utf8)

  private let store: any ServiceKeyStore
  private let clock: any SessionClock
  private let random: any RandomSource
  private let cache: ServiceKeyCache
  private let trust: CacheTrust

  /// The keys of `store`.
  ///
  /// - Parameters:
  ///   - store: where they are kept.
  ///   - clock: where the time comes from.
  ///   - random: where keys come from.
  ///   - cacheAge: how long what was read may be taken for true; a key that somebody else revoked is let in no longer.
  ///     A second.
  ///   - coherence: what follows the writes of other nodes, with the same clock; it is not to be running yet. With it a
  ///     key that another node revoked is let in for its lease at most, even if `cacheAge` is longer; without it a
  ///     `SharedStore` is read for each request.
  public init(
    store: any ServiceKeyStore, clock: any SessionClock, random: any RandomSource, cacheAge: TimeSpan = .seconds(1),
    coherence: Coherence? = nil
  ) {
    self.store = store
    self.clock = clock
    self.random = random
    cache = ServiceKeyCache(age: cacheAge)
    trust = CacheTrust(of: store, coherence)
    coherence?.add(cache, lane: coherence?.directoryLane)
  }

  /// Makes a key, which is shown this once.
  ///
  /// - Parameters:
  ///   - name: what it is called: 1 to 255 bytes, which the caller has checked.
  ///   - scopes: what it allows.
  ///   - expires: when it ends; `nil` for never.
  ///   - actor: who asked.
  /// - Returns: what is kept of it, and the key itself.
  /// - Throws: if the store fails.
  public func create(
    name: ExactText, scopes: Set<ServiceScope>, expires: Timestamp?, by actor: Actor
  ) async throws(StoreError) -> (key: ServiceKey, secret: ServiceKeySecret) {
    var bits = [UInt8](repeating: 0, count: 32)
    unsafe bits.withUnsafeMutableBytes { unsafe random.fill($0) }
    let secret = ServiceKeySecret(text: Self.prefix + Base64URL.encode(bits))
    let (store, now, digest) = (store, clock.now(), SHA256Digest.bytes(of: secret.text))
    let key = try await cache.write { () async throws(StoreError) -> ServiceKey in
      try await store.insertKey(name: name, scopes: scopes, expires: expires, digest: digest, by: actor, now: now)
    }
    return (key, secret)
  }

  /// Keys by number, lowest first, after `id`, at most `limit`; those that have ended too.
  public func page(after id: Int64, limit: Int) async throws(StoreError) -> [ServiceKey] {
    try await store.serviceKeys(after: id, limit: limit)
  }

  /// Takes a key back; this node lets it in no more, and the others no longer than the lease of their coherence.
  ///
  /// - Returns: the key as it was, or `nil` if there is none.
  public func revoke(_ id: Int64, by actor: Actor) async throws(StoreError) -> ServiceKey? {
    let (store, now) = (store, clock.now())
    return try await cache.write { () async throws(StoreError) -> ServiceKey? in
      try await store.revokeKey(id, by: actor, now: now)
    }
  }

  /// The key whose text that is; `nil` for any other text, one that was revoked and one that has ended.
  ///
  /// Text of another shape costs no read. Each use moves the key's time of last use, at most once a minute.
  public func key(for text: [UInt8]) async throws(StoreError) -> ServiceKey? {
    guard text.count == ServiceKeySecret.textLength, text.starts(with: Self.prefix),
      Base64URL.decode(text.dropFirst(Self.prefix.count)) != nil
    else { return nil }
    let now = clock.now()
    guard let key = try await find(SHA256Digest.bytes(of: text), now: now) else { return nil }
    if let expires = key.expires, now >= expires { return nil }
    // The key is as good as it was if the store can't take a note of it.
    if cache.mustTell(key, now: now) { try? await store.touchKey(key.id, at: now) }
    return key
  }

  /// The key whose text that is, as far as the cache knows it; never waits.
  ///
  /// `nil` says nothing about the text: ``key(for:)`` must decide.
  public func keyAtOnce(_ text: UnsafeRawBufferPointer) -> ServiceKey? {
    guard text.count == ServiceKeySecret.textLength else { return nil }
    let now = clock.now()
    guard trust.holdsDirectory(at: now),
      case .key(let key) = cache.find(SHA256Digest.bytes(of: unsafe Array(text)), now: now)
    else { return nil }
    if let expires = key.expires, now >= expires { return nil }
    return cache.isToldOf(key, now: now) ? key : nil
  }

  private func find(_ digest: [UInt8], now: Timestamp) async throws(StoreError) -> ServiceKey? {
    if trust.holdsDirectory(at: now) {
      switch cache.find(digest, now: now) {
      case .key(let key): return key
      case .none: return nil
      case .miss: break
      }
    }
    let store = store
    return try await cache.read(digest, now: now) { () async throws(StoreError) -> ServiceKey? in
      try await store.serviceKey(digest: digest)
    }
  }

  /// Whether there is any key, ended or not.
  public func hasAny() async throws(StoreError) -> Bool {
    try await !store.serviceKeys(after: 0, limit: 1).isEmpty
  }
}
