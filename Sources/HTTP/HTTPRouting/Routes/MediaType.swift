/// The media type of a body (RFC 9110 section 8.3.1), as far as reading JSON needs it.
enum MediaType {
  /// Whether a Content-Type is one of `types`, in any letter case, with no parameter but `charset=utf-8`.
  ///
  /// JSON is UTF-8 (RFC 8259 section 8.1): another charset would be read as something that was not meant.
  static func isOne(of types: [String], _ contentType: [UInt8]) -> Bool {
    // As almost every client writes it.
    if types.contains(where: { isEqual(contentType[...], $0) }) { return true }
    let parts = contentType.split(separator: 0x3B, omittingEmptySubsequences: false).map(trimmed)
    guard let essence = parts.first, types.contains(where: { isEqual(essence, $0) }) else { return false }
    return parts.dropFirst().allSatisfy { part in
      part.isEmpty || isEqual(part, "charset=utf-8") || isEqual(part, "charset=\"utf-8\"")
    }
  }

  private static func isEqual(_ bytes: ArraySlice<UInt8>, _ text: String) -> Bool {
    bytes.count == text.utf8.count && zip(bytes, text.utf8).allSatisfy { ($0 &- 0x41 < 26 ? $0 | 0x20 : $0) == $1 }
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    var rest = bytes.drop(while: isSpace)
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return rest
  }
}
