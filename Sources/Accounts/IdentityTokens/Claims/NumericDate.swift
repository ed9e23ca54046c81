import JSON
import SessionCore

/// A point in time as tokens have it: seconds since 1970, with or without a fraction (RFC 7519 section 2).
enum NumericDate {
  /// The time that a claim says, to the millisecond below.
  ///
  /// `nil` for anything but a number from the year 1 to the year 9999: no number that a token holds can overflow.
  static func time(_ claim: JSONValue) -> Timestamp? {
    guard let seconds = claim.double else { return nil }
    let milliseconds = (seconds * 1000).rounded(.down)
    guard let whole = Int64(exactly: milliseconds), whole >= Timestamp.earliest.milliseconds,
      whole <= Timestamp.latest.milliseconds
    else { return nil }
    return Timestamp(milliseconds: whole)
  }

  /// The time that a claim says, if it is there.
  static func time(ifPresent claim: JSONValue?) throws(TokenRefusal) -> Timestamp? {
    guard let claim else { return nil }
    guard let time = time(claim) else { throw .claims }
    return time
  }

  /// The time that a claim says, which must be there.
  static func required(_ claim: JSONValue?) throws(TokenRefusal) -> Timestamp {
    guard let time = try time(ifPresent: claim) else { throw .claims }
    return time
  }
}
