/// What is wrong with one member of a body or one parameter.
public struct MemberError: Sendable, Equatable {
  /// Which: names joined by dots, indices in brackets.
  public let member: String
  /// Why, as the end of a sentence that begins with the member: "must be a string".
  public let reason: String

  /// An error from its parts.
  public init(_ member: String, _ reason: String) {
    self.member = member
    self.reason = reason
  }
}
