import Cryptography

/// A place in a list that is ordered by numbers, as opaque text, good for the list that it was made in.
enum NumberCursor {
  /// Which list, and in which order.
  enum List: UInt8 {
    case accounts = 0x10
    case accountsDescending = 0x11
    case keys = 0x20
  }

  static func text(_ number: Int64, in list: List) -> String {
    let bits = UInt64(bitPattern: number)
    let bytes = stride(from: 56 as UInt64, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> $0) }
    return String(decoding: Base64URL.encode([list.rawValue] + bytes), as: UTF8.self)
  }

  /// The number; `nil` for what is not a cursor of that list.
  static func read(_ text: String, in list: List) -> Int64? {
    guard let bytes = Base64URL.decode(Array(text.utf8)), bytes.count == 9, bytes[0] == list.rawValue else {
      return nil
    }
    return Int64(bitPattern: bytes[1...].reduce(0) { $0 << 8 | UInt64($1) })
  }
}
