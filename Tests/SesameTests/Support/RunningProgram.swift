import Foundation
import HTTPTesting
import Testing

/// The program `sesame serve` on a folder of its own, as users run it.
final class RunningProgram {
  /// Holds the data folder, and is where the program runs.
  let folder: TemporaryFolder
  /// The port that it picked.
  private(set) var port = 0
  /// How long the last start took, up to the line that says it is ready.
  private(set) var startTime = Duration.zero
  private(set) var process: ChildProcess
  private let flags: [String]
  private let environment: [String: String]
  private let wrapper: [String]

  /// The program as it was built beside these tests, or the one that `SESAME_PROGRAM` names.
  static let executable =
    ProcessInfo.processInfo.environment["SESAME_PROGRAM"]
    ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/sesame"

  /// Starts it on a folder, and waits until it is ready; ``withProgram(_:environment:folder:under:_:)`` ends it, too.
  ///
  /// `wrapper` is a command that becomes the program in the same process, such as prlimit(1) with its arguments.
  init(
    _ folder: TemporaryFolder, _ flags: [String], _ environment: [String: String], under wrapper: [String] = []
  ) throws {
    self.folder = folder
    self.flags = flags
    self.environment = environment
    self.wrapper = wrapper
    process = try Self.launch(folder, flags, environment, wrapper)
    try awaitReadiness(since: .now)
  }

  /// The name of its folder for the data.
  static let data = "data"

  private static func launch(
    _ folder: TemporaryFolder, _ flags: [String], _ environment: [String: String], _ wrapper: [String]
  ) throws -> ChildProcess {
    let words =
      wrapper + [executable, "serve", "--listen", "127.0.0.1:0", "--data", folder.file(data)] + flags
    return try ChildProcess(words[0], Array(words.dropFirst()), in: folder.path, environment: environment)
  }

  private func awaitReadiness(since start: ContinuousClock.Instant) throws {
    guard let line = process.output.wait(for: { $0.hasPrefix("ready http") }) else {
      throw Failure("sesame did not start: \(process.errors.all.joined(separator: "\n"))")
    }
    startTime = .now - start
    port = try #require(line.split(separator: ":").last.flatMap { Int($0) })
  }

  /// Why a program could not be had.
  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  /// Its log up to now.
  var log: [String] { process.errors.all }

  /// Waits for a line of that event, counted from a line of the log on.
  @discardableResult
  func waitForLog(_ event: String, from start: Int = 0) throws -> String {
    try #require(
      process.errors.wait(from: start) { $0.contains("\"event\":\"\(event)\"") }, "the log never said \(event)")
  }

  /// A new connection.
  func client() throws -> ServiceClient { try ServiceClient(port: port) }

  /// A new connection to the administration socket.
  func socketClient() throws -> ServiceClient {
    try ServiceClient(socket: folder.file("\(Self.data)/sesame.sock"))
  }

  /// Asks it to end, and answers its exit status; `nil` if it doesn't in time.
  func stop(limit: Duration = .seconds(30)) -> Int32? {
    process.send(SIGTERM)
    return process.waitForEnd(limit: limit)
  }

  /// Ends it as a power cut would, as far as processes go.
  func kill() {
    process.send(SIGKILL)
    _ = process.waitForEnd()
  }

  /// Starts it again on the same folder, with the same flags and more.
  func start(_ more: [String] = []) throws {
    let begin = ContinuousClock.now
    process = try Self.launch(folder, flags + more, environment, wrapper)
    try awaitReadiness(since: begin)
  }

  /// Reads the certificate and the key ring again, and waits until it has.
  func reload() throws {
    let start = log.count
    process.send(SIGHUP)
    try waitForLog("server.reloaded", from: start)
  }
}

/// Runs `sesame serve` while `body` talks to it; whatever becomes of that, no process and no file is left.
func withProgram(
  _ flags: [String] = [], environment: [String: String] = [:], folder: TemporaryFolder? = nil,
  under wrapper: [String] = [], _ body: @escaping @Sendable (RunningProgram) throws -> Void
) async throws {
  let folder = try folder ?? TemporaryFolder()
  try await onBlockingThread {
    let program = try RunningProgram(folder, flags, environment, under: wrapper)
    defer { program.kill() }
    try body(program)
  }
}
