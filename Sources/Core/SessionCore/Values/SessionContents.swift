public import JSON

/// The members of a session that may be changed after it is opened.
public struct SessionContents: Sendable, Equatable {
  /// A name to show.
  public var userName: ExactText?
  /// What the session is for.
  public var kind: ExactText?
  /// A status of the caller's own.
  public var status: ExactText?
  /// JSON about the user.
  public var user: JSONText?
  /// JSON of the session.
  public var data: JSONText?

  /// The contents of `session`.
  public init(_ session: Session) {
    userName = session.userName
    kind = session.kind
    status = session.status
    user = session.user
    data = session.data
  }

  init(_ draft: SessionDraft) {
    userName = draft.userName
    kind = draft.kind
    status = draft.status
    user = draft.user
    data = draft.data
  }

  /// `session` with these contents.
  func applied(to session: Session) -> Session {
    var session = session
    session.userName = userName
    session.kind = kind
    session.status = status
    session.user = user
    session.data = data
    return session
  }
}
