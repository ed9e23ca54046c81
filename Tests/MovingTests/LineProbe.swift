@testable import Moving

/// Reads lines as importers do.
struct LineProbe {
  private var lines: LineReader

  init(_ path: String, longest: Int) throws { lines = try LineReader(path, longest: longest) }

  /// The number of bytes of each line; `nil` for one that is too long.
  mutating func read() throws -> [Int?] {
    var counts: [Int?] = []
    while let line = try lines.next() { counts.append(line.bytes?.count) }
    return counts
  }
}
