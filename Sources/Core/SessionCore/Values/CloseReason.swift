/// Why a session ended.
public enum CloseReason: String, Sendable, CaseIterable {
  /// The user logged out.
  case logout
  /// A service or an administrator closed it.
  case revoked
  /// No request came for the idle time.
  case idle
  /// Its whole time was up.
  case lifetime
  /// The user opened more sessions than the policy lets live.
  case evicted
  /// A token came back that had been renewed already: it was stolen or replayed.
  case reuse
  /// Its account was deactivated, deleted, or got a new password.
  case account
}
