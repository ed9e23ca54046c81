import SQLiteDriver
@testable import SQLiteStore
import SessionCore
import SessionTesting
import Synchronization
import Testing

@Suite("The SQLite store") struct SQLiteStoreTests {
  private let folder: TemporaryFolder
  private let path: String
  private let now = Timestamp(milliseconds: 1_700_000_000_000)

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file()
  }

  private func session(_ number: UInt64, user: ExactText = "anna") -> Session {
    Session(
      id: SessionID(high: number, low: number), userID: user, openTime: now, idleTimeout: .hours(1), lifetime: .days(1))
  }

  private func add(_ sessions: [Session], to store: SQLiteStore) async throws {
    let now = now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for session in sessions { group.addTask { _ = try await store.insert(session, limit: nil, now: now) } }
      try await group.waitForAll()
    }
  }

  @Test("sessions are there after closing and opening again, and the file is whole")
  func reopening() async throws {
    let sessions = (0..<300).map { session($0) }
    let store = try await SQLiteStore(path: path)
    try await add(sessions, to: store)
    await store.shutdown()
    let again = try await SQLiteStore(path: path)
    for session in sessions { #expect(try await again.session(session.id) == session) }
    await again.shutdown()
    let connection = try SQLiteConnection(path: path, mode: .readWrite)
    let check = try connection.statement("PRAGMA integrity_check")
    #expect(try check.step())
    #expect(check.text(0) == "ok")
  }

  @Test("an answered write can be read by another program at once")
  func otherProgram() async throws {
    let store = try await SQLiteStore(path: path)
    let other = try SQLiteConnection(path: path, mode: .readOnly)
    for number in 0..<20 {
      _ = try await store.insert(session(UInt64(number)), limit: nil, now: now)
      #expect(try other.int("SELECT count(*) FROM session WHERE is_open") == Int64(number + 1))
    }
    let row = try other.prepare("SELECT id, user_id, deadline FROM session LIMIT 1")
    #expect(try row.step())
    #expect(row.text(0) == session(0).id.description)
    #expect(row.text(1) == "anna")
    #expect(row.int(2) == session(0).deadline.milliseconds)
    row.reset()
    await store.shutdown()
  }

  @Test("writes that wait are committed together")
  func groups() async throws {
    let commits = Commits()
    var configuration = SQLiteStoreConfiguration()
    configuration.onCommit = { writes, duration in
      commits.writes.withLock { $0.append(writes) }
      #expect(duration > .zero)
    }
    let store = try await SQLiteStore(path: path, configuration: configuration)
    // While another program holds the lock, everything that comes has to wait.
    let other = try SQLiteConnection(path: path, mode: .readWrite)
    try other.execute("BEGIN IMMEDIATE")
    let now = now
    let sessions = (0..<100).map { session($0) }
    async let answers: Void = withThrowingTaskGroup(of: Void.self) { group in
      for session in sessions { group.addTask { _ = try await store.insert(session, limit: nil, now: now) } }
      try await group.waitForAll()
    }
    try other.execute("ROLLBACK")
    try await answers
    let batches = commits.writes.withLock { $0 }
    #expect(batches.reduce(0, +) == 100, "100 insertions, but not the check at opening, which changes nothing")
    #expect(batches.count < 60, "many in one commit")
    await store.shutdown()
  }

  private final class Commits: Sendable {
    let writes = Mutex<[Int]>([])
  }

  @Test("a write that fails undoes itself only, and the others of its batch are kept")
  func failingJob() async throws {
    let store = try await SQLiteStore(path: path)
    let other = try SQLiteConnection(path: path, mode: .readWrite)
    try other.execute(
      """
      CREATE TRIGGER refuse BEFORE INSERT ON session WHEN NEW.user_id = 'bad'
      BEGIN SELECT RAISE(ABORT, 'refused'); END
      """)
    let now = now
    try await add((0..<5).map { session($0, user: "bad ") }, to: store)
    let outcomes = await withTaskGroup(of: Bool.self) { group in
      for number in 10..<110 as Range<UInt64> {
        let session = session(number, user: number % 3 == 0 ? "bad" : "good")
        let limit = number % 2 == 0 ? LiveSessionLimit(maximum: 200, overflow: .evictOldest) : nil
        group.addTask { (try? await store.insert(session, limit: limit, now: now)) != nil }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(outcomes == 67)
    #expect(try await store.count(SessionFilter(), now: now) == 72)
    // The eviction that would have made room for a refused session is undone with it.
    let victim = session(500, user: "bad")
    try other.execute("DROP TRIGGER refuse")
    _ = try await store.insert(victim, limit: nil, now: now)
    try other.execute(
      "CREATE TRIGGER refuse BEFORE INSERT ON session BEGIN SELECT RAISE(ABORT, 'refused'); END")
    await #expect(throws: StoreError.self) {
      try await store.insert(
        session(501, user: "bad"), limit: LiveSessionLimit(maximum: 1, overflow: .evictOldest), now: now)
    }
    #expect(try await store.session(victim.id) == victim)
    await store.shutdown()
  }

  @Test("of writes that fail in the middle nothing is kept, and all of the others that waited with them")
  func failingSteps() async throws {
    let store = try await SQLiteStore(path: path)
    let other = try SQLiteConnection(path: path, mode: .readWrite)
    try await add((0..<20).map { session($0) }, to: store)
    try other.execute(
      """
      CREATE TRIGGER refuse BEFORE INSERT ON event WHEN NEW.user_id = 'bad' OR NEW.reason = 'reuse'
      BEGIN SELECT RAISE(ABORT, 'refused'); END;
      BEGIN IMMEDIATE
      """)
    let now = now
    // While another program holds the lock, all of them have to wait, and so share a transaction.
    async let outcomes = withTaskGroup(of: Bool.self) { group in
      for number in 0..<20 as Range<UInt64> {
        let id = session(number).id
        let added = session(100 + number, user: number % 4 == 0 ? "bad" : "good")
        let reason = number % 5 == 0 ? CloseReason.reuse : .logout
        group.addTask { (try? await store.insert(added, limit: nil, now: now)) != nil }
        group.addTask { (try? await store.close(id, reason: reason, now: now)) != nil }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    try other.execute("ROLLBACK")
    #expect(await outcomes == 15 + 16)
    for number in 0..<20 as Range<UInt64> {
      #expect((try await store.session(session(100 + number).id) != nil) == (number % 4 != 0))
      #expect((try await store.session(session(number).id)?.closeTime != nil) == (number % 5 != 0))
    }
    #expect(try other.int("SELECT count(*) FROM event") == 20 + 15 + 16)
    await store.shutdown()
  }

  @Test("many sessions are added in one step as they are, and those whose ids are taken are passed over")
  func bulk() async throws {
    let store = try await SQLiteStore(path: path)
    let taken = session(7, user: "ben")
    try await add([taken], to: store)
    let sessions = (0..<2000 as Range<UInt64>).map { number in
      number % 2 == 0 ? session(number) : session(number).closed(.logout, at: now)
    }
    #expect(try await store.insertAll(sessions) == 1999)
    #expect(try await store.insertAll(sessions) == 0)
    for session in sessions where session.id != taken.id {
      #expect(try await store.session(session.id) == session)
    }
    #expect(try await store.session(taken.id) == taken)
    #expect(try await store.lastEventNumber() == 1, "only of the one that was opened")
    await store.shutdown()
  }

  @Test("many sessions that can't all be added are none of them")
  func failingBulk() async throws {
    let store = try await SQLiteStore(path: path)
    let other = try SQLiteConnection(path: path, mode: .readWrite)
    try other.execute(
      """
      CREATE TRIGGER refuse BEFORE INSERT ON session WHEN NEW.user_id = 'bad'
      BEGIN SELECT RAISE(ABORT, 'refused'); END
      """)
    let sessions = (0..<100 as Range<UInt64>).map { session($0, user: $0 == 50 ? "bad" : "good") }
    await #expect(throws: StoreError.self) { try await store.insertAll(sessions) }
    #expect(try await store.count(SessionFilter(), now: now) == 0)
    await store.shutdown()
  }

  @Test("a full database refuses as full, keeps what was answered, and goes on when there is room")
  func full() async throws {
    var configuration = SQLiteStoreConfiguration()
    configuration.maximumPages = 50
    let store = try await SQLiteStore(path: path, configuration: configuration)
    var kept: [Session] = []
    var refused: (session: Session, error: StoreError)?
    for number in 0..<5000 as Range<UInt64> {
      let session = session(number)
      do {
        _ = try await store.insert(session, limit: nil, now: now)
        kept.append(session)
      } catch {
        refused = (session, error)
        break
      }
    }
    let failure = try #require(refused)
    #expect(failure.error.code == .full)
    #expect(kept.count > 100)
    #expect(try await store.session(failure.session.id) == nil)
    #expect(try await store.count(SessionFilter(), now: now) == kept.count)
    // What removes without a word needs no room; what is told needs some for that.
    #expect(try await store.purgeEvents(before: .latest, limit: 1000) == kept.count - 1)
    for session in kept.prefix(100) { _ = try await store.remove(session.id) }
    _ = try await store.insert(failure.session, limit: nil, now: now)
    #expect(try await store.session(failure.session.id) == failure.session)
    await store.shutdown()
  }

  @Test("a second store on the same file is refused, until the first is shut down")
  func lock() async throws {
    let store = try await SQLiteStore(path: path)
    let refusal = await #expect(throws: StoreError.self) { _ = try await SQLiteStore(path: path) }
    #expect(refusal?.code == .unavailable)
    #expect(refusal?.description.contains("another process") == true)
    await store.shutdown()
    let next = try await SQLiteStore(path: path)
    await next.shutdown()
  }

  @Test("an empty file is brought to the newest schema, or refused as outdated if that is forbidden")
  func migration() async throws {
    var configuration = SQLiteStoreConfiguration()
    configuration.migrates = false
    let refusal = await #expect(throws: StoreError.self) {
      _ = try await SQLiteStore(path: path, configuration: configuration)
    }
    #expect(refusal?.code == .outdated)
    let store = try await SQLiteStore(path: path)
    await store.shutdown()
    let again = try await SQLiteStore(path: path, configuration: configuration)
    await again.shutdown()
    let connection = try SQLiteConnection(path: path, mode: .readOnly)
    #expect(try connection.int("SELECT count(*) FROM migrations") == Int64(SQLiteSchema.version))
  }

  @Test("a schema of a newer version is refused with a sentence")
  func newerSchema() async throws {
    let store = try await SQLiteStore(path: path)
    await store.shutdown()
    do {
      let connection = try SQLiteConnection(path: path, mode: .readWrite)
      try connection.execute("INSERT INTO migrations (version) VALUES (99)")
    }
    let refusal = await #expect(throws: StoreError.self) { _ = try await SQLiteStore(path: path) }
    #expect(refusal?.code == .corrupt)
    #expect(refusal?.description.contains("newer version") == true)
  }

  @Test("a file that is no database is refused as corrupt")
  func noDatabase() async throws {
    let text = try SQLiteConnection(path: path, mode: .readWrite)
    try text.execute("PRAGMA user_version = 1")
    try overwrite(path)
    let refusal = await #expect(throws: StoreError.self) { _ = try await SQLiteStore(path: path) }
    #expect(refusal?.code == .corrupt)
  }

  @Test("a row that this version can't read is an error, not a session")
  func unreadableRow() async throws {
    let store = try await SQLiteStore(path: path)
    _ = try await store.insert(session(1).closed(.logout, at: now), limit: nil, now: now)
    let other = try SQLiteConnection(path: path, mode: .readWrite)
    try other.execute("UPDATE session SET close_reason = 'unheard of'")
    let refusal = await #expect(throws: StoreError.self) { _ = try await store.session(session(1).id) }
    #expect(refusal?.code == .corrupt)
    await store.shutdown()
  }

  @Test("a row that this version can't read is closed with the others, and does not stop the reaper")
  func unreadableRowsClose() async throws {
    let store = try await SQLiteStore(path: path)
    try await add((0..<4).map { session($0) }, to: store)
    let other = try SQLiteConnection(path: path, mode: .readWrite)
    try other.execute("UPDATE session SET generation = -1 WHERE id = '\(session(0).id)'")
    try other.execute("UPDATE session SET generation = -1 WHERE id = '\(session(1).id)'")
    let closed = try await store.close(
      matching: SessionFilter(), excluding: session(3).id, reason: .revoked, by: Actor(.service), now: now, limit: 1)
    #expect(closed.map(\.id) == [session(2).id])
    #expect(try other.int("SELECT count(*) FROM session WHERE close_reason = 'revoked'") == 3)
    _ = try await store.insert(session(4), limit: nil, now: now)
    try other.execute("UPDATE session SET generation = -1, request_time = open_time WHERE id = '\(session(3).id)'")
    for _ in 0..<2 { _ = try await store.reap(now: .latest, limit: 1) }
    #expect(try other.int("SELECT count(*) FROM session WHERE close_time IS NULL") == 0)
    await store.shutdown()
  }

  @Test("the log is copied into the database as it grows, and begins anew")
  func checkpoints() async throws {
    var configuration = SQLiteStoreConfiguration()
    configuration.checkpointPages = 50
    let store = try await SQLiteStore(path: path, configuration: configuration)
    for batch in 0..<40 as Range<UInt64> {
      try await add((0..<50).map { session(batch * 50 + $0) }, to: store)
    }
    #expect(try size(path + "-wal") < 8_000_000)
    #expect(try size(path) > 100_000)
    #expect(try await store.count(SessionFilter(), now: now) == 2000)
    await store.shutdown()
  }

  @Test("purging gives the room back to the disk")
  func room() async throws {
    let store = try await SQLiteStore(path: path)
    let closed = (0..<3000).map { session($0).closed(.logout, at: now) }
    try await add(closed, to: store)
    let other = try SQLiteConnection(path: path, mode: .readOnly)
    let before = try other.int("PRAGMA page_count")
    while try await !store.purge(closedBefore: .latest, limit: 500).isEmpty {}
    for _ in 0..<20 { _ = try await store.purge(closedBefore: .latest, limit: 500) }
    #expect(try other.int("PRAGMA page_count") < before / 2)
    await store.shutdown()
  }
}
