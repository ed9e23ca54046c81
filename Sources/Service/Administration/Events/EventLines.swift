/// Reads server-sent events from bytes as they come (HTML Living Standard section 9.2.6).
struct EventLines: Sendable {
  /// One event: its id, and its data; without data it is no event, and the id is the place to resume from.
  struct Entry: Sendable, Equatable {
    let id: String
    let data: [UInt8]?
  }

  /// The longest line that is kept; an event of the server's has some kilobytes.
  static let longestLine = 1 << 20
  private var line: [UInt8] = []
  private var id = ""
  private var hasMoved = false
  private var data: [UInt8]?

  /// Takes bytes in; answers what is whole now, or `nil` if a line has no end.
  mutating func take(_ bytes: [UInt8]) -> [Entry]? {
    var entries: [Entry] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: 0x0A) {
      line += rest[..<end]
      rest = rest[(end + 1)...]
      if line.last == 0x0D { line.removeLast() }
      if let entry = endLine() { entries.append(entry) }
    }
    line += rest
    return line.count <= Self.longestLine ? entries : nil
  }

  private mutating func endLine() -> Entry? {
    defer { line = [] }
    if line.isEmpty {
      defer { (data, hasMoved) = (nil, false) }
      return data != nil || hasMoved ? Entry(id: id, data: data) : nil
    }
    let parts = line.split(separator: 0x3A, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let value = parts[1].first == 0x20 ? parts[1].dropFirst() : parts[1]
    if parts[0].elementsEqual("id".utf8) { (id, hasMoved) = (String(decoding: value, as: UTF8.self), true) }
    if parts[0].elementsEqual("data".utf8) { data = data.map { $0 + [0x0A] + value } ?? Array(value) }
    return nil
  }
}
