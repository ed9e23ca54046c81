/// What a caller asks for when it opens a session with a token of its own making.
public struct CarriedDraft: Sendable {
  /// Whose session: 1 to 255 bytes.
  public var userID: ExactText
  /// The token: 1 to ``SessionPolicy/carriedTokenLimit`` bytes.
  public var token: [UInt8]
  /// What is sealed for the session and comes back from ``Sessions/carriedText(of:)``, such as the token itself.
  public var text: [UInt8]
  /// When the session begins for its caller, which need not be now.
  public var openTime: Timestamp
  /// How long it lives from then on; it has no idle time beside that.
  public var lifetime: TimeSpan

  /// A draft from its parts.
  public init(userID: ExactText, token: [UInt8], text: [UInt8], openTime: Timestamp, lifetime: TimeSpan) {
    self.userID = userID
    self.token = token
    self.text = text
    self.openTime = openTime
    self.lifetime = lifetime
  }
}

extension SessionPolicy {
  /// The most bytes of a token that a caller brings along.
  public static let carriedTokenLimit = 4096

  /// What stands against opening a session from `draft`; `nil` if nothing does.
  public func refusal(of draft: CarriedDraft) -> OpenRefusal? {
    var session = SessionDraft(userID: draft.userID)
    session.lifetime = draft.lifetime
    if let refusal = refusal(of: session) { return refusal }
    guard !draft.token.isEmpty, draft.token.count <= Self.carriedTokenLimit else {
      return .invalid(member: "token", reason: "must have 1 to \(Self.carriedTokenLimit) bytes")
    }
    guard draft.text.count <= payloadLimit + Self.carriedTokenLimit else {
      return .invalid(member: "token", reason: "comes with more than can be kept")
    }
    return nil
  }
}
