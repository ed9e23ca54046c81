import Testing

@testable import Benchmarking

@Suite struct LoadReadingTests {
  private static let report = """
    {"requests": 117913, "seconds": 1.0, "p50_ms": 0.51, "p99_ms": 4.13, "p999_ms": 9, "max_ms": 12.5, "refused": 3, \
    "broken": 4}
    """

  @Test("wrk's words before the report are passed over")
  func report() throws {
    let figures = try #require(LoadFigures(output: "Running 1s test\n  1 threads\n\n\(Self.report)\n"))
    #expect(figures.requests == 117_913 && figures.rate == 117_913)
    #expect(figures.median == 0.51 && figures.p99 == 4.13 && figures.worst == 12.5)
    #expect(figures.errors == 7)
  }

  @Test(
    "an output without a report is none",
    arguments: ["", "\n", "unable to connect", #"{"requests": 5}"#, #"{"requests": "5", "seconds": 1}"#, "[1]"])
  func noReport(output: String) {
    #expect(LoadFigures(output: output) == nil)
  }

  @Test("a run of no time has no rate")
  func noTime() throws {
    let text = Self.report.replacing("\"seconds\": 1.0", with: "\"seconds\": 0")
    #expect(try #require(LoadFigures(output: text)).rate == 0)
  }

  @Test("CPU time is found behind a name with spaces and brackets")
  func processorTime() {
    let numbers = (3...52).map(String.init).joined(separator: " ")
    #expect(ProcessFigures.ticks(stat: "7 (a) b) S \(numbers)") == 14 + 13)
    #expect(ProcessFigures.ticks(stat: "7 (a) S 1 2") == nil)
    #expect(ProcessFigures.ticks(stat: "") == nil)
  }

  @Test(
    "lists of cores are read, and nonsense is no core",
    arguments: [
      ("0-2,5", [0, 1, 2, 5]), ("\t3\n", [3]), ("", []), ("x", []), ("5-1", []), ("0-99999999", []),
    ])
  func cores(list: String, cores: [Int]) {
    #expect(ProcessFigures.cores(list: list) == cores)
  }

  @Test("a folder is on what is mounted nearest above it")
  func mounts() {
    let mounts = """
      22 1 254:1 / / rw shared:1 - ext4 /dev/vda rw
      30 22 0:27 / /tmp rw - tmpfs tmpfs rw
      31 30 0:28 / /tmp/data rw - xfs /dev/vdb rw
      broken
      """
    #expect(FileSystemKind(of: "/srv", mounts: mounts).name == "ext4")
    #expect(FileSystemKind(of: "/tmp/x", mounts: mounts).isMemory)
    #expect(FileSystemKind(of: "/tmpx", mounts: mounts).name == "ext4")
    #expect(FileSystemKind(of: "/tmp/data/a", mounts: mounts).name == "xfs")
    #expect(FileSystemKind(of: "/srv", mounts: "").name == "unknown")
  }

  @Test("samples of one metric are added up over their labels")
  func metrics() {
    let reading = MetricsReading(
      "# HELP a b\na{x=\"1 2\"} 3\na{x=\"2\"} 4.5\nb 1e3\nbroken\nc x\n")
    #expect(reading["a"] == 7.5 && reading["b"] == 1000 && reading["c"] == 0 && reading["d"] == 0)
  }

  @Test("an answer is complete when its body is")
  func answers() throws {
    let text = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8)
    for count in text.indices { #expect(LoopbackClient.Answer(Array(text[..<count])) == nil) }
    let answer = try #require(LoopbackClient.Answer(text))
    #expect(answer.status == 200 && answer.body == Array("ok".utf8))
  }
}
