internal import PostgreSQLDriver
internal import SessionCore

/// Texts as the server can hold them.
///
/// Its texts hold every character but U+0000. So U+0000 is kept as U+0001 U+0001, and U+0001 as U+0001 U+0002; all
/// other texts, which is all that people write, are kept as they are. The order of the bytes stays what it was.
enum StoredText {
  /// The bytes that are kept.
  static func encode(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(where: { $0 <= 1 }) else { return text }
    return text.flatMap { $0 > 1 ? [$0] : [1, $0 + 1] }
  }

  /// The bytes that were given; `nil` for what ``encode(_:)`` never made.
  static func decode(_ kept: [UInt8]) -> [UInt8]? {
    guard kept.contains(1) else { return kept }
    var text: [UInt8] = []
    var bytes = kept.makeIterator()
    while let byte = bytes.next() {
      guard byte == 1 else {
        text.append(byte)
        continue
      }
      guard let next = bytes.next(), next == 1 || next == 2 else { return nil }
      text.append(next - 1)
    }
    return text
  }
}

extension PostgreSQLStatement.Interpolation {
  /// A text of any characters, or NULL.
  mutating func appendInterpolation(text: String?) {
    appendInterpolation(utf8: text.map { StoredText.encode(Array($0.utf8)) })
  }

  /// A text of any characters, or NULL.
  mutating func appendInterpolation(_ text: ExactText?) { appendInterpolation(text: text?.string) }

  /// A session's id, or NULL.
  mutating func appendInterpolation(_ id: SessionID?) { appendInterpolation(utf8: id?.text) }

  /// A time, or NULL.
  mutating func appendInterpolation(_ time: Timestamp?) { appendInterpolation(time?.milliseconds) }
}

extension PostgreSQLRow {
  /// A text of any characters; `nil` for NULL.
  ///
  /// Throws `damage` for what was never written so.
  func anyText(_ column: Int32, or damage: StoreError) throws(StoreError) -> String? {
    guard let kept = bytes(column) else { return nil }
    guard let text = StoredText.decode(kept) else { throw damage }
    return String(decoding: text, as: UTF8.self)
  }

  /// As ``anyText(_:or:)``.
  func exactText(_ column: Int32, or damage: StoreError) throws(StoreError) -> ExactText? {
    try anyText(column, or: damage).map { ExactText($0) }
  }

  /// A session's id; `nil` for anything else.
  func sessionID(_ column: Int32) -> SessionID? { bytes(column).flatMap { SessionID($0) } }

  /// A time; `nil` for NULL.
  func time(_ column: Int32) -> Timestamp? { int(column).map(Timestamp.init(milliseconds:)) }
}
