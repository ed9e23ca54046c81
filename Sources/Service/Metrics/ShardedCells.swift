import Synchronization

/// Numbers that many threads add to without waiting for one another.
///
/// Each number has a cell in each shard, and a thread adds to the cells of its own shard, so that two threads seldom
/// write the same cache line. Additions wrap.
@safe
final class ShardedCells: @unchecked Sendable {
  // Unchecked, since the compiler doesn't see into the memory: the pointer never changes, what it points to are
  // atomics, and they are released when nobody holds this object any more.
  private let cells: UnsafeMutablePointer<Atomic<UInt64>>
  /// From one shard's cells to the next's: whole cache lines of 64 bytes, and two at a time, as processors fetch them.
  private let stride: Int

  private static let shards = 8
  private static let lines = 16

  init(width: Int) {
    stride = (width + Self.lines - 1) / Self.lines * Self.lines
    let count = stride * Self.shards
    // Aligned, or each shard would share a line with its neighbours.
    unsafe cells = UnsafeMutableRawPointer.allocate(byteCount: count * 8, alignment: 128)
      .bindMemory(to: Atomic<UInt64>.self, capacity: count)
    for index in 0..<count { unsafe (cells + index).initialize(to: Atomic(0)) }
  }

  deinit {
    unsafe cells.deinitialize(count: stride * Self.shards)
    unsafe UnsafeMutableRawPointer(cells).deallocate()
  }

  /// The shard of the thread that calls.
  ///
  /// Threads are told apart by where their stacks are, at least half a megabyte from one another: it costs nothing to
  /// learn. Whatever the answer, the sums are right.
  @inline(__always)
  static func currentShard() -> Int {
    var here: UInt8 = 0
    let address = unsafe withUnsafeMutablePointer(to: &here) { UInt(bitPattern: $0) }
    // Fibonacci hashing: the bits that differ are mixed into the three that are taken.
    return Int(truncatingIfNeeded: ((address >> 18) &* 0x9E37_79B9_7F4A_7C15) >> 61)
  }

  @inline(__always)
  func add(_ amount: UInt64, at index: Int, shard: Int) {
    unsafe cells[shard * stride + index].wrappingAdd(amount, ordering: .relaxed)
  }

  func sum(at index: Int) -> UInt64 {
    var sum: UInt64 = 0
    for shard in 0..<Self.shards { sum &+= unsafe cells[shard * stride + index].load(ordering: .relaxed) }
    return sum
  }
}
