/// Why a server did not start; a sentence that says what to do.
public struct StartError: Error, Sendable, CustomStringConvertible {
  /// The sentence.
  public let description: String
  /// What is below it, for the log.
  public let underlying: (any Error)?

  init(_ description: String, underlying: (any Error)? = nil) {
    self.description = description
    self.underlying = underlying
  }
}
