import Cryptography
import Dispatch
import Synchronization
import Testing

@testable import PasswordHashing

@Suite("The bounds of hashing") struct PasswordPoolLimitsTests {
  /// Time that stands still until it is moved.
  private final class ManualTime: Sendable {
    private let instant = Mutex(ContinuousClock.now)
    var now: ContinuousClock.Instant { instant.withLock { $0 } }
    func advance(_ duration: Duration) { instant.withLock { $0 += duration } }
  }

  /// How many are at work.
  private final class Running: Sendable {
    private let counts = Mutex((now: 0, most: 0))
    var most: Int { counts.withLock { $0.most } }
    func begin() { counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
    func end() { counts.withLock { $0.now -= 1 } }
  }

  /// A pool whose threads are all held until the gate opens.
  private struct HeldPool {
    let pool: PasswordPool
    let time = ManualTime()
    private let gate = DispatchSemaphore(value: 0)
    private let threads: Int

    init(threads: Int, waiting: Int) async throws {
      let time = time
      self.threads = threads
      pool = try PasswordPool(limits: .init(threads: threads, waiting: waiting), now: { time.now })
      await hold()
    }

    /// Puts every thread to work that ends when the gate opens.
    func hold() async {
      let (holding, isHolding) = AsyncStream<Void>.makeStream()
      for _ in 0..<threads {
        let (pool, gate) = (pool, gate)
        Task {
          await pool.threads.run {
            isHolding.yield()
            gate.wait()
          }
        }
      }
      var held = 0
      for await _ in holding {
        held += 1
        if held == threads { break }
      }
    }

    func open() { for _ in 0..<threads { gate.signal() } }

    func untilWaiting(_ count: Int) async {
      while pool.threads.waiting != count { await Task.yield() }
    }
  }

  private static let busy = PasswordPool.Verdict.busy(retryAfter: .seconds(1))

  @Test("a full queue answers busy at once, to hashing and to checking, with a hash and without")
  func full() async throws {
    let held = try await HeldPool(threads: 1, waiting: 1)
    let text = try Argon2HashTests.cheapText(of: "wagon lintel")
    async let waiting = held.pool.verify("wagon", against: text)
    await held.untilWaiting(1)
    #expect(await held.pool.verify("wagon lintel", against: text) == Self.busy)
    #expect(await held.pool.verify("wagon lintel", against: nil) == Self.busy)
    #expect(held.pool.wait == .seconds(1))
    #expect(await held.pool.hash("wagon lintel") == .busy(retryAfter: .seconds(1)))
    held.open()
    #expect(await waiting == .wrong)
    #expect(held.pool.wait == nil)
    #expect(await held.pool.verify("wagon", against: text) == .wrong)
    await held.pool.stop()
  }

  @Test("whoever waited longer than 800 ms is told busy, and whoever waited 800 ms is answered")
  func late() async throws {
    let held = try await HeldPool(threads: 1, waiting: 10)
    let text = try Argon2HashTests.cheapText(of: "wagon lintel")
    async let late = held.pool.verify("wagon", against: text)
    await held.untilWaiting(1)
    held.time.advance(.milliseconds(1))
    async let inTime = held.pool.verify("wagon", against: text)
    await held.untilWaiting(2)
    held.time.advance(.milliseconds(800))
    held.open()
    #expect(await late == Self.busy)
    #expect(await inTime == .wrong)
    await held.pool.stop()
  }

