/// A JSON text that was read and found to be strictly RFC 8259.
///
/// Refused are, besides what the grammar refuses: a name twice in one object (compared as decoded bytes), text that is
/// not UTF-8, a byte order mark, half surrogate pairs, integers beyond 64 bits, numbers beyond the range of a double,
/// and what goes beyond the limits.
public struct JSONDocument: Sendable {
  let storage: JSONStorage

  /// Reads a text.
  public init(parsing text: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
    storage = unsafe try text.withUnsafeBufferPointer { (bytes) throws(JSONError) in
      unsafe try JSONStorage.parse(UnsafeRawBufferPointer(bytes), limits: limits)
    }
  }

  /// Reads a text, whose memory is not looked at again afterwards.
  public init(parsing text: UnsafeRawBufferPointer, limits: JSONLimits = JSONLimits()) throws(JSONError) {
    storage = unsafe try JSONStorage.parse(text, limits: limits)
  }

  /// The value that the text is.
  public var root: JSONValue { JSONValue(storage: storage, index: 0) }
}
