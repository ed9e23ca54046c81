/// The order of a list.
///
/// Sessions of the same time are ordered by id, in the same direction.
public struct SessionOrder: Sendable, Hashable {
  /// Which time is compared.
  public enum Key: String, Sendable, CaseIterable {
    /// The open time, which changes only where a caller's own token opens a session again whose former life has ended.
    case opened
    /// The time of the last request.
    case requested
  }

  /// Which time is compared.
  public var key: Key
  /// Whether the newest come first.
  public var isDescending: Bool

  /// An order from its parts.
  public init(_ key: Key, isDescending: Bool) {
    self.key = key
    self.isDescending = isDescending
  }

  /// Newest opened first.
  public static let newest = SessionOrder(.opened, isDescending: true)

  /// The time of `session` that this order compares.
  public func time(of session: Session) -> Timestamp {
    switch key {
    case .opened: session.openTime
    case .requested: session.requestTime
    }
  }

  /// Whether `left` comes before `right`.
  public func precedes(_ left: SessionCursor, _ right: SessionCursor) -> Bool {
    isDescending ? (right.time, right.id) < (left.time, left.id) : (left.time, left.id) < (right.time, right.id)
  }
}

/// A place in a list: the time and id of the last session before it.
public struct SessionCursor: Sendable, Hashable {
  /// The time, by the order's key.
  public var time: Timestamp
  /// The id.
  public var id: SessionID

  /// A cursor from its parts.
  public init(time: Timestamp, id: SessionID) {
    self.time = time
    self.id = id
  }
}

/// What a list is asked for.
public struct SessionQuery: Sendable, Equatable {
  /// Which sessions.
  public var filter: SessionFilter
  /// In which order.
  public var order: SessionOrder
  /// The place after which the page begins; `nil` for the first page.
  public var after: SessionCursor?
  /// How many to leave out from there; costs their reading.
  public var skip: Int
  /// How many at most, 1 or more.
  public var limit: Int
  /// Whether `user` and `data` come along.
  public var includesContents: Bool
  /// Whether all that match are counted, whatever the page.
  public var counts: Bool

  /// A query for the first `limit` sessions, newest first.
  public init(
    _ filter: SessionFilter = SessionFilter(), order: SessionOrder = .newest, after: SessionCursor? = nil,
    skip: Int = 0,
    limit: Int = 100, includesContents: Bool = false, counts: Bool = false
  ) {
    self.filter = filter
    self.order = order
    self.after = after
    self.skip = skip
    self.limit = limit
    self.includesContents = includesContents
    self.counts = counts
  }
}

/// One page of a list.
public struct SessionPage: Sendable, Equatable {
  /// The sessions, in order.
  public var sessions: [Session]
  /// Where the next page begins; `nil` if there are no more.
  public var next: SessionCursor?
  /// How many match in all, if that was asked.
  public var count: Int?

  /// A page from its parts.
  public init(sessions: [Session], next: SessionCursor?, count: Int?) {
    self.sessions = sessions
    self.next = next
    self.count = count
  }
}