  @Test("whoever would wait longer than 800 ms at the pace of the last hashes is told busy at once")
  func pace() async throws {
    let held = try await HeldPool(threads: 1, waiting: 10)
    let text = try Argon2HashTests.cheapText(of: "wagon lintel")
    held.time.advance(.milliseconds(400))
    held.open()
    // An answer from the same thread shows that the work before it was timed.
    #expect(await held.pool.threads.run { held.time.advance(.milliseconds(400)) } != nil)
    await held.hold()
    async let first = held.pool.verify("wagon", against: text)
    await held.untilWaiting(1)
    async let second = held.pool.verify("wagon", against: text)
    await held.untilWaiting(2)
    #expect(await held.pool.verify("wagon", against: text) == Self.busy)
    held.open()
    #expect(await first == .wrong)
    #expect(await second == .wrong)
    // Faster hashes, which these were, let more in again.
    await held.hold()
    async let third = held.pool.verify("wagon", against: text)
    await held.untilWaiting(1)
    async let fourth = held.pool.verify("wagon", against: text)
    await held.untilWaiting(2)
    async let fifth = held.pool.verify("wagon", against: text)
    await held.untilWaiting(3)
    held.open()
    #expect(await third == .wrong)
    #expect(await fourth == .wrong)
    #expect(await fifth == .wrong)
    await held.pool.stop()
  }

  @Test("where nobody waits one is let in, however slow the last hashes were")
  func slowPace() async throws {
    let held = try await HeldPool(threads: 1, waiting: 10)
    let text = try Argon2HashTests.cheapText(of: "wagon lintel")
    held.time.advance(.seconds(60))
    held.open()
    #expect(await held.pool.verify("wagon", against: text) == .wrong)
    await held.hold()
    async let first = held.pool.verify("wagon", against: text)
    await held.untilWaiting(1)
    #expect(await held.pool.verify("wagon", against: text) == Self.busy)
    held.open()
    #expect(await first == .wrong)
    await held.pool.stop()
  }

  @Test("500 at once are computed by the threads there are, those beyond the queue are told busy, and all are answered")
  func flood() async throws {
    let held = try await HeldPool(threads: 3, waiting: 20)
    let (pool, running) = (held.pool, Running())
    var (done, refused) = (0, 0)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<500 {
        group.addTask {
          await pool.threads.run {
            running.begin()
            _ = Argon2.tag(SecretBytes("wagon".utf8), salt: Array("somesalt".utf8), parameters: .standard, length: 32)
            running.end()
          } != nil
        }
      }
      for await isDone in group {
        if isDone { done += 1 } else { refused += 1 }
        // All who found no place are answered while the threads are still held.
        if refused == 480 { held.open() }
      }
    }
    #expect(done == 20)
    #expect(refused == 480)
    #expect((1...3).contains(running.most))
    await held.pool.stop()
  }

  @Test("whoever is cancelled is answered all the same")
  func cancellation() async throws {
    let held = try await HeldPool(threads: 1, waiting: 10)
    let text = try Argon2HashTests.cheapText(of: "wagon lintel")
    let pool = held.pool
    let task = Task { await pool.verify("wagon", against: text) }
    await held.untilWaiting(1)
    task.cancel()
    held.open()
    #expect(await task.value == .wrong)
    await pool.stop()
  }

  @Test("stopping finishes what was accepted, and answers busy from then on")
  func stop() async throws {
    let held = try await HeldPool(threads: 2, waiting: 10)
    let text = try Argon2HashTests.cheapText(of: "wagon lintel")
    async let accepted = held.pool.verify("wagon", against: text)
    await held.untilWaiting(1)
    held.open()
    await held.pool.stop()
    #expect(await accepted == .wrong)
    #expect(await held.pool.verify("wagon", against: text) == Self.busy)
    #expect(await held.pool.hash("wagon lintel") == .busy(retryAfter: .seconds(1)))
    await held.pool.stop()
  }

  @Test("limits under one are one, and none are asked for that can't be", arguments: [Int.min, -1, 0])
  func least(_ number: Int) {
    let limits = PasswordPool.Limits(threads: number, waiting: number)
    #expect(limits.threads == 1)
    #expect(limits.waiting == 1)
    #expect(PasswordPool.Limits(threads: .max).waiting > 0)
    #expect(PasswordPool.Limits().threads >= 1)
  }
}
