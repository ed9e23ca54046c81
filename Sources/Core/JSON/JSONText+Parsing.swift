extension JSONText {
  /// Reads a text and keeps it minified; as strict as ``JSONDocument``.
  public init(parsing text: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
    self = try JSONDocument(parsing: text, limits: limits).root.text
  }

  /// The JSON string of a text, escaped where needed.
  public init(string: String) {
    var writer = JSONWriter(capacity: string.utf8.count + 2)
    writer.string(string)
    self.init(uncheckedMinified: writer.bytes)
  }

  /// The text as a document, read again; throws only if the text was never valid.
  public func document() throws(JSONError) -> JSONDocument {
    try JSONDocument(parsing: bytes, limits: .widest)
  }
}
