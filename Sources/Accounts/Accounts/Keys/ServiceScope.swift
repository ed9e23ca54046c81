/// What a service key allows; the raw values are those of the interfaces.
public enum ServiceScope: String, Sendable, CaseIterable {
  /// Reading sessions, and verifying tokens.
  case sessionsRead = "sessions:read"
  /// Opening, changing, closing and removing sessions.
  case sessionsWrite = "sessions:write"
  /// Reading accounts.
  case accountsRead = "accounts:read"
  /// Creating, changing and deleting accounts.
  case accountsWrite = "accounts:write"
  /// Reading the event log.
  case eventsRead = "events:read"
  /// Everything, and making and revoking service keys.
  case admin = "admin"
}
