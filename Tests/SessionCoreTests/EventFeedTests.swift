import MemoryStore
import SessionCore
import SessionTesting
import Synchronization
import Testing

@Suite("Following the event log", .timeLimit(.minutes(1))) struct EventFeedTests {
  private let store = MemoryStore()
  private let event = Event(.keyCreated, at: Timestamp(milliseconds: 1_800_000_000_000), by: SessionsWorld.actor)

  @Test("everyone who waits goes on when something is appended")
  func wake() async throws {
    let feed = EventFeed(store: store)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<20 { group.addTask { await feed.wait(after: 0, upTo: .seconds(3600)) } }
      try await store.append([event])
      feed.wake()
      for try await isWoken in group { #expect(isWoken) }
    }
  }

  @Test("a wait for what is there already is over at once")
  func alreadyThere() async throws {
    let feed = EventFeed(store: store)
    try await store.append([event, event])
    #expect(await feed.wait(after: 1, upTo: .seconds(3600)))
    #expect(await !feed.wait(after: 2, upTo: .milliseconds(1)))
  }

  @Test("a wait in which nothing comes ends when its time is over, or when it is cancelled")
  func nothing() async throws {
    let feed = EventFeed(store: store)
    feed.wake()
    #expect(await !feed.wait(after: 0, upTo: .milliseconds(1)))
    #expect(await !feed.wait(after: 0, upTo: .zero))
    let waiting = Task { await feed.wait(after: 0, upTo: .seconds(3600)) }
    waiting.cancel()
    #expect(await !waiting.value)
  }

  @Test("who follows a shared store looks again before long, since another node's log-ins come with no note")
  func withoutNote() async throws {
    let place = SharedMemory(MemoryStore())
    let feed = EventFeed(store: place.node())
    #expect(await !feed.wait(after: 0, upTo: .seconds(3600)))
    try await place.node().append([event])
    #expect(await feed.wait(after: 0, upTo: .seconds(3600)))
  }

  @Test("what comes after the store has answered and before the wait has begun is not missed")
  func between() async throws {
    let appender = Appender(store, event)
    let feed = EventFeed(store: InterceptedStore(store, appender))
    appender.feed.withLock { $0 = feed }
    #expect(await feed.wait(after: 0, upTo: .seconds(3600)))
    #expect(try await feed.page(after: 0, limit: 10).entries.count == 1)
  }

  @Test("a store that can't be read is waited for as if it had nothing new")
  func failing() async throws {
    let failing = FailingStore(store)
    let feed = EventFeed(store: failing)
    try await store.append([event])
    failing.fail(.lastEventNumber, after: false)
    #expect(await !feed.wait(after: 0, upTo: .milliseconds(1)))
    failing.stopFailing()
    #expect(await feed.wait(after: 0, upTo: .seconds(3600)))
  }

  @Test("followers who wait between their pages miss nothing and see nothing twice")
  func following() async throws {
    let feed = EventFeed(store: store)
    let (store, event, count) = (store, event, 500)
    let expected = Array(1...Int64(count))
    try await withThrowingTaskGroup(of: [Int64]?.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var numbers: [Int64] = []
          while numbers.count < count {
            let last = numbers.last ?? 0
            let page = try await feed.page(after: last, limit: 30)
            numbers += page.entries.map(\.number)
            if !page.hasMore, numbers.count < count {
              #expect(await feed.wait(after: page.next, upTo: .seconds(3600)))
            }
          }
          return numbers
        }
      }
      for _ in 0..<count {
        group.addTask {
          try await store.append([event])
          feed.wake()
          return nil
        }
      }
      for try await numbers in group { if let numbers { #expect(numbers == expected) } }
    }
  }

  @Test("a change of a session wakes who follows, and goes to every other sink")
  func sessions() async throws {
    let feed = EventFeed(store: store)
    let log = EventLog()
    let sessions = Sessions(
      store: store, policy: SessionPolicy(), keys: SessionsWorld.ring(), clock: ManualClock(.earliest),
      random: SeededRandom(seed: 1), events: SessionEventSinks(log, feed))
    let waiting = Task { await feed.wait(after: 0, upTo: .seconds(3600)) }
    _ = try await sessions.open(SessionDraft(userID: "u1"), by: SessionsWorld.actor)
    #expect(await waiting.value)
    #expect(log.count(.opened) == 1)
    #expect(try await feed.lastNumber() == 1)
  }
}

/// Appends an event, and wakes, right after the store has said that there is none.
private final class Appender: StoreInterceptor {
  let feed = Mutex<EventFeed?>(nil)
  private let store: MemoryStore
  private let event: Event

  init(_ store: MemoryStore, _ event: Event) {
    self.store = store
    self.event = event
  }

  func before(_ verb: StoreVerb) {}

  func after(_ verb: StoreVerb) async throws(StoreError) {
    guard verb == .lastEventNumber else { return }
    try await store.append([event])
    feed.withLock { $0 }?.wake()
  }
}
