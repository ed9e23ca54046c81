/// A BSON document: names with values, in order, kept as the bytes that travel.
///
/// Whatever bytes it is made of, a document is well formed: it is checked as a whole when it is taken in.
public struct BSONDocument: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  /// The document's bytes, with length and end.
  public private(set) var bytes: [UInt8]

  /// An empty document.
  public init() { bytes = [5, 0, 0, 0, 0] }

  /// A document of these elements.
  public init(_ elements: some Sequence<(String, BSONValue)>) {
    self.init()
    for (name, value) in elements { append(name, value) }
  }

  /// A document of these elements.
  public init(dictionaryLiteral elements: (String, BSONValue)...) { self.init(elements) }

  /// Takes bytes from outside.
  ///
  /// - Throws: if anything in them, at any depth, is not as the format says, a text is not UTF-8, or documents lie in
  ///   each other more than 100 deep.
  public init(checking bytes: [UInt8]) throws(BSONError) {
    var reader = BSONReader(bytes, from: 0, to: bytes.count)
    try reader.checkDocument(depth: 0)
    guard reader.isAtEnd else { throw BSONError("a document is followed by more bytes") }
    self.bytes = bytes
  }

  init(checked bytes: [UInt8]) { self.bytes = bytes }

  /// Adds an element at the end.
  ///
  /// A NUL in the name, which the format has no place for, ends it there.
  public mutating func append(_ name: String, _ value: BSONValue) {
    bytes.removeLast()
    let start = bytes.count
    bytes.append(0)
    bytes.append(contentsOf: name.utf8.prefix { $0 != 0 })
    bytes.append(0)
    bytes[start] = Self.write(value, to: &bytes)
    bytes.append(0)
    Self.patchLength(at: 0, in: &bytes)
  }

  /// Adds an element at the end, unless there is no value.
  public mutating func append(_ name: String, ifPresent value: BSONValue?) {
    if let value { append(name, value) }
  }

  /// Adds the elements of another document at the end.
  public mutating func append(contentsOf other: BSONDocument) {
    bytes.removeLast()
    bytes.append(contentsOf: other.bytes.dropFirst(4))
    Self.patchLength(at: 0, in: &bytes)
  }

  /// Whether it has no elements.
  public var isEmpty: Bool { bytes.count <= 5 }

  /// Writes a value, and answers its kind.
  private static func write(_ value: BSONValue, to bytes: inout [UInt8]) -> UInt8 {
    switch value {
    case .double(let number):
      append(number.bitPattern, to: &bytes)
      return 0x01
    case .string(let text):
      append(UInt32(truncatingIfNeeded: text.utf8.count + 1), to: &bytes)
      bytes.append(contentsOf: text.utf8)
      bytes.append(0)
      return 0x02
    case .utf8(let text):
      append(UInt32(truncatingIfNeeded: text.count + 1), to: &bytes)
      bytes.append(contentsOf: text)
      bytes.append(0)
      return 0x02
    case .document(let document):
      bytes.append(contentsOf: document.bytes)
      return 0x03
    case .array(let values):
      let start = bytes.count
      append(0 as UInt32, to: &bytes)
      for (index, value) in values.enumerated() {
        let kind = bytes.count
        bytes.append(0)
        bytes.append(contentsOf: String(index).utf8)
        bytes.append(0)
        bytes[kind] = write(value, to: &bytes)
      }
      bytes.append(0)
      patchLength(at: start, in: &bytes)
      return 0x04
    case .binary(let data):
      append(UInt32(truncatingIfNeeded: data.count), to: &bytes)
      bytes.append(0)
      bytes.append(contentsOf: data)
      return 0x05
    case .bool(let isTrue):
      bytes.append(isTrue ? 1 : 0)
      return 0x08
    case .date(let time):
      append(UInt64(bitPattern: time), to: &bytes)
      return 0x09
    case .null: return 0x0A
    case .int32(let number):
      append(UInt32(bitPattern: number), to: &bytes)
      return 0x10
    case .int64(let number):
      append(UInt64(bitPattern: number), to: &bytes)
      return 0x12
    case .other(let kind, let data):
      bytes.append(contentsOf: data)
      return kind
    }
  }

  /// Adds a number, its lowest byte first, as everywhere in the format.
  private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
    var rest = number
    for _ in 0..<number.bitWidth / 8 {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  private static func patchLength(at start: Int, in bytes: inout [UInt8]) {
    let length = UInt32(truncatingIfNeeded: bytes.count - start)
    for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: length >> UInt32(8 * index)) }
  }
}
