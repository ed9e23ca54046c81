internal import SessionCore

/// What sessions have in common that one index keeps apart: a value of one member, and whether they are open.
struct SessionGroup: Hashable {
  /// The member.
  enum Member: Hashable {
    case any, user, kind, status, address, client
  }

  let member: Member
  let value: ExactText
  let isOpen: Bool

  /// The groups of a session, which are those of every member that it has.
  static func groups(of session: Session) -> [SessionGroup] {
    let isOpen = session.closeTime == nil
    var groups = [SessionGroup(member: .any, value: "", isOpen: isOpen)]
    groups.append(SessionGroup(member: .user, value: session.userID, isOpen: isOpen))
    if let kind = session.kind { groups.append(SessionGroup(member: .kind, value: kind, isOpen: isOpen)) }
    if let status = session.status { groups.append(SessionGroup(member: .status, value: status, isOpen: isOpen)) }
    if let address = session.address { groups.append(SessionGroup(member: .address, value: address, isOpen: isOpen)) }
    if let client = session.client { groups.append(SessionGroup(member: .client, value: client, isOpen: isOpen)) }
    return groups
  }

  /// The members and values that a filter asks for; any one of them holds every session that matches.
  static func choices(of filter: SessionFilter) -> [(member: Member, value: ExactText)] {
    var choices: [(member: Member, value: ExactText)] = []
    if let user = filter.userID { choices.append((.user, user)) }
    if let kind = filter.kind { choices.append((.kind, kind)) }
    if let status = filter.status { choices.append((.status, status)) }
    if let address = filter.address { choices.append((.address, address)) }
    if let client = filter.client { choices.append((.client, client)) }
    return choices.isEmpty ? [(.any, "")] : choices
  }
}

/// The sessions of one group in both orders.
struct OrderedSessions {
  var opened = SortedCursors()
  var requested = SortedCursors()

  subscript(key: SessionOrder.Key) -> SortedCursors {
    switch key {
    case .opened: opened
    case .requested: requested
    }
  }
}
