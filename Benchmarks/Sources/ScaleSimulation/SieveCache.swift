/// Which of the sessions 0 up to `sessions` a cache of SIEVE holds, and how often it had what was asked for.
///
/// As Sesame's own, whose list it is: newest to oldest, with a hand that moves from the oldest to the newest, spares
/// what was visited, and takes the first that was not.
struct SieveCache {
  private enum Place: UInt8 {
    case absent
    case present
    case visited
  }

  private let capacity: Int
  private var places: [Place]
  private var newer: [Int32]
  private var older: [Int32]
  private var newest: Int32 = -1
  private var oldest: Int32 = -1
  private var hand: Int32 = -1
  private var held = 0
  private(set) var hits = 0
  private(set) var misses = 0

  init(sessions: Int, capacity: Int) {
    self.capacity = max(1, capacity)
    places = Array(repeating: .absent, count: sessions)
    newer = Array(repeating: -1, count: sessions)
    older = newer
  }

  /// The share of look-ups that found their session.
  var hitRatio: Double { hits + misses == 0 ? 0 : Double(hits) / Double(hits + misses) }

  /// Counts from here on, with what is held.
  mutating func beginCounting() { (hits, misses) = (0, 0) }

  /// Looks a session up, and keeps it if it was not there.
  mutating func look(up session: Int) {
    if places[session] != .absent {
      places[session] = .visited
      hits += 1
      return
    }
    misses += 1
    append(Int32(session))
    if held > capacity { evict() }
  }

  /// Takes a session out, as a note of another node's write does.
  mutating func drop(_ session: Int) {
    if places[session] != .absent { remove(Int32(session)) }
  }

  private mutating func append(_ session: Int32) {
    places[Int(session)] = .present
    older[Int(session)] = newest
    newer[Int(session)] = -1
    if newest >= 0 { newer[Int(newest)] = session } else { oldest = session }
    newest = session
    held += 1
  }

  private mutating func evict() {
    var candidate = hand >= 0 ? hand : oldest
    while places[Int(candidate)] == .visited {
      places[Int(candidate)] = .present
      candidate = newer[Int(candidate)] >= 0 ? newer[Int(candidate)] : oldest
    }
    hand = candidate
    remove(candidate)
  }

  private mutating func remove(_ session: Int32) {
    let (next, former) = (newer[Int(session)], older[Int(session)])
    if hand == session { hand = next }
    if next >= 0 { older[Int(next)] = former } else { newest = former }
    if former >= 0 { newer[Int(former)] = next } else { oldest = next }
    places[Int(session)] = .absent
    held -= 1
  }
}
