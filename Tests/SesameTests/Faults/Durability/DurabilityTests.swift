import Foundation
import Glibc
import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct DurabilityTests {
    private static let writers = 4
    private static let rounds = 12

    @Test("no change is answered before the disk has it, by the order of the system calls")
    func order() async throws {
      let traces = try TemporaryFolder()
      // `-D` leaves the program in the process that was started, and watches from another one.
      let strace = [
        "strace", "-D", "-f", "-y", "-s", "1048576", "-o", traces.file("trace"),
        "-e", "trace=pwrite64,pwritev,write,writev,sendto,sendmsg,fdatasync,fsync",
      ]
      try await withProgram(under: strace) { program in
        let port = program.port
        let asked = try inParallel(Self.writers) { try Self.change(ServiceClient(port: port), writer: $0) }
        #expect(program.stop() == 0)
        let order = AcknowledgementOrder(SystemCallTrace(try Self.trace(in: traces, of: program.process.number)))
        let changes = asked.reduce(0, +)
        print("order of system calls: \(order.answers) changes answered, \(order.syncs) syncs of the log")
        #expect(order.answers == changes, "every answer was seen")
        #expect(order.syncs > Self.rounds)
        #expect(order.faults.prefix(5) == [])
      }
    }

    /// Opens, changes, renews and closes sessions; answers how often it changed something.
    private static func change(_ client: ServiceClient, writer: Int) throws -> Int {
      var count = 0
      func mark() -> [(name: String, value: String)] {
        defer { count += 1 }
        return [("X-Request-Id", AcknowledgementOrder.mark(writer * 10_000 + count))]
      }
      for round in 0..<rounds {
        let opened = try client.send("POST", "/v2/sessions", #"{"user_id":"u\#(writer)"}"#, fields: mark())
        let id = try #require(opened["session"]?["id"]?.string)
        let token = try #require(opened["token"]?.string)
        let changed = try client.send("PATCH", "/v2/sessions/\(id)", #"{"data":{"n":\#(round)}}"#, fields: mark())
        let renewed = try client.send("POST", "/v2/session/renew", bearer: token, fields: mark())
        let newToken = try #require(renewed["token"]?.string)
        let ended =
          round.isMultiple(of: 2)
          ? try client.send("POST", "/v2/sessions/\(id)/close", fields: mark())
          : try client.send("DELETE", "/v2/session", bearer: newToken, fields: mark())
        try #require([changed.status, renewed.status] == [200, 200] && ended.status < 300, "\(ended.text)")
      }
      return count
    }

    /// The whole trace: the one who watches writes its last line when the program has ended.
    private static func trace(in folder: TemporaryFolder, of process: Int32) throws -> [UInt8] {
      // strace gives the number five places at least.
      let number = "\(process)" + String(repeating: " ", count: max(0, 5 - "\(process)".count))
      let last = Array("\(number) +++ exited with 0 +++\n".utf8)
      let end = ContinuousClock.now + .seconds(60)
      while true {
        let bytes = folder.bytes(of: "trace")
        if bytes.suffix(4096).places(of: last).count == 1 { return bytes }
        try #require(ContinuousClock.now < end, "strace never wrote of the program's end; is it installed?")
      }
    }

    @Test("a trace that answers too early is found out", arguments: EarlyAnswer.allCases)
    func early(answer: EarlyAnswer) throws {
      let order = AcknowledgementOrder(SystemCallTrace(Array(answer.trace.utf8)))
      #expect(order.answers == 1)
      #expect(order.faults.isEmpty == (answer == .none), "\(order.faults)")
    }

    /// Traces of one change, of which all but one are wrong.
    enum EarlyAnswer: String, CaseIterable, Sendable {
      case none
      case noWrite = "no write"
      case noSync = "no sync"
      case syncOfAnotherFile = "sync of another file"
      case syncBeforeTheWrite = "sync before the write"
      case syncBegunBeforeTheWriteEnded = "sync begun before the write ended"
      case syncUnderWay = "sync under way"
      case syncThatFailed = "sync that failed"

      var trace: String {
        let mark = AcknowledgementOrder.mark(7)
        let write = #"11 pwrite64(8</d/sesame.db-wal>, "\0\1u1\#(mark)..", 4120, 32) = 4120"#
        let sync = "11 fdatasync(8</d/sesame.db-wal>)         = 0"
        let answer = #"12 sendto(25<socket:[1]>, "HTTP/1.1 201 Created\r\nX-Request-Id: \#(mark)\r\n\r\n", 60, 0) = 60"#
        let began = "13 fdatasync(8</d/sesame.db-wal> <unfinished ...>"
        let ended = "13 <... fdatasync resumed>)             = 0"
        let lines =
          switch self {
          case .none: [write, began, "11 --- SIGHUP {si_signo=SIGHUP} ---", ended, answer]
          case .noWrite: [sync, answer]
          case .noSync: [write, answer, sync]
          case .syncOfAnotherFile: [write, "11 fdatasync(9</d/sesame.db>) = 0", answer]
          case .syncBeforeTheWrite: [sync, write, answer]
          case .syncBegunBeforeTheWriteEnded: [began, write, ended, answer]
          case .syncUnderWay: [write, began, answer, ended]
          case .syncThatFailed: [write, "11 fdatasync(8</d/sesame.db-wal>) = -1 EIO (Input/output error)", answer]
          }
        return lines.joined(separator: "\n") + "\n"
      }
    }
  }
}
