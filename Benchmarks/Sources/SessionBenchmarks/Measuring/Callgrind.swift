import CCounters
import Glibc
import HTTPTesting

/// Counts instructions where the kernel does not, by running a benchmark once more under Valgrind's Callgrind.
///
/// What has code for several processors (digests, JSON) runs what Valgrind's processor has, which may be another than
/// the real one: SHA-256 has no instructions of its own there.
enum Callgrind {
  /// How long a benchmark may take under it.
  private static let limit = Duration.seconds(300)

  /// Instructions for each of `count` operations of the benchmark of that name.
  ///
  /// - Throws: ``Unexpected``, with what Valgrind said.
  static func instructions(of name: String, count: Int, _ scale: Scale) throws -> Double {
    let file = "/tmp/sesame-benchmarks-\(getpid())"
    let program = try ownProgram()
    let child = try ChildProcess(
      "valgrind",
      [
        "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=\(file)", program, "--only", name,
        "--operations", String(count), "--sessions", String(scale.sessions), "--disk", scale.folder,
      ])
    let status = child.waitForEnd(limit: limit)
    // The part that a request had written has a number, what is written at the end has none.
    defer { for path in [file, file + ".1"] { unsafe unlink(path) } }
    guard status == 0, let total = total(in: file + ".1") else {
      let complaint = child.errors.waitForEnd().joined(separator: "\n")
      throw Unexpected("Valgrind did not count \(name):\n\(complaint)")
    }
    return Double(total) / Double(count)
  }

  /// Runs `count` operations of a benchmark, of which Callgrind counts those after the first few.
  static func run(_ benchmark: Benchmark, count: Int, _ scale: Scale) async throws {
    let prepared = try await benchmark.prepare(scale)
    let count = min(count, prepared.limit)
    try await prepared.refill(count)
    try await prepared.perform(count)
    try await prepared.refill(count)
    ccounters_callgrind_begin()
    try await prepared.perform(count)
    ccounters_callgrind_end()
    await prepared.finish()
  }

  /// The sum in a file of Callgrind's (https://valgrind.org/docs/manual/cl-format.html): the line "totals: 123".
  private static func total(in file: String) -> Int? {
    guard let stream = unsafe fopen(file, "r") else { return nil }
    defer { unsafe fclose(stream) }
    var line = [CChar](repeating: 0, count: 4096)
    while unsafe fgets(&line, Int32(line.count), stream) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let words = text.split { $0 == " " || $0 == "\n" }
      if words.count == 2, words[0] == "totals:" || words[0] == "summary:", let total = Int(words[1]) { return total }
    }
    return nil
  }

  private static func ownProgram() throws -> String {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    guard unsafe readlink("/proc/self/exe", &path, path.count - 1) > 0 else {
      throw Unexpected("/proc/self/exe can't be read")
    }
    return String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
