public import SessionCore

/// The number of an account: 1 and up, never given twice.
///
/// As decimal text it is the user id of the account's sessions.
public struct AccountID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The number.
  public let number: Int64

  /// An id of a number, which must be 1 or more.
  public init(_ number: Int64) {
    precondition(number >= 1, "account ids begin at 1")
    self.number = number
  }

  /// Reads the decimal text without signs, zeros in front or anything else; `nil` for whatever is no id.
  public init?(_ text: ExactText) {
    var number: Int64 = 0
    let digits = text.string.utf8
    guard let first = digits.first, first != 0x30 else { return nil }
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      let (product, isTooLarge) = number.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = product.addingReportingOverflow(Int64(digit - 0x30))
      guard !isTooLarge, !overflows else { return nil }
      number = sum
    }
    self.number = number
  }

  /// The user id of the account's sessions.
  public var userID: ExactText { ExactText(description) }

  /// The decimal text.
  public var description: String { String(number) }

  /// Whether `left` was given first.
  public static func < (left: AccountID, right: AccountID) -> Bool { left.number < right.number }
}
