import Cryptography
import SessionCore

/// The order of a list under its name in the interface.
enum ListOrder: String, CaseIterable {
  case newest
  case oldest
  case recent
  case leastRecent = "least_recent"

  var order: SessionOrder {
    switch self {
    case .newest: .newest
    case .oldest: SessionOrder(.opened, isDescending: false)
    case .recent: SessionOrder(.requested, isDescending: true)
    case .leastRecent: SessionOrder(.requested, isDescending: false)
    }
  }

  /// What a cursor says of its order.
  fileprivate var mark: UInt8 { UInt8(truncatingIfNeeded: Self.allCases.firstIndex(of: self) ?? 0) }
}

/// A place in a list as opaque text, good for the order that it was made in.
enum PageCursor {
  private static let length = 25

  static func text(_ cursor: SessionCursor, in order: ListOrder) -> String {
    var bytes = [order.mark]
    for part in [UInt64(bitPattern: cursor.time.milliseconds), cursor.id.high, cursor.id.low] {
      for shift in stride(from: 56 as UInt64, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: part >> shift))
      }
    }
    return String(decoding: Base64URL.encode(bytes), as: UTF8.self)
  }

  /// The place; `nil` for what is not a cursor of that order.
  static func read(_ text: String, in order: ListOrder) -> SessionCursor? {
    guard let bytes = Base64URL.decode(Array(text.utf8)), bytes.count == length, bytes[0] == order.mark else {
      return nil
    }
    func part(_ index: Int) -> UInt64 {
      bytes[(1 + index * 8)..<(9 + index * 8)].reduce(0) { $0 << 8 | UInt64($1) }
    }
    let time = Timestamp(milliseconds: Int64(bitPattern: part(0)))
    guard time.milliseconds == Int64(bitPattern: part(0)) else { return nil }
    return SessionCursor(time: time, id: SessionID(high: part(1), low: part(2)))
  }
}
