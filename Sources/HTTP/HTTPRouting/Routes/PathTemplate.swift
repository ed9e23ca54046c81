/// The path of a route: literal segments, and segments in braces that stand for a parameter.
public struct PathTemplate: Sendable {
  enum Segment: Sendable {
    case literal([UInt8])
    case parameter(String)
  }

  /// The template as declared: "/v2/sessions/{id}".
  public let text: String
  let segments: [Segment]

  /// Reads a template; one that does not begin with "/" is a misuse and traps.
  public init(_ text: String) {
    precondition(text.utf8.first == 0x2F, "a path begins with a slash")
    self.text = text
    segments = text.utf8.dropFirst().split(separator: 0x2F, omittingEmptySubsequences: false).map { segment in
      segment.first == 0x7B && segment.last == 0x7D
        ? .parameter(String(decoding: segment.dropFirst().dropLast(), as: UTF8.self)) : .literal(Array(segment))
    }
  }

  /// The names of the parameters, in order.
  public var parameterNames: [String] {
    segments.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
  }

  /// The raw texts that stand where `path` has parameters; `nil` if it is another path.
  ///
  /// Literal segments are compared as bytes, without decoding them: one resource has one spelling.
  func match(_ path: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>]? {
    guard path.count == segments.count else { return nil }
    var parameters: [ArraySlice<UInt8>] = []
    for (segment, part) in zip(segments, path) {
      switch segment {
      case .literal(let literal): if !part.elementsEqual(literal) { return nil }
      case .parameter:
        if part.isEmpty { return nil }
        parameters.append(part)
      }
    }
    return parameters
  }
}
