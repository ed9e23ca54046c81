import BlockingIO
import Foundation
import SQLiteDriver
import Testing

@Suite("A SQLite connection") struct SQLiteConnectionTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file()
  }

  private func open(_ setup: String = "CREATE TABLE t (a INTEGER, b TEXT UNIQUE) STRICT") throws -> SQLiteConnection {
    let connection = try SQLiteConnection(path: path, mode: .readWrite)
    try connection.execute(setup)
    return connection
  }

  @Test(
    "numbers and texts come back as they were bound", arguments: ["", "a", "\u{E9}", "e\u{301}", "a\u{0}b", "'; --"])
  func values(text: String) throws {
    let connection = try open()
    let insert = try connection.statement("INSERT INTO t VALUES (?1, ?2)")
    for number in [Int64.min, 0, .max] {
      insert.bind(number, at: 1)
      insert.bind("\(number)" + text, at: 2)
      try insert.run()
    }
    let select = try connection.statement("SELECT a, b, length(CAST(b AS BLOB)) FROM t ORDER BY a")
    for number in [Int64.min, 0, .max] {
      #expect(try select.step())
      #expect(select.int(0) == number)
      #expect(select.bytes(1) == Array(("\(number)" + text).utf8))
      #expect(select.int(2) == Int64(("\(number)" + text).utf8.count))
    }
    #expect(try !select.step())
  }

  @Test("NULL is nil, an empty text is not")
  func null() throws {
    let connection = try open()
    let insert = try connection.statement("INSERT INTO t VALUES (?1, ?2)")
    insert.bind(nil as Int64?, at: 1)
    insert.bind(utf8: [], at: 2)
    try insert.run()
    let select = try connection.statement("SELECT a, b FROM t")
    #expect(try select.step())
    #expect(select.optionalInt(0) == nil)
    #expect(select.text(1) == "")
  }

  @Test("a statement forgets its values when it is reset")
  func forgetting() throws {
    let connection = try open()
    let insert = try connection.statement("INSERT INTO t VALUES (?1, ?2)")
    insert.bind(1, at: 1)
    insert.bind("a", at: 2)
    try insert.run()
    try insert.run()
    #expect(try connection.int("SELECT count(*) FROM t WHERE a IS NULL") == 1)
  }

  @Test("statements are kept by their text, and no more than the limit")
  func cache() throws {
    let connection = try SQLiteConnection(path: path, mode: .readWrite, statementLimit: 2)
    let first = try connection.statement("SELECT 1")
    #expect(try connection.statement("SELECT 1") === first)
    _ = try connection.statement("SELECT 2")
    _ = try connection.statement("SELECT 3")
    #expect(try connection.statement("SELECT 1") !== first)
    #expect(try first.step(), "a statement that is held lives on")
  }

  @Test("frequent statements are kept by their number, each connection its own, whatever the limit of texts")
  func frequent() throws {
    let text = FrequentStatement("SELECT 1")
    let connection = try SQLiteConnection(path: path, mode: .readWrite, statementLimit: 1)
    let first = try connection.statement(text)
    #expect(try connection.statement(FrequentStatement("SELECT 2")) !== first)
    for number in 3..<10 { _ = try connection.statement("SELECT \(number)") }
    #expect(try connection.statement(text) === first)
    #expect(try SQLiteConnection(path: path, mode: .readOnly).statement(text) !== first)
    #expect(throws: SQLiteError.self) { try connection.statement(FrequentStatement("SELECT nothing")) }
  }

  @Test("a log that is gathered holds each commit when it is answered, for others and for the next who opens the file")
  func gatheredLog() throws {
    let connection = try SQLiteConnection(path: path, mode: .readWrite, gathersLog: true)
    try connection.execute("PRAGMA journal_mode = WAL; PRAGMA cache_size = 8; CREATE TABLE t (a INTEGER, b TEXT)")
    #expect(try connection.int("PRAGMA synchronous") == 2)
    let other = try SQLiteConnection(path: path, mode: .readOnly)
    // From one page to more than are gathered, and than are kept: pages are read back in mid-transaction.
    for rows in [1, 30, 100, 2000] {
      let before = try connection.int("SELECT count(*) FROM t")
      try connection.execute(
        """
        BEGIN;
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
        INSERT INTO t SELECT i, hex(zeroblob(1000)) FROM n;
        UPDATE t SET b = b || 'x' WHERE a % 3 = 0
        """)
      #expect(try other.int("SELECT count(*) FROM t") == before)
      try connection.execute("COMMIT")
      #expect(try other.int("SELECT count(*) FROM t") == before + Int64(rows))
      #expect(try copy().int("SELECT count(*) FROM t") == before + Int64(rows), "as after kill -9")
    }
    try connection.execute("BEGIN; DELETE FROM t; ROLLBACK")
    try connection.checkpoint()
    try connection.execute("INSERT INTO t VALUES (0, 'after')")
    #expect(try copy().int("SELECT count(*) FROM t") == 2132)
    let check = try copy().statement("PRAGMA integrity_check")
    #expect(try check.step())
    #expect(check.text(0) == "ok")
  }

  /// A connection to a copy of the file and its log, as they lie on the disk now.
  private func copy() throws -> SQLiteConnection {
    let target = folder.file("copy-\(UInt64.random(in: 0 ... .max)).sqlite")
    for suffix in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + suffix, toPath: target + suffix) }
    return try SQLiteConnection(path: target, mode: .readWrite)
  }

  @Test("errors have SQLite's extended code and a kind")
  func errors() throws {
    let connection = try open()
    try connection.execute("INSERT INTO t VALUES (1, 'a')")
    let constraint = #expect(throws: SQLiteError.self) { try connection.execute("INSERT INTO t VALUES (2, 'a')") }
    #expect(constraint?.code == .constraint)
    #expect(constraint?.extendedCode == 2067)
    let wrong = #expect(throws: SQLiteError.self) { try connection.statement("SELECT nothing") }
    #expect(wrong?.code == .misuse)
    let reader = try SQLiteConnection(path: path, mode: .readOnly)
    let readOnly = #expect(throws: SQLiteError.self) { try reader.execute("DELETE FROM t") }
    #expect(readOnly?.code == .readOnly)
    let missing = #expect(throws: SQLiteError.self) {
      try SQLiteConnection(path: folder.file("none/none.sqlite"), mode: .readWrite)
    }
    #expect(missing?.code == .cantOpen)
    let other = try SQLiteConnection(path: path, mode: .readWrite, busyTimeout: 0)
    try connection.execute("BEGIN IMMEDIATE")
    let busy = #expect(throws: SQLiteError.self) { try other.execute("BEGIN IMMEDIATE") }
    #expect(busy?.code == .busy)
  }

  @Test("a lock is waited for so shortly that two who wait one after the other are answered within a second")
  func lockTime() throws {
    #expect((1...450).contains(try open().int("PRAGMA busy_timeout")))
  }

  @Test("a full database is full, and keeps what was there")
  func full() throws {
    let connection = try open()
    try connection.execute("INSERT INTO t VALUES (1, 'a'); PRAGMA max_page_count = 4")
    let full = #expect(throws: SQLiteError.self) {
      try connection.execute("INSERT INTO t VALUES (2, hex(zeroblob(20000)))")
    }
    #expect(full?.code == .full)
    #expect(try connection.int("SELECT count(*) FROM t") == 1)
  }

  @Test("what fails in a savepoint is undone, and the rest of the transaction stays")
  func savepoint() throws {
    let connection = try open()
    try connection.execute("BEGIN; INSERT INTO t VALUES (1, 'a')")
    #expect(throws: SQLiteError.self) {
      try connection.savepoint { () throws(SQLiteError) in
        try connection.execute("INSERT INTO t VALUES (2, 'b')")
        try connection.execute("INSERT INTO t VALUES (3, 'a')")
      } mapping: {
        $0
      }
    }
    #expect(connection.isInTransaction)
    try connection.execute("COMMIT")
    #expect(try connection.int("SELECT sum(a) FROM t") == 1)
  }

  @Test("the log's pages are counted, and a checkpoint copies them")
  func checkpoint() throws {
    let connection = try open("PRAGMA journal_mode = WAL")
    connection.countLogPages()
    try connection.execute("CREATE TABLE t (a INTEGER)")
    #expect(connection.pagesInLog > 0)
    let other = try SQLiteConnection(path: path, mode: .readWrite)
    #expect(try other.checkpoint() == 0)
    try connection.execute("INSERT INTO t VALUES (1)")
    #expect(connection.pagesInLog < 3, "a log that was copied whole begins anew")
  }

  @Test("a file has one lock at a time")
  func lock() throws {
    do {
      let lock = try FileLock(path: folder.file("lock"))
      let refusal = #expect(throws: BlockingIOError.self) { _ = try FileLock(path: folder.file("lock")) }
      #expect(refusal?.code == .locked)
      _ = lock
    }
    #expect(throws: Never.self) { _ = try FileLock(path: folder.file("lock")) }
  }

  @Test("a lock is let go of although a process that is being started holds a copy of its descriptor")
  func copiedLock() throws {
    let path = folder.file("lock")
    var copy: Int32 = -1
    do {
      let lock = try FileLock(path: path)
      let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }
      let own = try #require(
        descriptors.first { number in
          (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")) == path
        })
      copy = fcntl(own, F_DUPFD_CLOEXEC, 0)
      withExtendedLifetime(lock) {}
    }
    defer { close(copy) }
    #expect(copy >= 0)
    #expect(throws: Never.self) { _ = try FileLock(path: path) }
  }
}
