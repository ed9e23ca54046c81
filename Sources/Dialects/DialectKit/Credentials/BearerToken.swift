/// The token in an Authorization field of the Bearer scheme (RFC 6750 section 2.1).
public enum BearerToken {
  /// Where the token begins in a field's value; `nil` if it is another scheme or malformed.
  ///
  /// The scheme in any letter case, spaces, and then visible characters only, to the end. Not generic: a call from
  /// another module would go through witness tables byte by byte, which took ten times the rest of a verification.
  public static func start(in value: UnsafeRawBufferPointer) -> Int? {
    let scheme: StaticString = "bearer "
    guard value.count > scheme.utf8CodeUnitCount else { return nil }
    var position = 0
    while position < scheme.utf8CodeUnitCount {
      guard unsafe lowercased(value[position]) == scheme.utf8Start[position] else { return nil }
      position += 1
    }
    while position < value.count, unsafe value[position] == 0x20 { position += 1 }
    guard position < value.count else { return nil }
    // Without a branch inside, so that it runs on many bytes at once.
    var unfit: UInt8 = 0
    for index in position..<value.count { unfit |= unsafe value[index] &- 0x21 > 0x5D ? 1 : 0 }
    return unfit == 0 ? position : nil
  }
}
