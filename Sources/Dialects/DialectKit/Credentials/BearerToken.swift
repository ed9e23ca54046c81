/// The token in an Authorization field of the Bearer scheme (RFC 6750 section 2.1).
public enum BearerToken {
  /// Where the token begins in a field's value; `nil` if it is another scheme or malformed.
  ///
  /// The scheme in any letter case, spaces, and then visible characters only, to the end.
  public static func start(in value: some RandomAccessCollection<UInt8>) -> Int? {
    let scheme: StaticString = "bearer "
    guard value.count > scheme.utf8CodeUnitCount else { return nil }
    var position = 0
    for byte in value {
      if position < scheme.utf8CodeUnitCount {
        guard unsafe lowercased(byte) == scheme.utf8Start[position] else { return nil }
        position += 1
      } else if byte == 0x20 {
        position += 1
      } else {
        break
      }
    }
    let token = value.dropFirst(position)
    return token.isEmpty || !token.allSatisfy { (0x21...0x7E).contains($0) } ? nil : position
  }
}
