internal import RedisDriver
public import SessionCore

/// The log is a stream whose entries have the ids "NUMBER-0". Numbers are about microseconds of the server's clock, so
/// that a server which has lost its last writes never gives a number again.
extension RedisStore: EventStore {
  private static let chunk = 1000

  private var log: RedisArgument { RedisArgument(layout.log.bytes + Array(":log".utf8)) }

  /// Adds entries at the end of the log, by one script.
  public func append(_ events: [Event]) async throws(StoreError) {
    try checkOpen()
    if events.isEmpty { return }
    let arguments = [RedisArgument(events.count)] + events.flatMap(EventFields.arguments)
    _ = try await write(scripts.append, at: layout.log, arguments, by: deadline())
  }

  /// Entries after `number`, oldest first; kinds are compared here.
  public func events(
    after number: Int64, kinds: Set<Event.Kind>?, limit: Int
  ) async throws(StoreError) -> EventPage {
    let deadline = deadline()
    try checkOpen()
    await sweep(by: deadline)
    let limit = max(1, limit)
    var toLookAt = EventPage.entriesLookedAt(for: limit, isFiltered: kinds != nil)
    var page = EventPage(entries: [], next: max(number, 0), hasMore: false)
    guard number < .max else { return EventPage(entries: [], next: number, hasMore: false) }
    while true {
      let wanted = min(Self.chunk, kinds == nil ? min(toLookAt, limit - page.entries.count) : toLookAt) + 1
      let answer = try await send(
        RedisCommand("XRANGE", key: log, "(\(page.next)-0", "+", "COUNT", RedisArgument(wanted)), by: deadline)
      guard let entries = answer.asArray else { throw .unreadable }
      for entry in entries {
        let logged = try EventFields.read(entry)
        guard toLookAt > 0, page.entries.count < limit else {
          page.hasMore = true
          return page
        }
        toLookAt -= 1
        page.next = logged.number
        if kinds?.contains(logged.event.kind) ?? true { page.entries.append(logged) }
      }
      if entries.count < wanted {
        if page.entries.isEmpty, page.next <= 0 { page.next = number }
        return page
      }
    }
  }

  /// The number of the newest entry.
  public func lastEventNumber() async throws(StoreError) -> Int64 {
    let deadline = deadline()
    try checkOpen()
    await sweep(by: deadline)
    let answer = try await send(RedisCommand("GET", key: lastNumberKey), by: deadline)
    if answer.isNull { return 0 }
    guard let number = answer.asInteger else { throw .unreadable }
    return number
  }

  private var lastNumberKey: RedisArgument { RedisArgument(layout.log.bytes + Array(":log:last".utf8)) }

  /// Removes the beginning of the log, a thousand entries at a time.
  public func purgeEvents(before time: Timestamp, limit: Int) async throws(StoreError) -> Int {
    let deadline = deadline()
    try checkOpen()
    var removed = 0
    while removed < limit {
      let wanted = min(Self.chunk, limit - removed)
      let answer = try await write(
        scripts.purgeEvents, at: layout.log, [RedisArgument(time), RedisArgument(wanted)], by: deadline)
      guard let parts = answer.asArray, parts.count == 2, let count = parts[1].asInteger else { throw .unreadable }
      removed += Int(clamping: count)
      if parts[0].asInteger == 1 { break }
    }
    return removed
  }

  private var cursors: RedisArgument { RedisArgument(layout.log.bytes + Array(":followers".utf8)) }

  /// How far a named follower has got.
  public func eventCursor(of follower: String) async throws(StoreError) -> Int64? {
    let answer = try await send(RedisCommand("HGET", key: cursors, RedisArgument(follower)), by: deadline())
    if answer.isNull { return nil }
    guard let number = answer.asInteger else { throw .unreadable }
    return number
  }

  /// Notes how far a named follower has got.
  public func setEventCursor(_ number: Int64, of follower: String) async throws(StoreError) {
    _ = try await write(
      RedisCommand("HSET", key: cursors, RedisArgument(follower), RedisArgument(number)), by: deadline())
  }
}
