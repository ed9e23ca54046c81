public import HTTPMessages

/// Reading the smallest JSON bodies in place, for the fast path.
public enum FastBody {
  /// Where the text of the only member lies, if the body is `{"name":"text"}` with or without white space, and the text
  /// is of visible ASCII characters without escapes.
  ///
  /// `nil` says nothing about the body: the strict parser must read it.
  public static func onlyText(_ name: StaticString, in body: UnsafeRawBufferPointer) -> Range<Int>? {
    var reader = unsafe Reader(body)
    guard reader.skip(0x7B), let value = reader.member(named: name), reader.skip(0x7D), reader.isAtEnd else {
      return nil
    }
    return value
  }

  /// Where the texts of two members lie, if the body has these two and nothing else, in either order, as
  /// ``onlyText(_:in:)`` wants them.
  public static func texts(
    _ first: StaticString, _ second: StaticString, in body: UnsafeRawBufferPointer
  ) -> (first: Range<Int>, second: Range<Int>)? {
    var reader = unsafe Reader(body)
    guard reader.skip(0x7B) else { return nil }
    let start = reader
    if let one = reader.member(named: first) {
      guard reader.skip(0x2C), let other = reader.member(named: second), reader.skip(0x7D), reader.isAtEnd else {
        return nil
      }
      return (one, other)
    }
    reader = start
    guard let other = reader.member(named: second), reader.skip(0x2C), let one = reader.member(named: first),
      reader.skip(0x7D), reader.isAtEnd
    else { return nil }
    return (one, other)
  }

  @safe
  private struct Reader {
    private let body: UnsafeRawBufferPointer
    private var place = 0

    init(_ body: UnsafeRawBufferPointer) { unsafe self.body = body }

    private mutating func skipSpace() {
      while unsafe place < body.count && [0x20, 0x09, 0x0A, 0x0D].contains(body[place]) { place += 1 }
    }

    mutating func skip(_ byte: UInt8) -> Bool {
      skipSpace()
      guard unsafe place < body.count && body[place] == byte else { return false }
      place += 1
      return true
    }

    private mutating func text() -> Range<Int>? {
      guard skip(0x22) else { return nil }
      let start = place
      while unsafe place < body.count && body[place] != 0x22 {
        guard unsafe (0x21...0x7E).contains(body[place]), unsafe body[place] != 0x5C else { return nil }
        place += 1
      }
      guard unsafe place < body.count else { return nil }
      place += 1
      return start..<place - 1
    }

    mutating func member(named name: StaticString) -> Range<Int>? {
      guard let found = text(), found.count == name.utf8CodeUnitCount else { return nil }
      for index in 0..<found.count where unsafe body[found.lowerBound + index] != name.utf8Start[index] { return nil }
      return skip(0x3A) ? text() : nil
    }

    var isAtEnd: Bool {
      mutating get {
        skipSpace()
        return unsafe place == body.count
      }
    }
  }

  /// Whether a request's body is plainly JSON: one Content-Type, as almost every client writes it, and no content
  /// coding.
  public static func isJSON(_ request: borrowing HTTPRequestView) -> Bool {
    let (count, index) = request.find("content-type")
    guard count == 1, request.find("content-encoding").count == 0 else { return false }
    let value = unsafe request.fieldValue(index)
    return unsafe isEqual(value, "application/json") || isEqual(value, "application/json; charset=utf-8")
  }

  private static func isEqual(_ value: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
    guard value.count == text.utf8CodeUnitCount else { return false }
    for index in 0..<value.count where unsafe lowercased(value[index]) != text.utf8Start[index] {
      return false
    }
    return true
  }
}
