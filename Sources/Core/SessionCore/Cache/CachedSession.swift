import JSON

/// A session as the cache holds it: immutable, shared by all who read it.
public final class CachedSession: Sendable {
  /// The session, with the request time it had when it was cached.
  public let session: Session
  /// The session as ready text, if the cache was given a renderer.
  public let rendering: SessionRendering?
  /// What it costs the cache, in bytes.
  let cost: Int

  init(_ session: Session, rendering: SessionRendering?) {
    self.session = session
    self.rendering = rendering
    cost = Self.overhead + session.heldBytes + (rendering?.bytes.count ?? 0)
  }

  /// The object, its place in the list and in the table, and what the allocator rounds up.
  private static let overhead = 512
}

/// What the cache knows of a token without waiting.
public enum CachedVerification: Sendable {
  /// Alive; the request counts. The deadline is the one that the request moved.
  case active(CachedSession, deadline: Timestamp)
  /// Not to be let in, and why: for operators and services, not for the caller who sent the token.
  case refused(RefusalReason, CloseReason?)
  /// Not in the cache: the store must be asked.
  case miss
}

extension Session {
  /// The bytes of its text and JSON.
  fileprivate var heldBytes: Int {
    var count = userID.byteCount + (user?.bytes.count ?? 0) + (data?.bytes.count ?? 0)
    count += (userName?.byteCount ?? 0) + (address?.byteCount ?? 0) + (client?.byteCount ?? 0)
    count += (userAgent?.byteCount ?? 0) + (kind?.byteCount ?? 0) + (status?.byteCount ?? 0)
    count += (loginMethod?.byteCount ?? 0) + (carried.map { $0.sealed.count + $0.digest.count + 64 } ?? 0)
    return count
  }
}
