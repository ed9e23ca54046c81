extension SessionID {
  /// Reads 32 hexadecimal digits, or a UUID (RFC 9562): other texts of the same 128 bits.
  ///
  /// `nil` for anything else.
  ///
  /// For what was named so before it came here; it is never shown so.
  public init?(uuid text: some Collection<UInt8>) {
    let hasHyphens = text.count == 36
    guard hasHyphens || text.count == 32 else { return nil }
    var (high, low): (UInt64, UInt64) = (0, 0)
    for (place, byte) in text.enumerated() {
      if hasHyphens, place == 8 || place == 13 || place == 18 || place == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = Hexadecimal.value(of: byte) else { return nil }
      high = high << 4 | low >> 60
      low = low << 4 | UInt64(digit)
    }
    self.init(high: high, low: low)
  }
}
