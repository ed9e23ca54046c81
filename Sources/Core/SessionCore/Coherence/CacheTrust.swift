/// When a node may answer from what it keeps of a store, without asking.
public enum CacheTrust: Sendable {
  /// Always: nobody else writes there.
  case always
  /// Never: others do, and nothing tells of it.
  case never
  /// While the lane of what is asked for is held.
  case leased(Coherence)

  /// The trust in copies of what `store` holds, where `coherence` follows its changes.
  ///
  /// Copies of a ``SharedStore`` that nobody follows are never trusted.
  public init(of store: some Sendable, _ coherence: Coherence?) {
    if let coherence {
      self = .leased(coherence)
    } else {
      self = store is any SharedStore ? .never : .always
    }
  }

  /// Whether other nodes write to the same store.
  public var isShared: Bool { if case .always = self { false } else { true } }

  /// Whether what is kept of a session may be believed by a request that began at `now`.
  ///
  /// To be asked before the copy is looked at: what a note has dropped by then must not be found.
  public func holds(_ id: SessionID, at now: Timestamp) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .leased(let coherence): coherence.isHeld(id.lane(of: coherence.lanes), now: now)
    }
  }

  /// As ``holds(_:at:)``, of accounts and service keys.
  public func holdsDirectory(at now: Timestamp) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .leased(let coherence): coherence.isHeld(coherence.directoryLane, now: now)
    }
  }
}
