#if MongoDB
  import Foundation
  import Glibc

  /// A server of one test's own, which it may hold and kill.
  final class BreakableMongo: @unchecked Sendable {
    // Used by one test, one call after the other; what reads the script's lines is used by them alone.
    let address: String
    private let script = Process()
    private let output = Pipe()
    private var server: pid_t = 0

    /// Starts it.
    init() throws {
      let folderOfTests = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      script.executableURL = folderOfTests.appending(path: "../../../scripts/store-servers").standardized
      script.arguments = ["one", "mongodb"]
      script.standardOutput = output
      try script.run()
      guard let line = Self.line(of: output.fileHandleForReading), let number = pid_t(line[2]) else {
        throw CocoaError(.fileReadCorruptFile)
      }
      address = line[1]
      server = number
    }

    /// The next line "ready ADDRESS PID", in its words; waits for it.
    private static func line(of handle: FileHandle) -> [String]? {
      var text = Data()
      while let byte = try? handle.read(upToCount: 1), byte != Data([0x0A]) { text += byte }
      let words = String(decoding: text, as: UTF8.self).split(separator: " ").map(String.init)
      return words.count >= 3 ? words : nil
    }

    /// Holds the server, so that it neither answers nor closes anything.
    func hold() {
      kill(server, SIGSTOP)
      // On a busy machine some threads run on for a moment.
      let folder = "/proc/\(server)/task"
      while let threads = try? FileManager.default.contentsOfDirectory(atPath: folder),
        threads.contains(where: { state(of: "\(folder)/\($0)") != "T" })
      {
        sched_yield()
      }
    }

    /// Lets it go on.
    func goOn() { kill(server, SIGCONT) }

    /// Kills the server, and returns when it is gone.
    func end() {
      kill(server, SIGKILL)
      // The script reaps it; a process that is not there any more can't be signalled, one that is not reaped yet can.
      while kill(server, 0) == 0, !isDead { sched_yield() }
    }

    private var isDead: Bool { state(of: "/proc/\(server)").map { $0 == "Z" } ?? true }

    /// The letter of a process's or a thread's state (proc(5)); `nil` if it is gone.
    private func state(of folder: String) -> Substring? {
      let text = try? String(contentsOfFile: folder + "/stat", encoding: .utf8)
      return text?.split(separator: ")").last?.dropFirst().prefix(1)
    }

    /// Starts a killed server again, with its data and at its place.
    func start() throws {
      kill(script.processIdentifier, SIGUSR1)
      guard let line = Self.line(of: output.fileHandleForReading), let number = pid_t(line[2]) else {
        throw CocoaError(.fileReadCorruptFile)
      }
      server = number
    }

    deinit {
      kill(server, SIGCONT)
      script.terminate()
      script.waitUntilExit()
    }
  }
#endif
