public import HTTPMessages

/// An answer that says what went wrong (RFC 9457), whatever shape a dialect gives it.
///
/// Everything in it but the cause is meant for the client's eyes: nothing else from inside belongs here.
public struct Problem: Error, Sendable {
  /// A stable name for programs, in snake_case.
  public struct Code: Sendable, Hashable, RawRepresentable {
    /// The name.
    public let rawValue: String

    /// A code by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The path leads nowhere, or the thing that it names does not exist.
    public static let notFound = Code(rawValue: "not_found")
    /// The path exists, the method does not.
    public static let methodNotAllowed = Code(rawValue: "method_not_allowed")
    /// The body is not in a format that is read here.
    public static let unsupportedMediaType = Code(rawValue: "unsupported_media_type")
    /// The body is not JSON.
    public static let malformedJSON = Code(rawValue: "malformed_json")
    /// A member or parameter is missing, unknown or out of bounds; the errors say which.
    public static let invalidRequest = Code(rawValue: "invalid_request")
  }

  /// The status.
  public var status: HTTPStatus
  /// The stable name.
  public var code: Code
  /// A sentence about this very case.
  public var detail: String
  /// What is wrong with each member.
  public var errors: [MemberError] = []
  /// Header fields to send along.
  public var fields: [HTTPField] = []
  /// What is below it, for the log alone.
  public var cause: String?

  /// A problem from its parts.
  public init(
    _ status: HTTPStatus, _ code: Code, _ detail: String, errors: [MemberError] = [], fields: [HTTPField] = []
  ) {
    self.status = status
    self.code = code
    self.detail = detail
    self.errors = errors
    self.fields = fields
  }

  /// 400, with what is wrong with each member.
  public static func invalid(_ errors: [MemberError], _ detail: String = "Some members are not as they must be.")
    -> Problem
  {
    Problem(.badRequest, .invalidRequest, detail, errors: errors)
  }

  /// 400, about one member.
  public static func invalid(_ member: String, _ reason: String) -> Problem {
    invalid([MemberError(member, reason)])
  }
}
