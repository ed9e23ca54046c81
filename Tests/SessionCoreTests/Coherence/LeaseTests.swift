import MemoryStore
import SessionTesting
import Synchronization
import Testing

@testable import SessionCore

/// What a heartbeat proves, and for how long.
@Suite struct LeaseTests {
  private static let start = Timestamp(milliseconds: 1_800_000_000_000)
  private let clock = ManualClock(LeaseTests.start)
  private let lease = LaneLease(length: .seconds(1))

  private func isHeld(after milliseconds: Int64) -> Bool {
    lease.isHeld(at: Self.start + TimeSpan(milliseconds: milliseconds))
  }

  private func time(_ milliseconds: Int64) -> Timestamp { Self.start + TimeSpan(milliseconds: milliseconds) }

  @Test("a lease lasts from the sending of the heartbeat that came back, however long that took")
  func fromSending() {
    _ = lease.open()
    #expect(!isHeld(after: 0))
    #expect(lease.begin(1, at: time(0)))
    #expect(!isHeld(after: 0))
    #expect(lease.heard(1, at: time(900)).isHeld == true)
    #expect(isHeld(after: 999))
    #expect(!isHeld(after: 1000))
  }

  @Test("a heartbeat that comes back later than the lease extends nothing")
  func late() {
    _ = lease.open()
    #expect(lease.begin(1, at: time(0)))
    #expect(lease.heard(1, at: time(1000)).isHeld == nil)
    #expect(!isHeld(after: 1000))
  }

  @Test("of heartbeats that come back in any order the latest sending counts")
  func order() {
    _ = lease.open()
    #expect(lease.begin(1, at: time(0)) && lease.begin(2, at: time(250)))
    _ = lease.heard(2, at: time(300))
    _ = lease.heard(1, at: time(310))
    #expect(isHeld(after: 1249) && !isHeld(after: 1250))
  }

  @Test("another node's heartbeat, and one that came already, change nothing")
  func foreign() {
    _ = lease.open()
    #expect(lease.heard(7, at: time(0)).lag == nil)
    #expect(!isHeld(after: 0))
    #expect(lease.begin(1, at: time(0)))
    #expect(lease.heard(1, at: time(10)).lag != nil)
    _ = lease.close()
    _ = lease.open()
    #expect(lease.heard(1, at: time(20)).lag == nil)
    #expect(!isHeld(after: 20))
  }

  @Test("a lane that opens again has no lease until a heartbeat that was sent afterwards is back")
  func opened() {
    _ = lease.open()
    #expect(lease.begin(1, at: time(0)) && lease.begin(2, at: time(5)))
    _ = lease.heard(1, at: time(10))
    #expect(isHeld(after: 20))
    #expect(lease.open().isHeld == false)
    #expect(!isHeld(after: 20))
    _ = lease.heard(2, at: time(30))
    #expect(!isHeld(after: 30))
  }

  @Test("a lane that is closed has no lease, and no heartbeat is sent along it")
  func closed() {
    #expect(!lease.begin(1, at: time(0)))
    _ = lease.open()
    lease.endSending()
    #expect(lease.begin(1, at: time(0)))
    _ = lease.heard(1, at: time(10))
    #expect(lease.close().isHeld == false)
    #expect(!isHeld(after: 20))
    #expect(!lease.begin(2, at: time(20)))
  }

  @Test("a lease that ran out is told once")
  func expired() {
    _ = lease.open()
    #expect(lease.begin(1, at: time(0)))
    _ = lease.heard(1, at: time(10))
    #expect(lease.expired(at: time(999)).isHeld == nil)
    #expect(lease.expired(at: time(1000)).isHeld == false)
    #expect(lease.expired(at: time(1001)).isHeld == nil)
  }

  @Test("heartbeats that are stuck on their way are no more than a few, and those that are lost are forgotten")
  func bounded() {
    _ = lease.open()
    var sent = 0
    for number in 0..<100 as Range<UInt64> where lease.begin(number, at: time(0)) { sent += 1 }
    #expect(sent == 4)
    for _ in 0..<4 { lease.endSending() }
    for number in 0..<1000 as Range<UInt64> {
      #expect(lease.begin(number, at: time(Int64(number) * 250)))
      lease.endSending()
    }
  }
}

