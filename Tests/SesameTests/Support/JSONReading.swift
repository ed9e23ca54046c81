import JSON

/// Bytes read as JSON, if they are.
struct JSONReading {
  let root: JSONValue?

  init(_ bytes: [UInt8]) { root = try? JSONDocument(parsing: bytes, limits: .widest).root }

  /// A line of a log, or of an output for programs.
  init(_ line: String) { self.init(Array(line.utf8)) }

  /// A member; `nil` if there is none, or the bytes are no JSON.
  subscript(_ name: StaticString) -> JSONValue? { root?[name] }
}
