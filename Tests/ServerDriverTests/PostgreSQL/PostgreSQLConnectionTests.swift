#if PostgreSQL
  import Foundation
  import PostgreSQLDriver
  import Testing

  @Suite("A connection to PostgreSQL", .enabled(if: PostgreSQLTestServer.text != nil))
  struct PostgreSQLConnectionTests {
    private static let texts = [
      "", "a", "'", "\"", "\\", "\\\\'", "$1", "--", "/*", "{}", "{a,NULL}", "NULL", "\u{1}", "\t\r\n", "\u{7F}",
      "e\u{301}", "\u{E9}", "\u{FEFF}", "\u{2028}", "\u{1F468}\u{200D}\u{1F469}", "\u{10FFFF}",
      String(repeating: "\\\"'", count: 30_000),
    ]

    @Test("texts, numbers and truth values come back as they were bound")
    func binding() throws {
      let connection = try PostgreSQLTestServer.connect()
      for text in Self.texts {
        let row = try connection.rows("SELECT \(text), length(\(text)), \(text) IS NULL").first
        #expect(row?.bytes(0) == Array(text.utf8))
        #expect(row?.int(1) == Int64(text.unicodeScalars.count))
        #expect(row?.bool(2) == false)
      }
      for number in [.min, -1, 0, 1, .max] as [Int64] {
        #expect(try connection.rows("SELECT \(number), -(\(number) / 2)").first?.int(0) == number)
      }
      let nothing = try connection.rows("SELECT \(nil as String?), \(nil as Int64?), \(true), \(false)").first
      #expect(nothing?.isNull(0) == true)
      #expect(nothing?.isNull(1) == true)
      #expect(nothing?.bool(2) == true)
      #expect(nothing?.bool(3) == false)
    }

    @Test("a server that can be written to is asked for, whatever the address says")
    func primary() throws {
      let text = PostgreSQLTestServer.text ?? ""
      let address = try PostgreSQLAddress(text + (text.contains("?") ? "&" : "?") + "target_session_attrs=standby")
      let connection = try PostgreSQLConnection(address, settings: [], deadline: .now + .seconds(20))
      connection.deadline = .now + .seconds(30)
      #expect(try connection.rows("SELECT pg_is_in_recovery()").first?.bool(0) == false)
    }

    @Test("lists come back as they were bound, with their gaps")
    func lists() throws {
      let connection = try PostgreSQLTestServer.connect()
      let texts = Self.texts.map { Array($0.utf8) as [UInt8]? } + [nil]
      let numbers: [Int64?] = [.min, nil, .max, 0]
      let found = try connection.rows("SELECT text FROM unnest(\(PostgreSQLValue.texts(texts))) AS list (text)")
      #expect(found.map { $0.bytes(0) } == texts)
      let counted = try connection.rows("SELECT number FROM unnest(\(PostgreSQLValue.integers(numbers))) AS n (number)")
      #expect(counted.map { $0.int(0) } == numbers)
      #expect(try connection.rows("SELECT FROM unnest(\(PostgreSQLValue.texts([])))").count == 0)
    }

    @Test("a text with U+0000, or that is no UTF-8, is refused rather than cut")
    func unstorable() throws {
      let connection = try PostgreSQLTestServer.connect()
      for bytes in [[0x61, 0, 0x62], [0xFF], [0xED, 0xA0, 0x80]] as [[UInt8]] {
        let error = #expect(throws: PostgreSQLError.self) { try connection.rows("SELECT \(utf8: bytes)") }
        #expect(error?.code == .refused)
        #expect(error?.state == "22021")
      }
      #expect(try connection.rows("SELECT 1").count == 1)
    }

    @Test("what is no number, and a row or column that is not there, is nil")
    func unreadable() throws {
      let rows = try PostgreSQLTestServer.connect().rows(
        "SELECT '', '-', '+1', ' 1', '9223372036854775808', '1.0', '1e3', '-9223372036854775808'")
      for column in 0..<7 as Range<Int32> { #expect(rows[0].int(column) == nil) }
      #expect(rows[0].int(7) == .min)
      for (row, column) in [(0, 8), (0, -1), (1, 0), (-1, 0)] as [(Int, Int32)] {
        #expect(rows[row].isNull(column))
        #expect(rows[row].text(column) == nil)
      }
    }

    @Test("what the server refuses says why in five characters, and the connection goes on")
    func refusal() throws {
      let connection = try PostgreSQLTestServer.connect()
      for (statement, state) in [
        ("SELEC 1", "42601"), ("SELECT 1 FROM nowhere", "42P01"), ("SELECT 1 / 0", "22012"),
        ("SELECT 'a'::bigint", "22P02"),
      ] as [(PostgreSQLStatement, String)] {
        let error = #expect(throws: PostgreSQLError.self) { try connection.rows(statement) }
        #expect(error?.code == .refused)
        #expect(error?.state == state)
        #expect(error?.mayBeStored == false)
        #expect(connection.isUsable)
      }
    }

    @Test("what a refusal says for the log quotes no values")
    func discretion() throws {
      let connection = try PostgreSQLTestServer.connect()
      try connection.execute("CREATE TEMPORARY TABLE person (name text PRIMARY KEY)")
      let insert: PostgreSQLStatement = "INSERT INTO person (name) VALUES (\("hunter2"))"
      _ = try connection.rows(insert)
      let error = #expect(throws: PostgreSQLError.self) { try connection.rows(insert) }
      #expect(error?.state == "23505")
      #expect(error?.description.contains("hunter2") == false)
    }

    @Test("of several statements in one round trip, one that is refused leaves the others alone")
    func each() throws {
      let connection = try PostgreSQLTestServer.connect()
      for _ in 0..<2 {
        let answers = try connection.each(["SELECT 1", "SELECT 1 / (SELECT 0)", "SELEC", "SELECT 4"])
        #expect(answers.map { (try? $0.get())?.first?.int(0) } == [1, nil, nil, 4])
      }
    }

    @Test("the statements of a snapshot see the same database, and a refused one spoils it")
    func snapshot() throws {
      let connection = try PostgreSQLTestServer.connect()
      let now: PostgreSQLStatement = "SELECT pg_current_snapshot()::text, current_setting('transaction_read_only')"
      let answers = try connection.snapshot([now, now])
      #expect(answers.map { $0.first?.text(0) } == [answers[0].first?.text(0), answers[0].first?.text(0)])
      #expect(answers[1].first?.text(1) == "on")
      #expect(throws: PostgreSQLError.self) { try connection.snapshot(["SELECT 1 / (SELECT 0)", "SELECT 1"]) }
      #expect(try connection.rows(now).first?.text(1) == "off")
    }

    @Test("answers that fill every buffer on the way don't hold each other up")
    func size() throws {
      let connection = try PostgreSQLTestServer.connect()
      let text = String(repeating: "0123456789", count: 20_000)
      let statements: [PostgreSQLStatement] = (0..<100 as Range<Int64>).map { "SELECT \($0), \(text)" }
      let answers = try connection.each(statements)
      for (number, answer) in answers.enumerated() {
        let row = try answer.get().first
        #expect(row?.int(0) == Int64(number))
        #expect(row?.bytes(1)?.count == 200_000)
      }
    }

    @Test("more statements than are kept prepared are prepared again")
    func statements() throws {
      let connection = try PostgreSQLTestServer.connect()
      for round in 0..<2 {
        for number in 0..<450 {
          let sum = try connection.rows("SELECT \(raw: "\(number)") + \(Int64(round))").first?.int(0)
          #expect(sum == Int64(number + round))
        }
      }
      #expect((try connection.rows("SELECT count(*) FROM pg_prepared_statements").first?.int(0) ?? 500) <= 401)
    }

    @Test("settings hold for the session, and notices are not shown")
    func settings() throws {
      let connection = try PostgreSQLTestServer.connect([
        ("lock_timeout", "1234"), ("search_path", "\"a\"\"b\", public"),
      ])
      #expect(try connection.rows("SHOW lock_timeout").first?.text(0) == "1234ms")
      #expect(try connection.rows("SELECT current_setting('search_path')").first?.text(0) == "\"a\"\"b\", public")
      #expect(try connection.rows("SHOW application_name").first?.text(0) == "sesame")
      try connection.execute("DO $$ BEGIN RAISE WARNING 'not to be seen'; END $$")
    }

    @Test("without an answer in time, the connection is given up: later calls get nothing of the late answer")
    func deadline() throws {
      let connection = try PostgreSQLTestServer.connect()
      connection.deadline = .now + .milliseconds(100)
      let late = #expect(throws: PostgreSQLError.self) { try connection.rows("SELECT 'late' FROM pg_sleep(2)") }
      #expect(late?.code == .timedOut)
      connection.deadline = .now + .seconds(20)
      #expect(!connection.isUsable)
      #expect(!connection.isStanding())
      #expect(throws: PostgreSQLError.self) { try connection.rows("SELECT 'next'") }
      #expect(throws: PostgreSQLError.self) { try connection.execute("SELECT 1") }
    }

    @Test("a connection that somebody ends is seen to be gone, before and while something is asked")
    func termination() throws {
      let connection = try PostgreSQLTestServer.connect()
      let other = try PostgreSQLTestServer.connect()
      let number = try connection.rows("SELECT pg_backend_pid()").first?.int(0)
      #expect(connection.isStanding())
      _ = try other.rows("SELECT pg_terminate_backend(\(number)::integer, 20000)")
      #expect(!connection.isStanding())
      let last = #expect(throws: PostgreSQLError.self) {
        try other.rows("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(20)")
      }
      #expect(last?.code == .lost)
      #expect(last?.state == "57P01")
    }

    @Test("a server that takes connections and says nothing is given up at the deadline")
    func silence() throws {
      let server = try SilentServer()
      let address = try PostgreSQLAddress("postgresql://sesame@127.0.0.1:\(server.port)/postgres?sslmode=disable")
      let error = #expect(throws: PostgreSQLError.self) {
        try PostgreSQLConnection(address, settings: [], deadline: .now + .milliseconds(100))
      }
      #expect(error?.code == .unreachable)
      withExtendedLifetime(server) {}
    }

    @Test(
      "an address is refused that is none", arguments: ["", "redis://a", "host=a", "postgres:/a", "postgres://[::1/a"])
    func addresses(text: String) {
      let error = #expect(throws: PostgreSQLError.self) { try PostgreSQLAddress(text) }
      #expect(error?.code == .address)
    }

    @Test("an address shows nothing of itself")
    func secrecy() throws {
      let address = try PostgreSQLAddress("postgres://anna:hunter2@example.com/sesame", password: "hunter3")
      var dumped = ""
      dump(address, to: &dumped)
      #expect("\(address) \(String(reflecting: address)) \(dumped)".contains("hunter") == false)
    }
  }

  /// Something on loopback that takes connections and never says a word.
  private final class SilentServer {
    private let socket: Int32
    let port: UInt16

    init() throws {
      let listening = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      socket = listening
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let number = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
          guard unsafe bind(listening, pointer, length) == 0, listen(listening, 5) == 0 else { return errno }
          return unsafe getsockname(listening, pointer, &length) == 0 ? 0 : errno
        }
      }
      port = UInt16(bigEndian: address.sin_port)
      try #require(number == 0)
    }

    deinit { close(socket) }
  }
#endif
