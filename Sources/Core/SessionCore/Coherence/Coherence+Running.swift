import Synchronization

extension Coherence {
  /// Follows the store and sends heartbeats, until the task is cancelled; then no lane is held.
  ///
  /// A heartbeat goes along every open lane each quarter of the lease, and along one that was just opened at once. No
  /// lane waits for another, nor for a heartbeat of its own that is stuck.
  public func run() async {
    let (lanes, due) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(4 * leases.count))
    self.due.withLock { $0 = due }
    await withDiscardingTaskGroup { group in
      group.addTask { await self.store.follow(self) }
      group.addTask { await self.keepTime() }
      for await lane in lanes { group.addTask { await self.sendHeartbeat(along: lane) } }
    }
    self.due.withLock { $0 = nil }
    for lane in leases.indices { laneClosed(lane) }
  }

  private func keepTime() async {
    let interval = Duration.milliseconds(max(1, lease.milliseconds / 4))
    while !Task.isCancelled {
      let now = clock.now()
      for lane in leases.indices {
        report(leases[lane].expired(at: now), of: lane)
        signalDue(lane)
      }
      do { try await pause(interval) } catch { return }
    }
  }

  /// Has a heartbeat sent along a lane soon.
  func signalDue(_ lane: Int) { _ = due.withLock { $0?.yield(lane) } }

  /// Sends one heartbeat along a lane, if that is open.
  ///
  /// What the store throws says nothing: the heartbeat comes back or it doesn't.
  func sendHeartbeat(along lane: Int) async {
    var number: UInt64 = 0
    unsafe withUnsafeMutableBytes(of: &number) { unsafe random.fill($0) }
    // Read before anything else, so that whatever takes long from here on shortens the lease.
    let now = clock.now()
    guard leases[lane].begin(number, at: now) else { return }
    try? await store.sendHeartbeat(number, along: lane)
    leases[lane].endSending()
  }
}
