/// What a JSON value, or the text of a parameter, may be: the one declaration behind checking a request and describing
/// it.
///
/// It says what the API document can say (JSON Schema as OpenAPI 3.1 uses it), so that the document and the server
/// can't differ.
public struct Schema: Sendable {
  /// The kind of value and its bounds.
  public indirect enum Shape: Sendable {
    /// Text of so many Unicode scalars, never with U+0000 unless its format is "password"; of the given values only,
    /// if there are any.
    case string(length: ClosedRange<Int>, format: String?, values: [String])
    /// A whole number within bounds; 2.0 is not one, and nothing is rounded.
    case integer(ClosedRange<Int64>)
    /// Any number.
    case number
    /// `true` or `false`.
    case boolean
    /// An array of values of one schema.
    case array(Schema)
    /// An object.
    case object([Member], unknownMembers: UnknownMembers)
    /// Any JSON value, `null` included.
    case any
    /// A value of one schema or another.
    case either([Schema])
    /// Another schema under a name, which the API document lists once and refers to.
    case named(String, Schema)
  }

  /// What becomes of members of an object that its schema does not list.
  public enum UnknownMembers: Sendable {
    /// They are errors.
    case refused
    /// They are passed over.
    case ignored
  }

  /// A member of an object.
  public struct Member: Sendable {
    /// The name.
    public let name: String
    /// The value's schema.
    public let schema: Schema
    /// Whether the object must have it.
    public let isRequired: Bool
  }

  /// The kind of value and its bounds.
  public var shape: Shape
  /// A sentence for the API document.
  public var description: String?
  /// Whether `null` may stand in its place.
  public var isNullable = false
  /// Whether an object must have a member, or an array an element.
  public var isNeverEmpty = false
  /// What the members of an object ask of each other.
  public var rules: [MemberRule] = []
  /// The form of a text as a regular expression (ECMA-262), for the API document alone: the handler reads the text.
  public var pattern: String?

  /// A schema of a shape.
  public init(_ shape: Shape, _ description: String? = nil) {
    self.shape = shape
    self.description = description
  }

  /// The same, or `null`.
  public var orNull: Schema {
    var schema = self
    schema.isNullable = true
    return schema
  }

  /// The same, but an object without members, or an array without elements, is refused.
  public var neverEmpty: Schema {
    var schema = self
    schema.isNeverEmpty = true
    return schema
  }

  /// The same with what its members ask of each other.
  public func ruled(_ rules: MemberRule...) -> Schema {
    var schema = self
    schema.rules = rules
    return schema
  }

  /// The same with the form that the handler asks for.
  public func like(_ pattern: String) -> Schema {
    var schema = self
    schema.pattern = pattern
    return schema
  }

  /// The same with another description.
  public func described(_ description: String) -> Schema {
    var schema = self
    schema.description = description
    return schema
  }
}

extension Schema {
  /// Text of a length in Unicode scalars; `format` is for the document, and is not checked here.
  public static func string(
    _ description: String? = nil, length: ClosedRange<Int> = 0...Int.max, format: String? = nil
  ) -> Schema {
    Schema(.string(length: length, format: format, values: []), description)
  }

  /// One of a few texts.
  public static func oneOf(_ values: [String], _ description: String? = nil) -> Schema {
    Schema(.string(length: 0...Int.max, format: nil, values: values), description)
  }

  /// A time of RFC 3339, as text; the handler reads it.
  public static func time(_ description: String? = nil) -> Schema {
    .string(description, format: "date-time")
  }

  /// A whole number within bounds.
  public static func integer(
    _ description: String? = nil, in bounds: ClosedRange<Int64> = Int64.min...Int64.max
  ) -> Schema {
    Schema(.integer(bounds), description)
  }

  /// Any number.
  public static func number(_ description: String? = nil) -> Schema { Schema(.number, description) }

  /// `true` or `false`.
  public static func boolean(_ description: String? = nil) -> Schema { Schema(.boolean, description) }

  /// An array of values of one schema.
  public static func array(of element: Schema, _ description: String? = nil) -> Schema {
    Schema(.array(element), description)
  }

  /// Any JSON value.
  public static func any(_ description: String? = nil) -> Schema { Schema(.any, description) }

  /// A value of one schema or another, such as a number or its digits as text.
  public static func either(_ choices: Schema..., description: String? = nil) -> Schema {
    Schema(.either(choices), description)
  }

  /// An object.
  public static func object(
    _ members: [Member], unknownMembers: UnknownMembers = .refused, _ description: String? = nil
  ) -> Schema {
    Schema(.object(members, unknownMembers: unknownMembers), description)
  }

  /// A schema that the API document lists once, under a name.
  public static func named(_ name: String, _ schema: Schema) -> Schema { Schema(.named(name, schema)) }
}

extension Schema.Member {
  /// A member that must be there.
  public static func required(_ name: String, _ schema: Schema) -> Schema.Member {
    Schema.Member(name: name, schema: schema, isRequired: true)
  }

  /// A member that may be left out.
  public static func optional(_ name: String, _ schema: Schema) -> Schema.Member {
    Schema.Member(name: name, schema: schema, isRequired: false)
  }
}
