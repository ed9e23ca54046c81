/// Walks through the bytes of a document, never beyond them.
struct BSONReader {
  private let bytes: [UInt8]
  private var place: Int
  private let end: Int
  private static let depthLimit = 100

  init(_ bytes: [UInt8], from start: Int, to end: Int) {
    self.bytes = bytes
    place = start
    self.end = min(end, bytes.count)
  }

  var isAtEnd: Bool { place == end }

  // MARK: Checking

  /// Passes over a document, or a list, that begins here.
  mutating func checkDocument(depth: Int) throws(BSONError) {
    guard depth < Self.depthLimit else { throw BSONError("documents lie too deep in each other") }
    let start = place
    let length = Int(try uint32())
    guard length >= 5, length <= end - start else { throw BSONError("a document has a wrong length") }
    let last = start + length - 1
    guard bytes[last] == 0 else { throw BSONError("a document has no end") }
    while place < last {
      let kind = bytes[place]
      place += 1
      try skipName(before: last)
      try checkValue(kind, before: last, depth: depth)
      guard place <= last else { throw BSONError("a value reaches beyond its document") }
    }
    place = last + 1
  }

  private mutating func checkValue(_ kind: UInt8, before last: Int, depth: Int) throws(BSONError) {
    switch kind {
    case 0x03, 0x04: try checkDocument(depth: depth + 1)
    case 0x02:
      let range = try textRange(before: last)
      guard String(validating: bytes[range], as: UTF8.self) != nil else { throw BSONError("a text is not UTF-8") }
    default: _ = try valueRange(kind, before: last)
    }
  }

  private mutating func skipName(before last: Int) throws(BSONError) {
    while place < last, bytes[place] != 0 { place += 1 }
    guard place < last else { throw BSONError("a name has no end") }
    place += 1
  }

  // MARK: Reading what is checked

  /// The next element's name and value; `nil` at the end of the document, whose first four bytes were passed already.
  mutating func next() throws(BSONError) -> (name: Range<Int>, value: BSONValue)? {
    guard place < end - 1 else { return nil }
    let kind = bytes[place]
    place += 1
    let start = place
    try skipName(before: end)
    let name = start..<place - 1
    return (name, try value(kind))
  }

  /// Passes over the next element, and answers its name and what is needed to read its value.
  mutating func nextPlace() throws(BSONError) -> (name: Range<Int>, kind: UInt8, start: Int)? {
    guard place < end - 1 else { return nil }
    let kind = bytes[place]
    place += 1
    let start = place
    try skipName(before: end)
    let name = start..<place - 1
    let valueStart = place
    _ = try valueRange(kind, before: end)
    return (name, kind, valueStart)
  }

  /// Reads a value of that kind that begins here.
  mutating func value(_ kind: UInt8) throws(BSONError) -> BSONValue {
    switch kind {
    case 0x01: return .double(Double(bitPattern: try uint64()))
    case 0x02:
      let range = try textRange(before: end)
      guard let text = String(validating: bytes[range], as: UTF8.self) else { throw BSONError("a text is not UTF-8") }
      return .string(text)
    case 0x03: return .document(BSONDocument(checked: Array(bytes[try valueRange(kind, before: end)])))
    case 0x04:
      let range = try valueRange(kind, before: end)
      var reader = BSONReader(bytes, from: range.lowerBound + 4, to: range.upperBound)
      var values: [BSONValue] = []
      while let element = try reader.next() { values.append(element.value) }
      return .array(values)
    case 0x05: return .binary(Array(bytes[try valueRange(kind, before: end).dropFirst(5)]))
    case 0x08: return .bool(bytes[try valueRange(kind, before: end).lowerBound] != 0)
    case 0x09: return .date(Int64(bitPattern: try uint64()))
    case 0x0A: return .null
    case 0x10: return .int32(Int32(bitPattern: try uint32()))
    case 0x12: return .int64(Int64(bitPattern: try uint64()))
    default: return .other(kind: kind, Array(bytes[try valueRange(kind, before: end)]))
    }
  }

  // MARK: Sizes

  /// Passes over a value, and answers where it lies.
  private mutating func valueRange(_ kind: UInt8, before last: Int) throws(BSONError) -> Range<Int> {
    let start = place
    switch kind {
    case 0x06, 0x0A, 0x7F, 0xFF: break
    case 0x08: try skip(1, before: last)
    case 0x10: try skip(4, before: last)
    case 0x01, 0x09, 0x11, 0x12: try skip(8, before: last)
    case 0x07: try skip(12, before: last)
    case 0x13: try skip(16, before: last)
    case 0x02, 0x0D, 0x0E: _ = try textRange(before: last)
    case 0x03, 0x04, 0x0F:
      let length = Int(try uint32())
      guard length >= 5 else { throw BSONError("a document has a wrong length") }
      try skip(length - 4, before: last)
    case 0x05:
      let length = Int(try uint32())
      try skip(length + 1, before: last)
    case 0x0B:
      try skipName(before: last)
      try skipName(before: last)
    case 0x0C:
      _ = try textRange(before: last)
      try skip(12, before: last)
    default: throw BSONError("a value is of an unknown kind")
    }
    return start..<place
  }

  /// Passes over a text with its length and its end, and answers where its bytes lie.
  private mutating func textRange(before last: Int) throws(BSONError) -> Range<Int> {
    let length = Int(try uint32())
    let start = place
    guard length >= 1 else { throw BSONError("a text has no length") }
    try skip(length, before: last)
    guard bytes[place - 1] == 0 else { throw BSONError("a text has no end") }
    return start..<place - 1
  }

  private mutating func skip(_ count: Int, before last: Int) throws(BSONError) {
    guard count <= last - place else { throw BSONError("a value reaches beyond its document") }
    place += count
  }

  private mutating func uint32() throws(BSONError) -> UInt32 {
    guard end - place >= 4 else { throw BSONError("a number is cut off") }
    defer { place += 4 }
    return (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
  }

  private mutating func uint64() throws(BSONError) -> UInt64 {
    guard end - place >= 8 else { throw BSONError("a number is cut off") }
    defer { place += 8 }
    return (0..<8).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
  }
}
