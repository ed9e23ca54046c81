internal import SessionCore

/// Keys by the time at which they may be forgotten, the earliest first: a binary heap.
///
/// A key that was forgotten or given another time meanwhile stays until its first time comes: who takes it out looks
/// whether it still holds.
struct ExpiryQueue<Key> {
  private var heap: [(end: Timestamp, key: Key)] = []

  /// Adds a key.
  mutating func insert(_ key: Key, end: Timestamp) {
    heap.append((end, key))
    var place = heap.count - 1
    while place > 0, heap[place].end < heap[(place - 1) / 2].end {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  /// Takes out the earliest key whose time is at or before `now`.
  mutating func next(at now: Timestamp) -> Key? {
    guard let first = heap.first, first.end <= now else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var place = 0
    while let child = earlierChild(of: place), heap[child].end < heap[place].end {
      heap.swapAt(place, child)
      place = child
    }
    return first.key
  }

  private func earlierChild(of place: Int) -> Int? {
    let left = 2 * place + 1
    guard left < heap.count else { return nil }
    return left + 1 < heap.count && heap[left + 1].end < heap[left].end ? left + 1 : left
  }
}
