import JSON

/// Why the policy does not admit something; a value, not an error.
public enum OpenRefusal: Sendable, Equatable {
  /// The user has as many live sessions as the policy allows.
  case limitReached(maximum: Int)
  /// A member of the draft is out of bounds: its name as in the HTTP interface, and a sentence for the caller.
  case invalid(member: String, reason: String)
}

extension SessionPolicy {
  /// The most bytes of a user id.
  public static let userIDLimit = 255
  /// The most bytes of `user_name`, `address`, `client`, `kind`, `status` and `login_method`, each.
  public static let textLimit = 1024
  /// The most bytes of `user_agent`.
  public static let userAgentLimit = 2048

  /// What stands against opening a session from `draft`; `nil` if nothing does.
  ///
  /// The number of live sessions is the store's to judge.
  public func refusal(of draft: SessionDraft) -> OpenRefusal? {
    if draft.userID.string.isEmpty { return .invalid(member: "user_id", reason: "must not be empty") }
    return Self.refusal(of: draft.userID, "user_id", limit: Self.userIDLimit)
      ?? refusal(of: SessionContents(draft))
      ?? Self.refusal(of: draft.address, "address")
      ?? Self.refusal(of: draft.client, "client")
      ?? Self.refusal(of: draft.userAgent, "user_agent", limit: Self.userAgentLimit)
      ?? Self.refusal(of: draft.loginMethod, "login_method")
      ?? Self.refusal(of: draft.idleTimeout, "idle_timeout", ceiling: idleTimeoutCeiling)
      ?? Self.refusal(of: draft.lifetime, "lifetime", ceiling: lifetimeCeiling)
  }

  /// What stands against a session holding `contents`; `nil` if nothing does.
  public func refusal(of contents: SessionContents) -> OpenRefusal? {
    Self.refusal(of: contents.userName, "user_name")
      ?? Self.refusal(of: contents.kind, "kind")
      ?? Self.refusal(of: contents.status, "status")
      ?? refusal(of: contents.user, "user")
      ?? refusal(of: contents.data, "data")
  }

  /// The idle time and lifetime of a session opened from an admitted draft.
  func limits(of draft: SessionDraft) -> (idleTimeout: TimeSpan, lifetime: TimeSpan) {
    (
      draft.idleTimeout ?? (draft.isRemembered ? rememberedIdleTimeout : idleTimeout),
      draft.lifetime ?? (draft.isRemembered ? rememberedLifetime : lifetime)
    )
  }

  private func refusal(of payload: JSONText?, _ member: String) -> OpenRefusal? {
    guard let payload, payload.bytes.count > payloadLimit else { return nil }
    return .invalid(member: member, reason: "must be at most \(payloadLimit) bytes of minified JSON")
  }

  private static func refusal(of text: ExactText?, _ member: String, limit: Int = textLimit) -> OpenRefusal? {
    guard let text else { return nil }
    if text.byteCount > limit { return .invalid(member: member, reason: "must be at most \(limit) bytes") }
    // PostgreSQL can't hold U+0000 in text; what is refused everywhere means the same everywhere.
    if text.string.utf8.contains(0) { return .invalid(member: member, reason: "must not contain U+0000") }
    return nil
  }

  private static func refusal(of span: TimeSpan?, _ member: String, ceiling: TimeSpan) -> OpenRefusal? {
    guard let span else { return nil }
    if span < .seconds(1) { return .invalid(member: member, reason: "must be at least 1 second") }
    if span > ceiling {
      return .invalid(member: member, reason: "must be at most \(ceiling.milliseconds / 1000) seconds")
    }
    return nil
  }
}
