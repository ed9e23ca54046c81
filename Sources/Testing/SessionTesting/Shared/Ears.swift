internal import SessionCore
import Synchronization

/// A listener that remembers everything in the order in which it came.
final class Ears: ChangeListener {
  private struct State {
    var sounds: [Sound] = []
    var waiters: [UInt64: Waiter] = [:]
    var lastWaiter: UInt64 = 0
  }

  private struct Waiter {
    var isMet: @Sendable ([Sound]) -> Bool
    var continuation: CheckedContinuation<Bool, Never>
  }

  /// How long a note may take before it counts as lost.
  private static let patience = Duration.seconds(20)
  private let caseName: String
  private let state = Mutex(State())
  private let onNote: @Sendable (ChangeNote) -> Void

  init(caseName: String, onNote: @escaping @Sendable (ChangeNote) -> Void = { _ in }) {
    self.caseName = caseName
    self.onNote = onNote
  }

  var sounds: [Sound] { state.withLock { $0.sounds } }

  func laneOpened(_ lane: Int) { hear(.opened(lane)) }
  func laneClosed(_ lane: Int) { hear(.closed(lane)) }
  func heard(_ note: ChangeNote, along lane: Int) {
    onNote(note)
    hear(.note(note, lane))
  }

  private func hear(_ sound: Sound) {
    let met = state.withLock { state in
      state.sounds.append(sound)
      let met = state.waiters.filter { $0.value.isMet(state.sounds) }
      for ticket in met.keys { state.waiters[ticket] = nil }
      return met.values.map(\.continuation)
    }
    for continuation in met { continuation.resume(returning: true) }
  }

  /// Waits until what was heard meets a condition, or fails after a while.
  func waitFor(_ what: String, _ isMet: @escaping @Sendable ([Sound]) -> Bool) async throws {
    let ticket = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    let isHeard = await withTaskGroup(of: Bool.self) { group in
      group.addTask { await self.wait(ticket, isMet) }
      group.addTask {
        try? await Task.sleep(for: Self.patience)
        return false
      }
      let isHeard = await group.next() ?? false
      group.cancelAll()
      self.state.withLock { $0.waiters.removeValue(forKey: ticket) }?.continuation.resume(returning: false)
      return isHeard
    }
    guard isHeard else {
      throw ConformanceFailure(
        caseName: caseName, expectation: what, found: "\(sounds.suffix(20).map(\.description))")
    }
  }

  private func wait(_ ticket: UInt64, _ isMet: @escaping @Sendable ([Sound]) -> Bool) async -> Bool {
    await withCheckedContinuation { continuation in
      let isMetNow = state.withLock { state in
        if isMet(state.sounds) { return true }
        state.waiters[ticket] = Waiter(isMet: isMet, continuation: continuation)
        return false
      }
      if isMetNow { continuation.resume(returning: true) }
    }
  }
}
