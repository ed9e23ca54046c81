/// Writes one minified JSON text, with commas and escapes where they belong.
///
/// A call in the wrong place (two names in a row, the end of an array in an object, a second value behind the first) is
/// a misuse and traps. At most 64 arrays and objects may be open at once.
public struct JSONWriter: Sendable {
  /// The text so far; complete once every array and object is ended.
  public private(set) var bytes: [UInt8] = []

  /// A bit for each open array (0) or object (1), the innermost lowest.
  private var containers: UInt64 = 0
  private var depth = 0
  private var next = Next.firstValue

  /// What the grammar wants next.
  private enum Next {
    case firstValue
    case first
    case following
    case valueOfName
    case nothing
  }

  /// An empty text with room for `capacity` bytes.
  public init(capacity: Int = 256) {
    bytes.reserveCapacity(capacity)
  }

  /// Starts an object.
  public mutating func beginObject() { begin(UInt8(ascii: "{"), isObject: true) }
  /// Ends the innermost object.
  public mutating func endObject() { end(UInt8(ascii: "}"), isObject: true) }
  /// Starts an array.
  public mutating func beginArray() { begin(UInt8(ascii: "["), isObject: false) }
  /// Ends the innermost array.
  public mutating func endArray() { end(UInt8(ascii: "]"), isObject: false) }

  /// Writes a member's name; its value is next.
  public mutating func name(_ name: StaticString) {
    let separates = next == .following
    let text = unsafe UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    guard unsafe JSONEscaping.isPlain(text) else { return self.name("\(name)" as String) }
    beforeName()
    // In one piece: most of what a short text costs to append is the same for one byte.
    unsafe withUnsafeTemporaryAllocation(byteCount: text.count + 4, alignment: 1) { piece in
      unsafe piece[0] = UInt8(ascii: ",")
      unsafe piece[1] = UInt8(ascii: "\"")
      unsafe piece[2...].copyBytes(from: text)
      unsafe piece[text.count + 2] = UInt8(ascii: "\"")
      unsafe piece[text.count + 3] = UInt8(ascii: ":")
      unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece[(separates ? 0 : 1)...]))
    }
  }

  /// Writes a member's name; its value is next.
  ///
  /// That no name comes twice is the caller's duty.
  @_disfavoredOverload  // A literal is a StaticString, which needs no copy.
  public mutating func name(_ name: String) {
    if next == .following { bytes.append(UInt8(ascii: ",")) }
    beforeName()
    JSONEscaping.append(name, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
  }

  /// Writes a string.
  public mutating func string(_ value: String) {
    beforeValue()
    JSONEscaping.append(value, to: &bytes)
  }

  /// Writes a string of UTF-8; what is not UTF-8 becomes U+FFFD.
  public mutating func string(utf8 value: some Sequence<UInt8>) {
    beforeValue()
    let isDone: Void? = value.withContiguousStorageIfAvailable { unsafe JSONEscaping.append($0, to: &bytes) }
    if isDone == nil {
      unsafe Array(value).withUnsafeBufferPointer { unsafe JSONEscaping.append($0, to: &bytes) }
    }
  }

  /// Writes a string of UTF-8; what is not UTF-8 becomes U+FFFD.
  ///
  /// Not generic: from another module the generic one finds the bytes through witness tables.
  public mutating func string(utf8 value: [UInt8]) {
    beforeValue()
    unsafe value.withUnsafeBufferPointer { unsafe JSONEscaping.append($0, to: &bytes) }
  }

  /// Writes a string of `count` bytes that `fill` puts at a place of the text, in ASCII that needs no escape.
  ///
  /// For what has one form and is written often, such as times: no array is made of it first. At most 32 bytes.
  public mutating func plainString(count: Int, _ fill: (_ text: inout [UInt8], _ place: Int) -> Void) {
    beforeValue()
    bytes.append(UInt8(ascii: "\""))
    let place = bytes.count
    let blank: StaticString = "                                "
    precondition(count <= blank.utf8CodeUnitCount, "a plain string has at most 32 bytes")
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: blank.utf8Start, count: count))
    fill(&bytes, place)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes an integer.
  public mutating func integer(_ value: Int64) {
    beforeValue()
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    var digits: InlineArray<20, UInt8> = .init(repeating: 0)
    var first = digits.count
    repeat {
      first -= 1
      digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    unsafe digits.span.extracting(first...).withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
  }

  /// Writes a number in the fewest digits that give it back; `null` for an infinite one or none.
  public mutating func double(_ value: Double) {
    beforeValue()
    bytes.append(contentsOf: value.isFinite ? value.description.utf8 : "null".utf8)
  }

  /// Writes `true` or `false`.
  public mutating func boolean(_ value: Bool) {
    beforeValue()
    bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
  }

  /// Writes `null`.
  public mutating func null() {
    beforeValue()
    bytes.append(contentsOf: "null".utf8)
  }

  /// Writes a whole value that is JSON already.
  public mutating func raw(_ value: JSONText) {
    beforeValue()
    bytes.append(contentsOf: value.bytes)
  }

  /// Writes a whole value that is JSON already and `append` appends to the text, of which it must leave the rest alone.
  public mutating func raw(_ append: (_ text: inout [UInt8]) -> Void) {
    beforeValue()
    append(&bytes)
  }
}

extension JSONWriter {
  private var isInObject: Bool { depth > 0 && containers & 1 == 1 }

  private mutating func begin(_ bracket: UInt8, isObject: Bool) {
    beforeValue()
    precondition(depth < 64, "at most 64 arrays and objects may be open at once")
    containers = containers << 1 | (isObject ? 1 : 0)
    depth += 1
    next = .first
    bytes.append(bracket)
  }

  private mutating func end(_ bracket: UInt8, isObject: Bool) {
    precondition(depth > 0 && isInObject == isObject, "the end of what is not open")
    precondition(next != .valueOfName, "a name without its value")
    containers >>= 1
    depth -= 1
    next = depth == 0 ? .nothing : .following
    bytes.append(bracket)
  }

  private mutating func beforeName() {
    precondition(isInObject && next != .valueOfName, "a name stands in an object, before its value")
    next = .valueOfName
  }

  private mutating func beforeValue() {
    switch next {
    case .firstValue: next = .nothing
    case .first, .following:
      precondition(!isInObject, "a value in an object needs a name")
      if next == .following { bytes.append(UInt8(ascii: ",")) }
      next = .following
    case .valueOfName: next = .following
    case .nothing: preconditionFailure("a text is one value")
    }
  }
}
