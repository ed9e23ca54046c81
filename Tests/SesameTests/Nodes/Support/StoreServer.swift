import Foundation
import Glibc
import HTTPTesting
import Synchronization
import Testing

/// A store's server of one test's own, run by scripts/store-servers, which the test may break.
final class StoreServer: Sendable {
  let kind: SharedStoreKind
  /// Where it is, for those who come without a detour.
  let address: String
  private let supervisor: ChildProcess
  private let processes: Mutex<[Int32]>

  private static let root = URL(fileURLWithPath: #filePath).appending(path: "../../../../..").standardized
  private static let script = root.appending(path: "scripts/store-servers").path

  /// Starts it, empty.
  init(_ kind: SharedStoreKind) throws {
    self.kind = kind
    supervisor = try ChildProcess(Self.script, ["one", kind.rawValue], in: Self.root.path)
    let words = try Self.ready(supervisor, from: 0)
    address = words[1]
    processes = Mutex(words.dropFirst(2).compactMap { Int32($0) })
  }

  deinit {
    supervisor.send(SIGTERM)
    _ = supervisor.waitForEnd()
  }

  private static func ready(_ supervisor: ChildProcess, from start: Int) throws -> [String] {
    let line = supervisor.output.wait(from: start, limit: .seconds(120)) { $0.hasPrefix("ready ") }
    return try #require(line, "no server: \(supervisor.errors.all)").split(separator: " ").map(String.init)
  }

  /// The ports, in the address's order: one, or one for each node of a Cluster.
  var ports: [Int] {
    address.split(separator: ",").compactMap { place in
      place.split(separator: ":").last.flatMap { Int($0.prefix(while: \.isNumber)) }
    }
  }

  /// The address with other ports in place of its own.
  func address(at others: [Int]) -> String {
    zip(ports, others).reduce(address) { $0.replacing(":\($1.0)", with: ":\($1.1)") }
  }

  /// Everything that is in it, as lines of text.
  func dump() throws -> [String] {
    let run = try ProgramRun(Self.script, ["dump", address], in: Self.root.path)
    try #require(run.status == 0, "\(run.errors)")
    return run.output
  }

  /// Ends all of it, or the node of that place in the address, as a power cut does.
  func kill(_ place: Int? = nil) {
    let all = processes.withLock { $0 }
    for process in place.map({ [all[$0]] }) ?? all { signal(SIGKILL, toTree: process) }
  }

  /// Has it neither read nor answer, though its system still takes connections.
  func hang() { for process in processes.withLock({ $0 }) { signal(SIGSTOP, toTree: process) } }

  /// Ends ``hang()``.
  func goOn() { for process in processes.withLock({ $0 }) { signal(SIGCONT, toTree: process) } }

  /// Starts again what was killed, on the same data and ports, and waits until it serves.
  func restart() throws {
    let start = supervisor.output.all.count
    supervisor.send(SIGUSR1)
    let words = try Self.ready(supervisor, from: start)
    processes.withLock { $0 = words.dropFirst(2).compactMap { Int32($0) } }
  }

  /// The parent first, so that it makes no children that would be missed.
  private func signal(_ number: Int32, toTree process: Int32) {
    _ = Glibc.kill(process, number)
    let children = try? String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
    for child in (children ?? "").split(separator: " ").compactMap({ Int32($0) }) { signal(number, toTree: child) }
  }
}
