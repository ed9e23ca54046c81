internal import SessionCore

/// Places in one order, sorted by time and then id.
///
/// A sorted array in chunks: finding is a binary search, inserting and removing move at most one chunk's entries, and
/// walking reads memory in a row.
struct SortedCursors {
  private static let chunkLimit = 512

  private var chunks: [[SessionCursor]] = []
  private(set) var count = 0

  /// A place between two entries.
  struct Position: Comparable {
    var chunk: Int
    var offset: Int

    static func < (left: Position, right: Position) -> Bool {
      (left.chunk, left.offset) < (right.chunk, right.offset)
    }
  }

  /// Adds an entry that is not there yet.
  mutating func insert(_ cursor: SessionCursor) {
    count += 1
    guard !chunks.isEmpty else {
      chunks.append([cursor])
      return
    }
    // An entry between two chunks goes to the end of the left one, so that rising times fill chunks whole.
    let chunk = max(0, firstChunk { !Self.isLess($0, cursor) } - 1)
    let offset = Self.partition(chunks[chunk]) { !Self.isLess($0, cursor) }
    chunks[chunk].insert(cursor, at: offset)
    guard chunks[chunk].count > Self.chunkLimit else { return }
    let isAppending = chunk == chunks.count - 1 && offset == chunks[chunk].count - 1
    let cut = isAppending ? offset : Self.chunkLimit / 2
    let tail = Array(chunks[chunk][cut...])
    chunks[chunk].removeSubrange(cut...)
    chunks.insert(tail, at: chunk + 1)
  }

  /// Removes an entry, if it is there.
  mutating func remove(_ cursor: SessionCursor) {
    let position = position(of: cursor)
    guard position.chunk < chunks.count, chunks[position.chunk][position.offset] == cursor else { return }
    count -= 1
    chunks[position.chunk].remove(at: position.offset)
    if chunks[position.chunk].isEmpty { chunks.remove(at: position.chunk) }
  }

  /// The place of the first entry that is not before `cursor`.
  func position(of cursor: SessionCursor) -> Position {
    normalized { !Self.isLess($0, cursor) }
  }

  /// The place of the first entry that is after `cursor`.
  func position(after cursor: SessionCursor) -> Position {
    normalized { Self.isLess(cursor, $0) }
  }

  /// The place before the first entry.
  var start: Position { Position(chunk: 0, offset: 0) }

  /// The place after the last entry.
  var end: Position { Position(chunk: chunks.count, offset: 0) }

  /// How many entries lie between two places; costs a look at each chunk between them.
  func distance(from start: Position, to end: Position) -> Int {
    guard start < end else { return 0 }
    if start.chunk == end.chunk { return end.offset - start.offset }
    let between = chunks[(start.chunk + 1)..<end.chunk].reduce(0) { $0 + $1.count }
    return chunks[start.chunk].count - start.offset + between + end.offset
  }

  /// The entries between two places, in either direction.
  func walk(from start: Position, to end: Position, isDescending: Bool) -> CursorWalk {
    CursorWalk(chunks: chunks, start: start, end: max(start, end), isDescending: isDescending)
  }

  private func normalized(_ isBeyond: (SessionCursor) -> Bool) -> Position {
    let chunk = max(0, firstChunk(isBeyond) - 1)
    guard chunk < chunks.count else { return end }
    let offset = Self.partition(chunks[chunk], isBeyond)
    return offset < chunks[chunk].count ? Position(chunk: chunk, offset: offset) : Position(chunk: chunk + 1, offset: 0)
  }

  /// The first chunk whose first entry is beyond.
  private func firstChunk(_ isBeyond: (SessionCursor) -> Bool) -> Int {
    var low = 0
    var high = chunks.count
    while low < high {
      let middle = (low + high) / 2
      if isBeyond(chunks[middle][0]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private static func partition(_ chunk: [SessionCursor], _ isBeyond: (SessionCursor) -> Bool) -> Int {
    var low = 0
    var high = chunk.count
    while low < high {
      let middle = (low + high) / 2
      if isBeyond(chunk[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private static func isLess(_ left: SessionCursor, _ right: SessionCursor) -> Bool {
    left.time == right.time ? left.id < right.id : left.time < right.time
  }
}

/// The entries between two places, one after the other.
struct CursorWalk: IteratorProtocol {
  private let chunks: [[SessionCursor]]
  private var start: SortedCursors.Position
  private var end: SortedCursors.Position
  private let isDescending: Bool

  init(
    chunks: [[SessionCursor]], start: SortedCursors.Position, end: SortedCursors.Position, isDescending: Bool
  ) {
    self.chunks = chunks
    self.start = start
    self.end = end
    self.isDescending = isDescending
  }

  mutating func next() -> SessionCursor? {
    guard start < end else { return nil }
    if isDescending {
      if end.offset == 0 {
        end.chunk -= 1
        end.offset = chunks[end.chunk].count
      }
      end.offset -= 1
      return chunks[end.chunk][end.offset]
    }
    let cursor = chunks[start.chunk][start.offset]
    start.offset += 1
    if start.offset == chunks[start.chunk].count { start = SortedCursors.Position(chunk: start.chunk + 1, offset: 0) }
    return cursor
  }
}
