import MemoryStore
import SessionCore
import SessionTesting
import Synchronization

/// What is left in the store when everything has ended, against what the clients were answered.
extension Simulation {
  func examine() {
    let executor = SteppedExecutor()
    Task(executorPreference: executor) { [self] in
      let tracks = ledger.withLock { ledger in ledger.ids.compactMap { ledger.tracks[$0] } }
      for track in tracks {
        guard let stored = try? await base.session(track.id) else {
          if !track.closingBegan { ledger.withLock { $0.fail("an opening that was answered is lost") } }
          continue
        }
        ledger.withLock { $0.examine(track, stored) }
      }
      var (entries, number) = ([LoggedEvent](), Int64(0))
      while let page = try? await base.events(after: number, kinds: nil, limit: 1000) {
        entries += page.entries
        number = page.next
        if !page.hasMore { break }
      }
      var renewals: [SessionID: UInt32] = [:]
      for entry in entries where entry.event.kind == .sessionRenewed {
        if let id = entry.event.sessionID { renewals[id, default: 0] += 1 }
      }
      for track in tracks {
        guard let stored = try? await base.session(track.id) else { continue }
        if stored.generation != renewals[track.id, default: 0] {
          ledger.withLock {
            $0.fail("generation \(stored.generation) after \(renewals[track.id, default: 0]) renewals")
          }
        }
      }
      ledger.withLock { $0.examine(entries) }
    }
    while executor.ready > 0 { executor.step(0) }
  }
}

extension Ledger {
  fileprivate mutating func examine(_ track: Track, _ stored: Session) {
    if track.closed != nil, stored.closeTime == nil {
      fail("a session is open in the store though its closing was answered")
    }
    // Once all is written the store knows of every request that was answered, whatever was read and written meanwhile.
    if stored.closeTime == nil, !knowsLoss(since: track.requestTime),
      stored.requestTime < track.requestTime - world.skew
    {
      fail("a request that was answered is not in the store")
    }
    if stored.generation < track.generation { fail("a renewal that was answered is lost") }
    let count = Int(stored.status?.string ?? "0") ?? 0
    if count < track.changesMade { fail("of \(track.changesMade) changes that were answered \(count) are there") }
    if count > track.changesBegun { fail("\(count) changes are there, and \(track.changesBegun) were begun") }
    guard let closeTime = stored.closeTime, !track.closingBegan, !track.isDoubtful else { return }
    switch stored.closeReason {
    case .evicted where world.evicts: break
    case .idle, .lifetime:
      if mustLive(since: track.requestTime, at: closeTime) { fail("a session was ended before its time") }
    default: fail("a session was closed that nobody closed: \(stored.closeReason?.rawValue ?? "")")
    }
  }

  /// The log tells of lives that make sense: one opening, then one end, and nothing after it but the removal.
  fileprivate mutating func examine(_ entries: [LoggedEvent]) {
    enum State { case open, closed }
    var states: [SessionID: State] = [:]
    for entry in entries {
      guard let id = entry.event.sessionID else { continue }
      let isPlausible: Bool
      switch entry.event.kind {
      case .sessionOpened:
        // An id that is made of a client's own token opens again when its former session has ended.
        isPlausible = states[id] == nil || (states[id] == .closed && tracks[id] == nil)
        states[id] = .open
      case .sessionClosed:
        isPlausible = states[id] == .open
        states[id] = .closed
      case .sessionRemoved:
        isPlausible = states[id] == .closed
      case .sessionRenewed, .sessionChanged: isPlausible = states[id] == .open
      default: isPlausible = true
      }
      if !isPlausible { fail("the log has \(entry.event.kind.rawValue) where it can't be") }
    }
  }
}
