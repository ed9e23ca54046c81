import Cryptography
import Glibc
import MemoryStore
import SessionCore

/// Nanoseconds of the monotonic clock.
func nanoseconds() -> Int64 {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// The system's time of day: what a server's clock costs is part of what is measured.
struct WallClock: SessionClock {
  func now() -> Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}

struct SystemRandom: RandomSource {
  func fill(_ bytes: UnsafeMutableRawBufferPointer) { unsafe SecureRandom.fill(bytes) }
}

/// Verifies `count` of the tokens, one after the other in an order that no prefetcher knows; traps if one is refused.
func verify(_ tokens: [[UInt8]], in sessions: Sessions, count: Int, start: Int) {
  var index = start
  for _ in 0..<count {
    index = (index &+ 7919) % tokens.count
    let answer = unsafe tokens[index].withUnsafeBytes {
      unsafe sessions.verifyAtOnce($0, now: sessions.clock.now())
    }
    guard case .active = answer else { fatalError("a live session was refused") }
  }
}

/// Runs `count` verifications on each of `threads` threads, and answers verifications per second.
func rate(_ tokens: [[UInt8]], in sessions: Sessions, threads: Int, count: Int) async -> Double {
  let start = nanoseconds()
  await withTaskGroup(of: Void.self) { group in
    for thread in 0..<threads {
      group.addTask { verify(tokens, in: sessions, count: count, start: thread * 4999) }
    }
  }
  return Double(threads * count) * 1e9 / Double(nanoseconds() - start)
}

let sessionCount = 10_000
let sessions = Sessions(
  store: MemoryStore(), policy: SessionPolicy(),
  keys: KeyRing(signing: RingKey(id: 1, secret: SecretBytes(SecureRandom.bytes(32)))), clock: WallClock(),
  random: SystemRandom())
var tokens: [[UInt8]] = []
for index in 0..<sessionCount {
  var draft = SessionDraft(userID: ExactText("user-\(index)"))
  draft.client = "benchmark"
  if case .opened(_, let token, _) = try await sessions.open(draft, by: Actor(.service)) { tokens.append(token.text) }
}
_ = await rate(tokens, in: sessions, threads: 2, count: 200_000)
var single: [Double] = []
var double: [Double] = []
for _ in 0..<5 {
  single.append(await rate(tokens, in: sessions, threads: 1, count: 1_000_000))
  double.append(await rate(tokens, in: sessions, threads: 2, count: 1_000_000))
}
let one = single.sorted()[2]
let two = double.sorted()[2]
print("verify, \(sessionCount) cached sessions, medians of 5:")
print("  one thread   \(Int(1e9 / one)) ns each, \(Int(one)) a second")
print("  two threads  \(Int(two)) a second, \(Double(Int(two / one * 100)) / 100) times one thread")
