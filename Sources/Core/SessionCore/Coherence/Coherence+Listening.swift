import Synchronization

extension Coherence: ChangeListener {
  /// Has every follower forget the lane, and a new lease begin.
  ///
  /// The order is what makes it safe. The old lease ends first, with every heartbeat that is on its way: from here on
  /// nobody trusts what the followers keep. They forget it before this returns, and the lane's next call, the first
  /// that may bring a heartbeat, comes only then: the new lease finds nothing that was read before the lane was open.
  public func laneOpened(_ lane: Int) {
    guard leases.indices.contains(lane) else { return }
    report(leases[lane].open(), of: lane)
    for follower in followers(of: lane) { follower.laneOpened(lane) }
    signalDue(lane)
  }

  /// Ends the lease at once, though it might be good for a while.
  public func laneClosed(_ lane: Int) {
    guard leases.indices.contains(lane) else { return }
    report(leases[lane].close(), of: lane)
    for follower in followers(of: lane) { follower.laneClosed(lane) }
  }

  /// Passes a note on, and takes a heartbeat of this node's own for a lease.
  public func heard(_ note: ChangeNote, along lane: Int) {
    guard leases.indices.contains(lane) else { return }
    if case .heartbeat(let number) = note {
      report(leases[lane].heard(number, at: clock.now()), of: lane)
    } else {
      for follower in followers(of: lane) { follower.heard(note, along: lane) }
    }
  }

  private func followers(of lane: Int) -> [any ChangeListener] {
    followers.withLock { $0 }.filter { ($0.lane ?? lane) == lane }.map(\.listener)
  }

  func report(_ change: LaneLease.Change, of lane: Int) {
    if let lag = change.lag {
      let (seconds, attoseconds) = lag.components
      self.lag.store(max(0, seconds &* 1_000_000 &+ attoseconds / 1_000_000_000_000), ordering: .relaxed)
      reports.onLag(lag)
    }
    if let isHeld = change.isHeld { reports.onLease(lane, isHeld) }
  }
}