/// How a node sends heartbeats and listens.
@Suite struct CoherenceRunTests {
  private let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))

  /// Waits until something is true.
  private func wait(until isTrue: () -> Bool) async { while !isTrue() { await Task.yield() } }

  @Test("a node that runs holds every lane, sends on, and holds none when it has ended", .timeLimit(.minutes(1)))
  func runs() async {
    let place = SharedMemory(MemoryStore(), lanes: 3, clock: clock)
    let pacer = Pacer()
    var reports = CoherenceReports()
    let (kept, counted) = (Shared(Mutex<[Int: Bool]>([:])), Shared(Mutex(0)))
    reports.onLease = { lane, isHeld in kept.value.withLock { $0[lane] = isHeld } }
    reports.onLag = { _ in counted.value.withLock { $0 += 1 } }
    let coherence = Coherence(
      store: place.node(), clock: clock, random: SeededRandom(seed: 1), reports: reports, pause: pacer.pause)
    #expect(coherence.laneCount == 4 && coherence.heldCount == 0)
    let task = Task { await coherence.run() }
    await wait { coherence.heldCount == 4 }
    clock.advance(by: TimeSpan(milliseconds: 999))
    await pacer.tick()
    clock.advance(by: TimeSpan(milliseconds: 1))
    await wait { coherence.heldCount == 4 && counted.value.withLock { $0 } >= 8 }
    await wait { kept.value.withLock { $0 } == [0: true, 1: true, 2: true, 3: true] }
    task.cancel()
    await task.value
    #expect(coherence.heldCount == 0)
    #expect(kept.value.withLock { $0.values.allSatisfy { !$0 } })
    #expect(!coherence.isHeld(99, now: clock.now()) && !coherence.isHeld(-1, now: clock.now()))
  }

  @Test("a lane whose heartbeats fail or are stuck does not stop the others", .timeLimit(.minutes(1)))
  func independent() async {
    let stuck = Pacer()
    let count = Shared(Mutex(0))
    let place = SharedMemory(MemoryStore(), lanes: 4, clock: clock)
    let node = place.node { () async throws(StoreError) in
      switch count.value.withLock({ count in
        count += 1
        return count
      }) {
      case 1: try? await stuck.pause(.zero)
      case 2: throw StoreError(.unavailable, "The lane is down.")
      default: break
      }
    }
    let coherence = Coherence(store: node, clock: clock, random: SeededRandom(seed: 1), pause: Pacer().pause)
    let task = Task { await coherence.run() }
    // The first lane of all that is ticked is stuck and the second fails, but for that of the opening.
    await wait { coherence.heldCount >= 3 }
    task.cancel()
    await task.value
  }

  @Test("followers are told of their lane alone, and of no heartbeat")
  func followers() async {
    let place = SharedMemory(MemoryStore(), lanes: 3, clock: clock)
    let coherence = Coherence(store: place.node(), clock: clock, random: SeededRandom(seed: 1))
    let (all, one) = (Listener(), Listener())
    coherence.add(all)
    coherence.add(one, lane: 3)
    for lane in 0..<4 { coherence.laneOpened(lane) }
    coherence.heard(.serviceKeys, along: 3)
    coherence.heard(.heartbeat(1), along: 3)
    let note = ChangeNote.session(SessionID(high: 1, low: 2), revision: 3)
    coherence.heard(note, along: 2)
    coherence.laneClosed(1)
    coherence.laneOpened(4)
    coherence.heard(.serviceKeys, along: -1)
    #expect(one.heard == ["opened 3", "k 3"])
    #expect(
      all.heard == [
        "opened 0", "opened 1", "opened 2", "opened 3", "k 3", "\(note.text) 2", "closed 1",
      ])
  }
}

/// Remembers what it was told.
private final class Listener: ChangeListener {
  private let state = Mutex<[String]>([])
  var heard: [String] { state.withLock { $0 } }
  func laneOpened(_ lane: Int) { state.withLock { $0.append("opened \(lane)") } }
  func laneClosed(_ lane: Int) { state.withLock { $0.append("closed \(lane)") } }
  func heard(_ note: ChangeNote, along lane: Int) { state.withLock { $0.append("\(note.text) \(lane)") } }
}
