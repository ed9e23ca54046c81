internal import Synchronization

/// Work that one node at a time should do, such as closing what has expired.
///
/// It holds a task of a ``SharedStore`` for a while, and prolongs that long before it ends; when the store can't be
/// reached for too long, it stops well before another node can take over. Where the store is not shared the work is
/// always this node's.
///
/// No lock is perfect: a process that is stopped in the middle of its work and goes on later may do a little of it
/// while another node has the task. What is done must bear that, as the conditional verbs of the stores do.
public final class ExclusiveTask: Sendable {
  private let name: String
  private let holder: String
  private let store: (any SharedStore)?
  private let duration: TimeSpan
  private let clock: any SessionClock
  private let pause: @Sendable (Duration) async throws -> Void
  /// Until when the store gives it to nobody else, in milliseconds since 1970.
  private let end: Atomic<Int64>

  /// A task of that name.
  ///
  /// - Parameters:
  ///   - name: the task's name, the same on all nodes.
  ///   - store: where it is held, if that is shared.
  ///   - holder: a name for this node that no other has, and not this one's own former life either.
  ///   - duration: how long it is held at a time: after a node's death nobody does the work for that long. 15 seconds.
  ///   - clock: where the time comes from; one that goes on while the process is stopped.
  ///   - pause: waits between tries, a third of the duration; ends early if the task is cancelled.
  public init(
    _ name: String, of store: any SessionStore, as holder: String, for duration: TimeSpan = .seconds(15),
    clock: any SessionClock,
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.name = name
    self.holder = holder
    self.store = store as? any SharedStore
    self.duration = duration
    self.clock = clock
    self.pause = pause
    end = Atomic(self.store == nil ? .max : .min)
  }

  /// Whether the work is this node's now.
  public var isHeld: Bool { clock.now().milliseconds < end.load(ordering: .acquiring) }

  /// Runs `work` whenever the task is this node's, until cancelled; then gives the task back.
  ///
  /// - Parameter work: what to do. It is cancelled when the task is lost, and should go on until then; if it ends by
  ///   itself, it is begun again when the task is next prolonged.
  public func run(_ work: @escaping @Sendable () async -> Void) async {
    guard let store else {
      await repeated(work)
      return
    }
    while !Task.isCancelled {
      if await take(store) { await hold(store, work) }
      do { try await pause(interval) } catch { break }
    }
    await giveBack(to: store)
  }

  private var interval: Duration { .milliseconds(max(1, duration.milliseconds / 3)) }

  private func repeated(_ work: @Sendable () async -> Void) async {
    while !Task.isCancelled {
      await work()
      do { try await pause(interval) } catch { return }
    }
  }

  /// Works until the task is lost or this one is cancelled.
  private func hold(_ store: any SharedStore, _ work: @escaping @Sendable () async -> Void) async {
    await withTaskGroup { group in
      group.addTask { await self.repeated(work) }
      group.addTask { await self.prolong(store) }
      await group.next()
      end.store(.min, ordering: .releasing)
      group.cancelAll()
      await group.waitForAll()
    }
  }

  /// Prolongs the task until it is lost.
  ///
  /// A try that fails is made again; with a third of the time left, too little for another, the task counts as lost.
  private func prolong(_ store: any SharedStore) async {
    let reserve = TimeSpan(milliseconds: duration.milliseconds / 3)
    while !Task.isCancelled {
      do { try await pause(interval) } catch { return }
      let isKept: Bool
      do throws(StoreError) {
        isKept = try await take(from: store)
      } catch {
        isKept = (clock.now() + reserve).milliseconds < end.load(ordering: .acquiring)
      }
      guard isKept else { return }
    }
  }

  private func take(_ store: any SharedStore) async -> Bool { (try? await take(from: store)) ?? false }

  private func take(from store: any SharedStore) async throws(StoreError) -> Bool {
    // Read before asking: the store counts from later on.
    let now = clock.now()
    guard try await store.holdTask(name, as: holder, for: duration) else { return false }
    end.store((now + duration).milliseconds, ordering: .releasing)
    return true
  }

  /// Gives the task back, so that another node need not wait for it.
  ///
  /// By a task of its own, as this one is cancelled; a store that fails keeps it until its time is over.
  private func giveBack(to store: any SharedStore) async {
    end.store(.min, ordering: .releasing)
    let (name, holder) = (name, holder)
    await Task { try? await store.releaseTask(name, as: holder) }.value
  }
}
