/// A parameter of a route's query.
public struct QueryParameter: Sendable {
  /// The name, in ASCII.
  public let name: String
  /// What its text may be, and a description for the API document.
  public let schema: Schema

  /// A parameter that may be left out.
  public init(_ name: String, _ schema: Schema) {
    self.name = name
    self.schema = schema
  }
}

/// A parameter of a route's path.
public struct PathParameter: Sendable {
  /// The name that stands in braces.
  public let name: String
  /// What its text may be, and a description for the API document.
  public let schema: Schema

  /// A parameter of the path, which is always there.
  public init(_ name: String, _ schema: Schema) {
    self.name = name
    self.schema = schema
  }
}

/// A header field that a route's handler reads.
///
/// It is there for the API document; the handler checks what it reads.
public struct FieldParameter: Sendable {
  /// The name.
  public let name: String
  /// What its value may be, and a description.
  public let schema: Schema

  /// A field that may be left out.
  public init(_ name: String, _ schema: Schema) {
    self.name = name
    self.schema = schema
  }
}
