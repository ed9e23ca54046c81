import SQLiteDriver
import SessionCore
import SessionTesting
import Testing

@testable import SQLiteStore

@Suite("The event log in SQLite") struct SQLiteEventTests {
  private let folder: TemporaryFolder
  private let path: String
  private let now = Timestamp(milliseconds: 1_700_000_000_000)
  private let actor = Actor(.service, name: "back office", address: "192.0.2.7", requestID: "r-1")

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file()
  }

  private func session(_ number: UInt64, user: ExactText = "anna") -> Session {
    Session(
      id: SessionID(high: number, low: number), userID: user, openTime: now, idleTimeout: .hours(1), lifetime: .days(1))
  }

  private func log(of store: SQLiteStore) async throws -> [LoggedEvent] {
    try await store.events(after: 0, kinds: nil, limit: 1000).entries
  }

  @Test("entries and cursors are there after closing and opening again, and numbers go on where they were")
  func reopening() async throws {
    let store = try await SQLiteStore(path: path)
    for number in 0..<5 as Range<UInt64> {
      _ = try await store.insert(session(number), limit: nil, by: actor, now: now)
    }
    try await store.setEventCursor(3, of: "webhooks")
    let entries = try await log(of: store)
    await store.shutdown()
    let again = try await SQLiteStore(path: path)
    #expect(try await log(of: again) == entries)
    #expect(try await again.eventCursor(of: "webhooks") == 3)
    #expect(try await again.purgeEvents(before: .latest, limit: 100) == 4)
    await again.shutdown()
    let third = try await SQLiteStore(path: path)
    _ = try await third.close(session(1).id, reason: .logout, by: actor, now: now)
    #expect(try await log(of: third).map(\.number) == [5, 6])
    await third.shutdown()
  }

  @Test("a change whose entry can't be written does not happen, and the others of its batch do")
  func refusedEntry() async throws {
    let store = try await SQLiteStore(path: path)
    let (now, actor) = (now, actor)
    let bad = (0..<3).map { session($0, user: "bad") }
    for session in bad { _ = try await store.insert(session, limit: nil, by: actor, now: now) }
    let other = try SQLiteConnection(path: path, mode: .readWrite)
    try other.execute(
      """
      CREATE TRIGGER refuse BEFORE INSERT ON event WHEN NEW.user_id = 'bad' AND NEW.kind <> 'session.closed'
        OR NEW.reason IN ('logout', 'account', 'idle')
      BEGIN SELECT RAISE(ABORT, 'refused'); END
      """)
    let before = try await log(of: store)
    let evicting = LiveSessionLimit(maximum: 1, overflow: .evictOldest)
    let filter = SessionFilter()
    let verbs: [@Sendable () async throws -> Void] = [
      { _ = try await store.insert(session(9, user: "bad"), limit: nil, by: actor, now: now) },
      { _ = try await store.insert(session(9, user: "bad"), limit: evicting, by: actor, now: now) },
      { _ = try await store.replace(bad[0], revision: 1, as: .renewed, by: actor, now: now) },
      { _ = try await store.close(bad[0].id, reason: .logout, by: actor, now: now) },
      { _ = try await store.close(matching: filter, excluding: nil, reason: .account, by: actor, now: now, limit: 5) },
      { _ = try await store.remove(bad[0].id, by: actor, now: now) },
      { _ = try await store.reap(now: now + .hours(2), limit: 5) },
    ]
    let failures = await withTaskGroup(of: Bool.self) { group in
      for verb in verbs {
        group.addTask {
          do { try await verb() } catch { return true }; return false
        }
      }
      for number in 20..<60 as Range<UInt64> {
        let session = session(number, user: "good")
        group.addTask {
          do { _ = try await store.insert(session, limit: nil, by: actor, now: now) } catch { return true };
          return false
        }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(failures == verbs.count)
    for session in bad { #expect(try await store.session(session.id) == session) }
    #expect(try await store.session(session(9).id) == nil)
    let after = try await log(of: store)
    #expect(Array(after.prefix(before.count)) == before)
    #expect(after.dropFirst(before.count).map(\.event.userID) == [ExactText?](repeating: "good", count: 40))
    await store.shutdown()
  }

  @Test("a database of the first schema is brought up to date, and its sessions begin to be told of")
  func firstSchema() async throws {
    let old = try SQLiteConnection(path: path, mode: .readWrite)
    try old.execute("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL")
    try old.execute("CREATE TABLE migrations (version INTEGER PRIMARY KEY, applied TEXT) STRICT")
    try old.execute(SQLiteSchema.migrations[0])
    try old.execute("INSERT INTO migrations (version) VALUES (1)")
    let session = session(1)
    try old.addOfFirstSchema(session)
    let store = try await SQLiteStore(path: path)
    #expect(try await store.session(session.id) == session)
    #expect(try await log(of: store).isEmpty)
    _ = try await store.close(session.id, reason: .logout, by: actor, now: now)
    #expect(try await log(of: store).map(\.event) == [Event(.closed(.logout), of: session, at: now, by: actor)])
    await store.shutdown()
  }

  @Test("an answered change can be read in the log by another program at once")
  func otherProgram() async throws {
    let store = try await SQLiteStore(path: path)
    let session = session(1)
    _ = try await store.insert(session, limit: nil, by: actor, now: now)
    let other = try SQLiteConnection(path: path, mode: .readOnly)
    let row = try other.prepare(
      "SELECT kind, session_id, user_id, actor_kind, actor_name, address, request_id, time FROM event")
    #expect(try row.step())
    #expect(
      (0..<7).map { row.text($0) } == [
        "session.opened", session.id.description, "anna", "service", "back office", "192.0.2.7", "r-1",
      ])
    #expect(row.int(7) == now.milliseconds)
    row.reset()
    await store.shutdown()
  }

  @Test("an entry that this version can't read is an error", arguments: ["kind", "actor_kind", "session_id"])
  func unreadable(column: String) async throws {
    let store = try await SQLiteStore(path: path)
    _ = try await store.insert(session(1), limit: nil, by: actor, now: now)
    let other = try SQLiteConnection(path: path, mode: .readWrite)
    try other.execute("UPDATE event SET \(column) = 'unheard of'")
    let refusal = await #expect(throws: StoreError.self) { _ = try await log(of: store) }
    #expect(refusal?.code == .corrupt)
    await store.shutdown()
  }

  @Test("the log is entered by its numbers, and purged from its beginning")
  func plans() throws {
    let connection = try SQLiteConnection(path: path, mode: .readWrite)
    try SQLiteSchema.apply(to: connection, migrates: true)
    let following = try plan(EventRow.following, connection)
    #expect(following.contains("SEARCH event USING INTEGER PRIMARY KEY (rowid>?)"), "\(following)")
    #expect(!following.contains("TEMP B-TREE"), "\(following)")
    let purge = try plan(EventRow.purge, connection)
    #expect(purge.contains("SEARCH event USING INTEGER PRIMARY KEY (rowid<?)"), "\(purge)")
    #expect(!purge.contains("TEMP B-TREE"), "\(purge)")
  }

  private func plan(_ sql: String, _ connection: SQLiteConnection) throws -> String {
    let statement = try connection.prepare("EXPLAIN QUERY PLAN " + sql)
    var lines: [String] = []
    while try statement.step() { lines.append(statement.text(3) ?? "") }
    return lines.joined(separator: "; ")
  }
}
