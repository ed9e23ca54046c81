/// What the errors of a group's routes look like, for the API document.
public struct ProblemFormat: Sendable {
  /// A name among those of the document, in letters and digits.
  public let name: String
  /// The media type of the body.
  public let mediaType: String
  /// The body.
  public let schema: Schema

  /// A format from its parts.
  public init(name: String, mediaType: String, schema: Schema) {
    self.name = name
    self.mediaType = mediaType
    self.schema = schema
  }

  /// Problems of RFC 9457, as ``Problem/response(requestID:)`` writes them, and as the server refuses what never
  /// reaches a route.
  public static let standard = ProblemFormat(
    name: "Problem", mediaType: "application/problem+json",
    schema: .named(
      "Problem",
      .object(
        [
          .required("type", .string("A name for the kind of problem; \"about:blank\": the status says it.")),
          .required("title", .string("The status in words.")),
          .required("status", .integer("The status.", in: 400...599)),
          .required("detail", .string("A sentence about this very case.")),
          .required("code", .string("A stable name for programs to decide by, in snake_case.")),
          .optional("request_id", .string("The request's id, as in X-Request-Id and the server's log.")),
          .optional(
            "errors",
            .object([], unknownMembers: .ignored, "What is wrong with each member or parameter, by its name.")),
        ], unknownMembers: .ignored, "What went wrong (RFC 9457).")))
}
