internal import MongoDriver
public import SessionCore

extension MongoStore: EventStore {
  /// Adds entries at the end of the log, in one transaction.
  public func append(_ events: [Event]) async throws(StoreError) {
    var needs = WriteJob.Needs()
    needs.events = events.count
    needs.weight = max(1, events.count)
    try await write(needs) { (batch) throws(StoreError) in batch.record(events) }
  }

  /// Entries after `number`, oldest first, by one command.
  ///
  /// Kinds are compared as the log is read, at most ten entries for each one wanted, and no fewer than a thousand; at
  /// most 10,000 entries are read for a page.
  public func events(
    after number: Int64, kinds: Set<Event.Kind>?, limit: Int
  ) async throws(StoreError) -> EventPage {
    try await read { (reader) throws(StoreError) in
      let limit = min(max(1, limit), 10_000)
      let toLookAt = min(EventPage.entriesLookedAt(for: limit, isFiltered: kinds != nil), 10_000)
      let found = try reader.documents([
        "find": .string(EventDocument.collection), "filter": ["_id": ["$gt": .int64(number)]], "sort": ["_id": 1],
        "limit": .int64(Int64(toLookAt) + 1), "batchSize": 1000,
      ])
      var page = EventPage(entries: [], next: number, hasMore: found.count > toLookAt)
      for document in found.prefix(toLookAt) {
        guard page.entries.count < limit else {
          page.hasMore = true
          break
        }
        let head = try EventDocument.head(document)
        page.next = head.number
        if kinds?.contains(head.kind) ?? true { page.entries.append(try EventDocument.read(document)) }
      }
      return page
    }
  }

  /// The number of the newest entry, by one look-up.
  public func lastEventNumber() async throws(StoreError) -> Int64 {
    try await find { (reader) throws(StoreError) in
      let last = try reader.documents([
        "find": .string(EventDocument.collection), "filter": [:], "sort": ["_id": -1], "projection": ["_id": 1],
        "limit": 1,
      ])
      return last.first?["_id"]?.int ?? 0
    }
  }

  /// Removes the beginning of the log.
  public func purgeEvents(before time: Timestamp, limit: Int) async throws(StoreError) -> Int {
    guard limit > 0 else { return 0 }
    var needs = WriteJob.Needs()
    needs.weight = min(limit, 10_000)
    needs.events = 0
    return try await write(needs) { (batch) throws(StoreError) in
      try batch.purgeEvents(before: time, limit: min(limit, 10_000))
    }
  }

  /// How far a named follower has got.
  public func eventCursor(of follower: String) async throws(StoreError) -> Int64? {
    try await find { (reader) throws(StoreError) in
      let found = try reader.documents([
        "find": .string(EventDocument.places), "filter": ["_id": .document(EventDocument.place(of: follower))],
        "limit": 1,
      ])
      return found.first?["number"]?.int
    }
  }

  /// Notes how far a named follower has got.
  public func setEventCursor(_ number: Int64, of follower: String) async throws(StoreError) {
    try await set { (reader, call) throws(StoreError) in
      _ = try reader.write(
        [
          "update": .string(EventDocument.places),
          "updates": [
            [
              "q": ["_id": .document(EventDocument.place(of: follower))], "u": ["$set": ["number": .int64(number)]],
              "upsert": true,
            ]
          ],
          "writeConcern": ["w": "majority"],
        ], for: call)
    }
  }
}

extension EventDocument {
  /// The `_id` of a follower's place in the log.
  fileprivate static func place(of follower: String) -> BSONDocument { ["follower": .string(follower)] }
}

extension WriteBatch {
  func purgeEvents(before time: Timestamp, limit: Int) throws(StoreError) -> Int {
    let found = try find([
      "find": .string(EventDocument.collection), "filter": [:], "sort": ["_id": 1], "projection": ["time": 1],
      "limit": .int64(Int64(limit) + 1), "batchSize": 1000,
    ])
    // The last of all always stays: if it is among these, it is the last of these.
    let early = found.dropLast().prefix(limit).prefix { ($0["time"]?.date).map { $0 < time.milliseconds } ?? false }
    guard let last = early.last?["_id"] else { return 0 }
    delete(["_id": ["$lte": last]], from: EventDocument.collection, all: true)
    return early.count
  }
}
