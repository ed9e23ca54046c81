import HTTPMessages
import SessionCore

/// A revision as an entity tag (RFC 9110 section 8.8.3).
enum EntityTag {
  static func field(_ session: Session) -> HTTPField { field(session.revision) }
  static func field(_ revision: Int64) -> HTTPField { HTTPField("ETag", "\"\(revision)\"") }
}

/// The condition that If-Match puts on a change (RFC 9110 section 13.1.1).
struct IfMatch: Sendable {
  /// Whether any revision will do.
  let isAny: Bool
  private let tags: [[UInt8]]

  /// Reads all If-Match fields.
  ///
  /// - Returns: `nil` if there are none. What is not a strong tag matches nothing: a condition that can't be read must
  ///   not be taken for none.
  init?(_ request: HTTPRequest) {
    let values = request.fields.filter { $0.isNamed("if-match") }.map(\.value)
    guard !values.isEmpty else { return nil }
    isAny = values == [[0x2A]]
    // Our own tags hold digits only: a comma inside of a tag makes pieces that are none of them.
    tags = values.flatMap { $0.split(separator: 0x2C) }.map { piece in piece.filter { $0 != 0x20 && $0 != 0x09 } }
  }

  func isMet(by revision: Int64) -> Bool {
    isAny || tags.contains(Array("\"\(revision)\"".utf8))
  }
}
