public import HTTPMessages

/// Reading the smallest JSON bodies in place, for the fast path.
public enum FastBody {
  /// Where the text of the only member lies, if the body is `{"name":"text"}` with or without white space, and the text
  /// is of visible ASCII characters without escapes.
  ///
  /// `nil` says nothing about the body: the strict parser must read it.
  public static func onlyText(_ name: StaticString, in body: UnsafeRawBufferPointer) -> Range<Int>? {
    var place = 0
    func skipSpace() {
      while place < body.count, unsafe [0x20, 0x09, 0x0A, 0x0D].contains(body[place]) { place += 1 }
    }
    func skip(_ byte: UInt8) -> Bool {
      skipSpace()
      guard place < body.count, unsafe body[place] == byte else { return false }
      place += 1
      return true
    }
    func text() -> Range<Int>? {
      guard skip(0x22) else { return nil }
      let start = place
      while place < body.count, unsafe body[place] != 0x22 {
        guard unsafe (0x21...0x7E).contains(body[place]), unsafe body[place] != 0x5C else { return nil }
        place += 1
      }
      guard place < body.count else { return nil }
      place += 1
      return start..<place - 1
    }
    guard skip(0x7B), let found = text(), found.count == name.utf8CodeUnitCount else { return nil }
    for index in 0..<found.count where unsafe body[found.lowerBound + index] != name.utf8Start[index] { return nil }
    guard skip(0x3A), let value = text(), skip(0x7D) else { return nil }
    skipSpace()
    return place == body.count ? value : nil
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
