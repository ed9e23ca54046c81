@_exported public import SessionCore

extension Sessions {
  /// The sessions of `store`, on the system's clock and random generator.
  ///
  /// - Parameters:
  ///   - store: where they are kept.
  ///   - policy: how long they live, and how many.
  ///   - keys: the keys under which tokens are made.
  ///   - clock: where the time comes from.
  public convenience init(
    store: any SessionStore, policy: SessionPolicy = SessionPolicy(), keys: KeyRing,
    clock: any SessionClock = SystemClock()
  ) {
    self.init(store: store, policy: policy, keys: keys, clock: clock, random: SystemRandom())
  }
}
