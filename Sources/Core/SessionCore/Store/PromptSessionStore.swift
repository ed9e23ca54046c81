/// A store that reads a session without a task of its caller's.
///
/// For a server's event loop, where a task for each read costs more than the read.
public protocol PromptSessionStore: SessionStore {
  /// Reads as ``SessionStore/session(_:)`` does, and tells `then` the outcome.
  ///
  /// `then` is called once, on any thread and maybe before this returns. It must not wait, and may call this again.
  func session(_ id: SessionID, then: @escaping @Sendable (Result<Session?, StoreError>) -> Void)
}
