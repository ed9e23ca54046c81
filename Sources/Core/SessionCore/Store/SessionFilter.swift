/// Which sessions a list, a count or a closing is about: those that meet every condition that is not `nil`.
public struct SessionFilter: Sendable, Equatable {
  /// The session of that id.
  public var id: SessionID?
  /// Sessions of that user.
  public var userID: ExactText?
  /// Live sessions (`true`), or closed and expired ones (`false`).
  public var isAlive: Bool?
  /// Sessions of that kind.
  public var kind: ExactText?
  /// Sessions of that status.
  public var status: ExactText?
  /// Sessions of that address.
  public var address: ExactText?
  /// Sessions of that client program.
  public var client: ExactText?
  /// Sessions whose last request was at that time or later.
  public var requestedFrom: Timestamp?
  /// Sessions whose last request was before that time.
  public var requestedBefore: Timestamp?
  /// Sessions opened at that time or later.
  public var openedFrom: Timestamp?
  /// Sessions opened before that time.
  public var openedBefore: Timestamp?

  /// The filter that every session meets.
  public init() {}

  /// Whether `session` meets every condition at `now`.
  public func matches(_ session: Session, at now: Timestamp) -> Bool {
    if let id, session.id != id { return false }
    if let userID, session.userID != userID { return false }
    if let isAlive, session.isAlive(at: now) != isAlive { return false }
    if let kind, session.kind != kind { return false }
    if let status, session.status != status { return false }
    if let address, session.address != address { return false }
    if let client, session.client != client { return false }
    if let requestedFrom, session.requestTime < requestedFrom { return false }
    if let requestedBefore, session.requestTime >= requestedBefore { return false }
    if let openedFrom, session.openTime < openedFrom { return false }
    if let openedBefore, session.openTime >= openedBefore { return false }
    return true
  }
}
