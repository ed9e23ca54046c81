/// A request method (RFC 9110 section 9).
///
/// Methods are case-sensitive; whatever is not listed is ``other``.
public enum HTTPMethod: String, Sendable, CaseIterable {
  /// Reads.
  case get = "GET"
  /// Reads, and answers the head alone.
  case head = "HEAD"
  /// Does what the resource says.
  case post = "POST"
  /// Replaces.
  case put = "PUT"
  /// Changes in part.
  case patch = "PATCH"
  /// Removes.
  case delete = "DELETE"
  /// Asks what is allowed.
  case options = "OPTIONS"
  /// Any other method; never allowed anywhere.
  case other = "other"
}
