internal import MongoDriver
internal import SessionCore

/// The sessions as a transaction sees them.
extension WriteBatch {
  /// Reads what the jobs need, with one query for each sort of need.
  func load(_ jobs: ArraySlice<WriteJob>) throws(StoreError) {
    let ids = Set(jobs.flatMap(\.needs.sessions))
    if !ids.isEmpty { try load(ids) }
    let users = Set(jobs.compactMap(\.needs.openSessions))
    if !users.isEmpty { try load(openOf: users) }
  }

  /// Reads the open sessions of users, whether or not their time is up.
  ///
  /// A user with a damaged one is left out, so that nobody else's job fails for it.
  private func load(openOf users: Set<ExactText>) throws(StoreError) {
    let found = try fetch([
      "find": .string(SessionDocument.collection),
      "filter": [
        "user_id": ["$in": .array(users.map { .string($0.string) })], "is_open": true,
      ],
      "projection": SessionDocument.withoutContents, "hint": .string(AccessPath.user.index), "batchSize": 1000,
    ])
    for user in users { state.open[user] = [] }
    var damaged: Set<ExactText> = []
    for document in found {
      guard let session = try? SessionDocument.read(document) else {
        if let user = document["user_id"]?.text { damaged.insert(ExactText(user)) }
        continue
      }
      see([session], isWhole: false)
      state.open[session.userID]?.insert(session.id)
    }
    for user in damaged { state.open[user] = nil }
  }

  /// Reads sessions, those that are missing, too.
  private func load(_ ids: Set<SessionID>) throws(StoreError) {
    for id in ids { state.sessions[id] = Entry(session: nil, isWhole: true, isStored: false) }
    let command: BSONDocument = [
      "find": .string(SessionDocument.collection),
      "filter": ["_id": ["$in": .array(ids.map { .utf8($0.text) })]], "batchSize": 1000,
    ]
    for document in try fetch(command) {
      // A damaged session is no reason to refuse what is about another one: who asks for it hears of it.
      guard let session = try? SessionDocument.read(document) else {
        if let id = document["_id"]?.text.flatMap({ SessionID($0) }) { state.sessions[id] = nil }
        continue
      }
      state.sessions[session.id] = Entry(session: session, isWhole: true, isStored: true)
    }
  }

  /// The session with all it has, or `nil`.
  func session(_ id: SessionID) throws(StoreError) -> Session? {
    if let entry = state.sessions[id], entry.isWhole { return entry.session }
    let found = try find([
      "find": .string(SessionDocument.collection), "filter": ["_id": .utf8(id.text)], "limit": 1,
    ])
    let session = try found.first.map { (document) throws(StoreError) in try SessionDocument.read(document) }
    state.sessions[id] = Entry(session: session, isWhole: true, isStored: session != nil)
    return session
  }

  /// The open sessions of a user, whether or not their time is up, perhaps without `user`, `data` and `carried`; the
  /// first to be evicted first.
  func open(of user: ExactText, _ overflow: LiveSessionLimit.Overflow) throws(StoreError) -> [Session] {
    if state.open[user] == nil {
      try flush()
      try load(openOf: [user])
    }
    guard let open = state.open[user] else { throw SessionDocument.damaged }
    let order = SessionOrder(overflow == .evictLeastRecent ? .requested : .opened, isDescending: false)
    return open.compactMap { id in
      state.sessions[id]?.session.flatMap { $0.userID == user && $0.closeTime == nil ? $0 : nil }
    }
    .sorted {
      order.precedes(
        SessionCursor(time: order.time(of: $0), id: $0.id), SessionCursor(time: order.time(of: $1), id: $1.id))
    }
  }

  /// Takes note of sessions that a query of this transaction has found.
  func see(_ sessions: [Session], isWhole: Bool) {
    for session in sessions where state.sessions[session.id] == nil {
      state.sessions[session.id] = Entry(session: session, isWhole: isWhole, isStored: true)
    }
  }

  /// Puts a session in its place, whole.
  func put(_ session: Session, now: Timestamp) {
    change(session.id) { entry in
      entry.session = session
      entry.isWhole = true
      entry.expires = expiry(session.closeTime == nil ? session.deadline : now, now: now)
    }
    if session.closeTime == nil { state.open[session.userID]?.insert(session.id) }
  }

  /// Takes a session out.
  func remove(_ id: SessionID) {
    change(id) { entry in
      entry.session = nil
      entry.isWhole = true
    }
  }

  private func change(_ id: SessionID, _ body: (inout Entry) -> Void) {
    var entry = state.sessions[id] ?? Entry(session: nil, isWhole: true, isStored: false)
    if !entry.isChanged { state.changed.append(id) }
    entry.isChanged = true
    body(&entry)
    state.sessions[id] = entry
  }

  /// Turns the changes of sessions into writes.
  func flushSessions() {
    var updates: [Write] = []
    for id in state.changed {
      guard var entry = state.sessions[id], entry.isChanged else { continue }
      if let write = write(of: id, entry) {
        // Of one kind together: they are about different sessions, so that their order is nobody's affair.
        if write.kind == .insert { state.writes.append(write) } else { updates.append(write) }
      }
      entry.isChanged = false
      entry.isStored = entry.session != nil
      state.sessions[id] = entry
    }
    state.changed = []
    state.writes += updates.filter { $0.kind == .update } + updates.filter { $0.kind == .delete }
  }

  private func write(of id: SessionID, _ entry: Entry) -> Write? {
    let place: BSONValue = ["_id": .utf8(id.text)]
    guard let session = entry.session else {
      guard entry.isStored else { return nil }
      return Write(
        collection: SessionDocument.collection, kind: .delete, statement: ["q": place, "limit": 1])
    }
    let document = SessionDocument.write(session, expires: entry.expires)
    guard entry.isStored else {
      return Write(collection: SessionDocument.collection, kind: .insert, statement: document)
    }
    return Write(
      collection: SessionDocument.collection, kind: .update, statement: ["q": place, "u": .document(document)])
  }
}
