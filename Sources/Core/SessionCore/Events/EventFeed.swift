internal import Synchronization

/// The event log for those who follow it: what is there already, and a way to wait for what comes next.
///
/// Whoever has added entries calls ``wake()``; as a ``SessionEventSink`` it is told of every change of a session and
/// wakes by itself. As a ``ChangeListener`` it wakes for what other nodes change in a shared store; as not all that
/// they add comes with a note, no wait there is longer than a second, and the follower looks again.
public final class EventFeed: Sendable {
  private enum Waiter {
    /// Has said that it is about to wait.
    case announced
    /// Was woken before it waited.
    case woken
    /// Waits.
    case waiting(CheckedContinuation<Bool, Never>)
  }

  private struct Waiters {
    var waiters: [UInt64: Waiter] = [:]
    var nextTicket: UInt64 = 0
  }

  /// How long a wait lasts at most where other nodes add entries, too: no note tells of their log-ins.
  private static let sharedPatience = Duration.seconds(1)

  private let store: any EventStore
  private let isShared: Bool
  private let state = Mutex(Waiters())
  /// How many have announced themselves, so that to wake nobody takes no lock.
  private let count = Atomic<Int>(0)

  /// The log of `store`.
  public init(store: any EventStore) {
    self.store = store
    isShared = store is any SharedStore
  }

  /// Entries after `number`, oldest first; as ``EventStore/events(after:kinds:limit:)``.
  public func page(
    after number: Int64, kinds: Set<Event.Kind>? = nil, limit: Int
  ) async throws(StoreError) -> EventPage {
    try await store.events(after: number, kinds: kinds, limit: limit)
  }

  /// The number of the newest entry; 0 if there never was one.
  public func lastNumber() async throws(StoreError) -> Int64 { try await store.lastEventNumber() }

  /// Lets everyone go on who waits.
  ///
  /// To be called after the entries are in the log. Never waits, and costs one atomic read while nobody listens.
  public func wake() {
    guard count.load(ordering: .sequentiallyConsistent) > 0 else { return }
    let woken = state.withLock { state in
      var woken: [CheckedContinuation<Bool, Never>] = []
      for (ticket, waiter) in state.waiters {
        if case .waiting(let continuation) = waiter {
          woken.append(continuation)
          state.waiters[ticket] = nil
        } else {
          state.waiters[ticket] = .woken
        }
      }
      count.store(state.waiters.count, ordering: .sequentiallyConsistent)
      return woken
    }
    for continuation in woken { continuation.resume(returning: true) }
  }

  /// Waits until something comes after `number`, the time is over, or the task is cancelled.
  ///
  /// Nothing is missed between a page and the wait: what was added meanwhile ends it at once. A store that can't be
  /// read is waited for as if it had nothing new.
  ///
  /// - Parameters:
  ///   - number: the last number that is known.
  ///   - duration: how long at most; never longer than a second if the store is shared.
  /// - Returns: whether something newer may be there.
  public func wait(after number: Int64, upTo duration: Duration) async -> Bool {
    let duration = isShared ? min(duration, Self.sharedPatience) : duration
    // Announced before the store is asked: what is added after the answer finds the announcement.
    let ticket = announce()
    if let last = try? await store.lastEventNumber(), last > number {
      _ = leave(ticket)
      return true
    }
    return await withTaskGroup(of: Bool.self) { group in
      group.addTask { await self.wakeUp(of: ticket) }
      group.addTask {
        try? await Task.sleep(for: duration)
        return false
      }
      let isWoken = await group.next() ?? false
      group.cancelAll()
      return isWoken
    }
  }

  private func announce() -> UInt64 {
    state.withLock { state in
      state.nextTicket += 1
      state.waiters[state.nextTicket] = .announced
      count.store(state.waiters.count, ordering: .sequentiallyConsistent)
      return state.nextTicket
    }
  }

  /// Takes a waiter out, and hands back the continuation that it is owed.
  private func leave(_ ticket: UInt64) -> CheckedContinuation<Bool, Never>? {
    state.withLock { state in
      let waiter = state.waiters.removeValue(forKey: ticket)
      count.store(state.waiters.count, ordering: .sequentiallyConsistent)
      guard case .waiting(let continuation)? = waiter else { return nil }
      return continuation
    }
  }

  private func wakeUp(of ticket: UInt64) async -> Bool {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          if case .announced? = state.waiters[ticket] {
            state.waiters[ticket] = .waiting(continuation)
            return nil
          }
          let isWoken = state.waiters.removeValue(forKey: ticket) != nil
          count.store(state.waiters.count, ordering: .sequentiallyConsistent)
          return isWoken
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      leave(ticket)?.resume(returning: false)
    }
  }
}

extension EventFeed: SessionEventSink {
  /// Wakes: the store has put the event into the log already.
  public func record(_ event: SessionEvent) { wake() }
}

extension EventFeed: ChangeListener {
  /// Wakes: what was told of before may have been missed.
  public func laneOpened(_ lane: Int) { wake() }

  /// Does nothing: there is nothing new to be heard of.
  public func laneClosed(_ lane: Int) {}

  /// Wakes: whoever sent the note has put the event into the log already.
  public func heard(_ note: ChangeNote, along lane: Int) {
    switch note {
    case .heartbeat, .node: return
    case .session, .account, .serviceKeys: wake()
    }
  }
}
