import Foundation
import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct BenchmarkTests {
    /// On the disk of the build: the benchmark refuses a folder in memory.
    let disk: String
    let folder: TemporaryFolder

    init() throws {
      folder = try TemporaryFolder()
      let place = URL(fileURLWithPath: RunningProgram.executable).deletingLastPathComponent().path
      disk = "\(place)/benchmark-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
      try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
    }

    private static let hasTools = ["/usr/bin/wrk", "/usr/sbin/nginx"].allSatisfy {
      FileManager.default.isExecutableFile(atPath: $0)
    }

    private func removeDisk() { try? FileManager.default.removeItem(atPath: disk) }

    private var left: [String] { (try? FileManager.default.contentsOfDirectory(atPath: disk)) ?? ["?"] }

    @Test(
      "a short run verifies and opens without an error, says so in both forms, and leaves nothing",
      .enabled(if: hasTools, "wrk or nginx is missing"))
    func shortRun() async throws {
      defer { removeDisk() }
      let report = folder.file("report.json")
      let run = try await onBlockingThread {
        try ProgramRun(
          sesame: [
            "benchmark", "--only", "P1,P3,P4", "--rounds", "1", "--seconds", "1", "--disk", disk, "--json", report,
          ], in: folder.path)
      }
      #expect(run.status == 0, "\(run.output) \(run.complaint)")
      #expect(run.errors.isEmpty, "there is no progress where there is no terminal")
      #expect(run.output.contains { $0.hasPrefix("| P1 ") && $0.contains("of the control") })
      let root = try JSONDocument(parsing: folder.bytes(of: "report.json")).root
      let results = root["results"]?.elements ?? []
      #expect(results.compactMap { $0["id"]?.string } == ["P1", "P3", "P3", "P3", "P4"])
      for result in results {
        #expect(result["errors"]?.integer == 0)
        #expect((result["load"]?.elements.first?["server"]?["requests"]?.integer ?? 0) > 0)
        #expect((result["load"]?.elements.first?["control"]?["requests"]?.integer ?? 0) > 0)
      }
      #expect(left.isEmpty)
    }

    @Test("a data set is made once, and found again", .enabled(if: hasTools, "wrk or nginx is missing"))
    func keptSet() async throws {
      defer { removeDisk() }
      let words = ["benchmark", "--only", "sets", "--sessions", "1000", "--keep", disk, "--disk", disk]
      let (first, second) = try await onBlockingThread {
        (try ProgramRun(sesame: words, in: folder.path), try ProgramRun(sesame: words, in: folder.path))
      }
      #expect(first.status == 0, "\(first.complaint)")
      #expect(first.output == second.output, "it tells how long the making took, once and for all")
      #expect(first.output.first?.hasPrefix("1,000 sessions in ") == true)
      #expect(left == ["sessions-1000"])
      let check = try ProgramRun(sesame: ["check", "--data", "\(disk)/sessions-1000"], in: folder.path)
      #expect(check.status == 0, "\(check.output)")
    }

    @Test(
      "an interruption ends all that was started and removes all that was made",
      .enabled(if: hasTools, "wrk or nginx is missing"))
    func interruption() async throws {
      defer { removeDisk() }
      try await onBlockingThread {
        let process = try ChildProcess(
          RunningProgram.executable, ["benchmark", "--only", "P1", "--seconds", "600", "--disk", disk], in: folder.path)
        // The file of the sessions is there: the server and the control run, and wrk is about to.
        let begun = Date()
        while !Self.isUnderWay(disk), Date().timeIntervalSince(begun) < 60 { sched_yield() }
        #expect(Self.isUnderWay(disk))
        process.send(SIGINT)
        #expect(process.waitForEnd() == 130)
      }
      #expect(left.isEmpty)
      #expect(Self.commands(naming: disk).isEmpty)
    }

    @Test("without wrk it says which package to install")
    func missingTool() throws {
      defer { removeDisk() }
      let run = try ProgramRun(
        sesame: ["benchmark", "--disk", disk], in: folder.path, environment: ["PATH": folder.path])
      #expect(run.status == 1)
      #expect(run.complaint.contains("wrk") && run.complaint.contains("apt-get install"))
      #expect(left.isEmpty)
    }

    private static func isUnderWay(_ disk: String) -> Bool {
      let folders = (try? FileManager.default.contentsOfDirectory(atPath: disk)) ?? []
      return folders.contains { FileManager.default.fileExists(atPath: "\(disk)/\($0)/sessions") }
    }

    /// The command lines of processes that name a folder.
    private static func commands(naming folder: String) -> [String] {
      let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
      return processes.filter { Int($0) != nil }.compactMap { process in
        let bytes = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
        let line = String(decoding: bytes, as: UTF8.self)
        return line.contains(folder) ? line : nil
      }
    }
  }
}
