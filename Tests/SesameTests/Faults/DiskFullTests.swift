import Foundation
import Glibc
import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct DiskFullTests {
    @Test(
      "on a full disk changes are 507 and leave nothing, sessions verify, and with room all goes on",
      .enabled(if: geteuid() == 0, "only root can make a disk of a few megabytes"))
    func full() async throws {
      let folder = try TemporaryFolder()
      let data = folder.file(RunningProgram.data)
      // A namespace of its own: the disk is there for this process alone, and gone with it.
      let script = #"mkdir -m 700 "$0" && mount -t tmpfs -o size=6m,mode=0700 tmpfs "$0" && exec "$@""#
      let wrapper = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, data]
      try await withProgram(folder: folder, under: wrapper) { program in
        // As the process sees it (proc(5), `root`).
        let disk = ["/proc", "\(program.process.number)", "root"].joined(separator: "/") + data
        let client = try program.client()
        let (_, token) = try client.open("before", #""data":{"n":0}"#)
        let (changed, changedToken) = try client.open("changed", #""data":{"n":0}"#)
        try Self.fill(disk)
        let (kept, refused) = try Self.openUntilFull(client, token)
        #expect(!kept.isEmpty && refused.count == 20)
        let changing = try client.send("PATCH", "/v2/sessions/\(changed)", #"{"data":\#(Self.data(1))}"#)
        let closing = try client.send("POST", "/v2/sessions/\(changed)/close")
        // A small one may still find room in the log.
        for reply in [changing, closing] where reply.status != 200 {
          #expect(reply.status == 507 && reply["code"]?.string == "store_full", "\(reply.status) \(reply.text)")
        }
        let isClosed = closing.status == 200
        #expect(try client.ownStatus(changedToken) == (isClosed ? 401 : 200), "what was refused did not happen")
        if !isClosed {
          let number: Int64 = changing.status == 200 ? 1 : 0
          #expect(try client.send("GET", "/v2/sessions/\(changed)")["data"]?["n"]?.integer == number)
        }
        #expect(try program.client().ownStatus(token) == 200, "new connections are served, too")

        try FileManager.default.removeItem(atPath: "\(disk)/filler")
        #expect(try client.wait { try $0.send("POST", "/v2/sessions", #"{"user_id":"after"}"#).status == 201 })
        let closed = try client.send("POST", "/v2/sessions/\(changed)/close")
        #expect(closed.status == (isClosed ? 409 : 200), "\(closed.text)")
        for user in refused {
          #expect(try client.send("GET", "/v2/sessions?user_id=\(user)")["sessions"]?.elements.count == 0, "\(user)")
        }
        for token in kept { #expect(try client.ownStatus(token) == 200) }
        let opened = try client.events(types: "session.opened").compactMap(\.user)
        #expect(opened.count { $0.hasPrefix("full-") } == kept.count, "the log tells of nothing that was refused")
        let look = ["sqlite3", "-readonly", "\(data)/sesame.db", "PRAGMA integrity_check"]
        let check = try ProgramRun("nsenter", ["--target", "\(program.process.number)", "--mount"] + look)
        #expect(check.output == ["ok"], "\(check.output) \(check.complaint)")
        print("full disk: \(kept.count) openings answered, \(refused.count) refused, none of them visible later")
      }
    }

    /// Leaves room for a few changes on the disk.
    private static func fill(_ disk: String) throws {
      let run = try ProgramRun("dd", ["if=/dev/zero", "of=\(disk)/filler", "bs=4096"])
      try #require(run.complaint.contains("No space left on device"), "\(run.complaint)")
      try #require(try ProgramRun("truncate", ["--size=-300K", "\(disk)/filler"]).status == 0)
    }

    /// Opens sessions until twenty were refused; the tokens of those that were opened, and the users of the others.
    private static func openUntilFull(
      _ client: ServiceClient, _ token: String
    ) throws -> (kept: [String], refused: [String]) {
      var (kept, refused): ([String], [String]) = ([], [])
      for number in 0..<5000 where refused.count < 20 {
        let user = "full-\(number)"
        let reply = try client.send("POST", "/v2/sessions", #"{"user_id":"\#(user)","data":\#(data(number))}"#)
        if reply.status == 201 {
          kept.append(try #require(reply["token"]?.string))
        } else {
          #expect(reply.status == 507 && reply["code"]?.string == "store_full", "\(reply.status) \(reply.text)")
          #expect(!reply.text.contains("sqlite") && !reply.text.contains("disk I/O"))
          refused.append(user)
        }
        #expect(try client.ownStatus(token) == 200)
      }
      return (kept, refused)
    }

    /// Some four kilobytes.
    private static func data(_ number: Int) -> String {
      #"{"n":\#(number),"text":"\#(String(repeating: "x", count: 4000))"}"#
    }
  }
}
