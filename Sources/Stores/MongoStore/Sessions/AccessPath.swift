internal import SessionCore

/// A way to the sessions that a filter asks for: the index that leads there.
enum AccessPath: String, CaseIterable {
  case id, user, address, client, status, kind, opened, requested, deadline, closed

  /// The name of the index; commands name it, so that no plan depends on the server's guesses.
  var index: String { self == .id ? "_id_" : "session_by_\(rawValue)" }

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
    case .opened, .requested, .deadline, .closed: false
    default: true
    }
  }
}

/// Which part of the sessions a command is about; each part lies apart in every index.
enum SessionPart: Hashable {
  /// Those open in the collection.
  case open
  /// Those closed in the collection.
  case closed
  /// Those open in the collection, before their deadline.
  case live
  /// Those open in the collection, at or past their deadline.
  case expired

  /// The parts that together are what a filter's `isAlive` asks for, in the order in which a session can pass from one
  /// to another: who reads them in this order misses none that is there throughout, and may see one twice.
  static func parts(isAlive: Bool?) -> [SessionPart] {
    switch isAlive {
    case nil: [.open, .closed]
    case true?: [.live]
    case false?: [.expired, .closed]
    }
  }
}

/// One command of a search: a part of the sessions, and the way there; `nil` where the server is to find it.
struct SessionArm {
  let part: SessionPart
  let path: AccessPath?
}
