/// Which of a Cluster's 16,384 parts a key belongs to.
///
/// Of a key such as "user:{1000}:name" only what is between the first "{" and the next "}" counts, unless that is
/// empty (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags).
public enum HashSlot {
  /// How many there are.
  public static let count = 16_384

  /// The slot of a key, 0 up to `count` - 1.
  public static func of(_ key: [UInt8]) -> Int { Int(checksum(tag(of: key)) % UInt16(count)) }

  /// The slot of a key, 0 up to `count` - 1.
  public static func of(_ key: some StringProtocol) -> Int { of(Array(key.utf8)) }

  private static func tag(of key: [UInt8]) -> ArraySlice<UInt8> {
    guard let open = key.firstIndex(of: UInt8(ascii: "{")) else { return key[...] }
    let rest = key[(open + 1)...]
    guard let close = rest.firstIndex(of: UInt8(ascii: "}")), close > rest.startIndex else { return key[...] }
    return rest[..<close]
  }

  /// CRC-16/XMODEM: polynomial 0x1021, from 0, nothing reflected.
  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt16 {
    var sum: UInt16 = 0
    for byte in bytes { sum = sum << 8 ^ table[Int(UInt8(truncatingIfNeeded: sum >> 8) ^ byte)] }
    return sum
  }

  private static let table: [UInt16] = (0..<256).map { index in
    var sum = UInt16(index) << 8
    for _ in 0..<8 { sum = sum & 0x8000 == 0 ? sum << 1 : sum << 1 ^ 0x1021 }
    return sum
  }
}
