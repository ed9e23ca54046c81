public import SessionCore

/// Why a call failed, by the names of the original's exceptions.
///
/// Says the same whatever stands behind an `unauthorized`: no session, one that has ended, another one's, or a wrong
/// cookie.
public struct SessionModelError: Error, Sendable {
  /// What kind of failure it is.
  @nonexhaustive
  public enum Code: String, Sendable {
    /// No session matches, or it has ended, or the cookie is not the one last issued, or its time is over. Status 401.
    case unauthorized
    /// More than one session matches, or the policy lets the user have no more of them. Status 409.
    ///
    /// As ids are unique, never two match: it comes from opening alone, where the policy's limit of live sessions
    /// refuses instead of making room.
    case conflict
    /// The store failed. Status 500.
    case internalServerError
    /// A parameter is empty, too long or has a U+0000 in it. Status 400.
    case badRequest
  }

  /// The kind of failure.
  public let code: Code
  /// A sentence that may be shown to a client.
  public let description: String
  /// What the store said, for the log.
  public let underlying: StoreError?

  init(_ code: Code, _ description: String, underlying: StoreError? = nil) {
    self.code = code
    self.description = description
    self.underlying = underlying
  }
}

extension SessionModelError: CustomStringConvertible {
  static let unauthorized = SessionModelError(.unauthorized, "No live session matches.")

  init(_ error: StoreError) {
    self.init(.internalServerError, "The store failed.", underlying: error)
  }

  /// A member that the core refuses, by the name that it has in this protocol.
  init(invalid member: String, _ reason: String) {
    let name =
      switch member {
      case "user_id": "unique_identifier"
      case "kind": "type"
      default: member
      }
    self.init(.badRequest, "\(name) \(reason).")
  }
}
