public import HTTPMessages

/// The id of one request: the caller's own `X-Request-Id` if it can be one, else one that was made.
///
/// Kept as numbers, so that the fast path copies it into the answer without making a string of it.
public struct RequestID: ~Copyable, Sendable {
  /// The index of the caller's field; `-1` if the id was made.
  let fieldIndex: Int
  let high: UInt64
  let low: UInt64

  /// The length of an id that was made.
  public static let madeLength = 32
  /// The greatest length of an id that is taken over.
  static let longest = 128

  /// The id of a request in the server's buffers.
  init(of request: borrowing HTTPRequestView, from source: RequestIDSource) {
    let (count, last) = request.find("x-request-id")
    if count == 1, unsafe Self.isFit(request.fieldValue(last)) {
      self.init(fieldIndex: last, high: 0, low: 0)
    } else {
      let (high, low) = source.next()
      self.init(fieldIndex: -1, high: high, low: low)
    }
  }

  private init(fieldIndex: Int, high: UInt64, low: UInt64) {
    self.fieldIndex = fieldIndex
    self.high = high
    self.low = low
  }

  /// The id as text; `request` is the one that it belongs to.
  public func text(of request: borrowing HTTPRequestView) -> String {
    fieldIndex >= 0
      ? unsafe String(decoding: request.fieldValue(fieldIndex), as: UTF8.self) : Self.text(high: high, low: low)
  }

  /// Whether the id was made here: ``madeLength`` hexadecimal digits.
  public var isMade: Bool { fieldIndex < 0 }

  /// Writes the line `X-Request-Id: …`; `request` is the one that it belongs to.
  public func write(of request: borrowing HTTPRequestView, into response: inout HTTPResponseBuffer) {
    response.addField("X-Request-Id: ")
    if fieldIndex >= 0 {
      unsafe response.appendHead(request.fieldValue(fieldIndex))
    } else {
      unsafe withMadeText { text in unsafe response.appendHead(text) }
    }
    response.addField("\r\n")
  }

  /// Calls `body` with the digits of an id that was made, without a string.
  public func withMadeText(_ body: (UnsafeRawBufferPointer) -> Void) {
    var digits: InlineArray<32, UInt8> = .init(repeating: 0)
    for index in 0..<16 {
      digits[15 - index] = Self.digit(high >> UInt64(index * 4))
      digits[31 - index] = Self.digit(low >> UInt64(index * 4))
    }
    unsafe digits.span.withUnsafeBytes { bytes in unsafe body(bytes) }
  }

  /// Whether a caller's id may stand in an answer and a log line: 1 to 128 visible ASCII characters.
  static func isFit(_ value: some Collection<UInt8>) -> Bool {
    (1...longest).contains(value.count) && value.allSatisfy { (0x21...0x7E).contains($0) }
  }

  /// The text of an id that was made: 32 hexadecimal digits.
  static func text(high: UInt64, low: UInt64) -> String {
    var text = ""
    unsafe RequestID(fieldIndex: -1, high: high, low: low).withMadeText { digits in
      unsafe text = String(decoding: digits, as: UTF8.self)
    }
    return text
  }

  private static func digit(_ value: UInt64) -> UInt8 {
    let nibble = UInt8(truncatingIfNeeded: value & 15)
    return nibble < 10 ? 0x30 + nibble : 0x57 + nibble
  }
}
