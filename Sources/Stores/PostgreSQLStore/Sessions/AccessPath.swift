internal import PostgreSQLDriver
internal import SessionCore

/// A way to the sessions that a filter asks for: the index that leads there.
///
/// A statement can't name its index. But a condition that is wrapped up, as `(kind = $1) IS TRUE`, is one that no index
/// serves: what is left bare is the path. So no plan depends on statistics.
enum AccessPath: String, CaseIterable {
  case id, user, address, client, status, kind, opened, requested, deadline

  /// The paths by a member that the filter asks for, those that usually lead to the fewest first.
  static func members(of filter: SessionFilter) -> [AccessPath] {
    var paths: [AccessPath] = []
    if filter.userID != nil { paths.append(.user) }
    if filter.address != nil { paths.append(.address) }
    if filter.client != nil { paths.append(.client) }
    if filter.status != nil { paths.append(.status) }
    if filter.kind != nil { paths.append(.kind) }
    return paths
  }

  /// Whether it leads by the id or a value of one member.
  var isMember: Bool {
    switch self {
    case .opened, .requested, .deadline: false
    default: true
    }
  }

  /// Whether its index lies in the order of that time: those of members hold their sessions by open time.
  func isOrdered(by key: SessionOrder.Key) -> Bool {
    switch self {
    case .id, .deadline: false
    case .requested: key == .requested
    default: key == .opened
    }
  }
}

extension SessionFilter {
  /// The condition that a path serves, alone.
  func only(_ path: AccessPath) -> SessionFilter {
    var filter = SessionFilter()
    switch path {
    case .id: filter.id = id
    case .user: filter.userID = userID
    case .address: filter.address = address
    case .client: filter.client = client
    case .status: filter.status = status
    case .kind: filter.kind = kind
    case .opened: (filter.openedFrom, filter.openedBefore) = (openedFrom, openedBefore)
    case .requested: (filter.requestedFrom, filter.requestedBefore) = (requestedFrom, requestedBefore)
    case .deadline: break
    }
    return filter
  }
}

/// Which part of the sessions a statement is about; open and closed ones have indexes apart.
enum SessionPart: Hashable {
  /// Those open in the table.
  case open
  /// Those closed in the table.
  case closed
  /// Those open in the table, before their deadline.
  case live
  /// Those open in the table, at or past their deadline.
  case expired

  /// The parts that together are what a filter's `isAlive` asks for.
  static func parts(isAlive: Bool?) -> [SessionPart] {
    switch isAlive {
    case nil: [.open, .closed]
    case true?: [.live]
    case false?: [.closed, .expired]
    }
  }
}

/// One part of a search's statement: a part of the sessions, and the way there.
struct SessionArm {
  let part: SessionPart
  let path: AccessPath
}
