/// Where an issuer's documents are fetched from.
public protocol DocumentSource: Sendable {
  /// The body that a GET of that address answers with status 200.
  ///
  /// Must end by itself within seconds and bound what it reads: an issuer can hang, drip, redirect and send without
  /// end. Anything but a 200 is a failure.
  func document(at address: String) async throws(DocumentFailure) -> [UInt8]
}

/// Why a document can't be had.
public struct DocumentFailure: Error, Sendable, CustomStringConvertible {
  /// A sentence for the log.
  public let description: String

  /// A failure with its sentence.
  public init(_ description: String) { self.description = description }
}
