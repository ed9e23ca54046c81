import JSON
import Testing

@testable import Benchmarking

@Suite struct BenchmarkReportTests {
  private static func figures(_ requests: Int, p99: Double, cpu: Double) throws -> LoadFigures {
    var figures = try #require(
      LoadFigures(
        output: """
          {"requests": \(requests), "seconds": 2.0, "p50_ms": 0.5, "p99_ms": \(p99), "p999_ms": 3, "max_ms": 4, \
          "refused": 1, "broken": 2}
          """))
    figures.processorMicroseconds = cpu
    return figures
  }

  private static func report(failure: String? = nil) throws -> BenchmarkReport {
    let load = LoadComparison(rounds: [
      .init(server: try figures(200_000, p99: 1, cpu: 8), control: try figures(250_000, p99: 2, cpu: 7)),
      .init(server: try figures(100_000, p99: 5, cpu: 9), control: try figures(200_000, p99: 3, cpu: 7)),
      .init(server: try figures(240_000, p99: 2, cpu: 8.5), control: try figures(240_000, p99: 2.5, cpu: 7)),
    ])
    var result = BenchmarkResult(measurement: .verify, what: "verify", sessions: 10_000)
    result.load = load
    result.errors = load.errors
    result.goals = [
      Goal(name: "of the control", value: load.ratio, unit: .ratio, bound: .atLeast(0.95)),
      Goal(name: "of CPU each", value: 8.5, unit: .microseconds, bound: .atMost(9)),
      Goal(name: "on disk", value: 2048, unit: .bytes),
    ]
    var other = BenchmarkResult(measurement: .start, what: "failed", sessions: 0)
    other.failure = failure
    return BenchmarkReport(
      machine: Machine(
        processor: "a \"fast\" one", cores: 2, mebibytes: 24_105, system: "Debian", disk: "ext4", time: 1_795_000_000),
      options: BenchmarkOptions(), sets: [], results: failure == nil ? [result] : [result, other])
  }

  @Test("the ratio is the median of the rounds' ratios, not that of the medians")
  func ratio() throws {
    let load = try #require(try Self.report().results.first?.load)
    #expect(load.ratio == 0.8)
    #expect(load.server(\.rate) == 100_000 && load.control(\.rate) == 120_000)
    #expect(load.errors == 9)
  }

  @Test("the tables are Markdown, with the target and whether it is met")
  func tables() throws {
    let lines = try Self.report(failure: "no | pipe\nno line").text.split(separator: "\n").map(String.init)
    let cells = lines.map { $0.split(separator: "|").map { $0.filter { $0 != " " } } }
    #expect(cells.contains(["P1", "verify", "10,000", "0.80ofthecontrol", "≥0.95", "no"]))
    #expect(cells.contains(["P1", "verify", "10,000", "8.5µsofCPUeach", "≤9.0µs", "yes"]))
    #expect(cells.contains(["P1", "verify", "10,000", "2,048bytesondisk", "", ""]))
    #expect(cells.contains(["P1", "verify", "10,000", "9errors", "0", "no"]))
    #expect(cells.contains(["P12", "failed", "", "nopipenoline", "", "failed"]))
    #expect(
      cells.contains([
        "P1", "verify", "64", "100,000", "120,000", "0.80", "8.5µs(7.0)", "0.50ms(0.50)", "2.00ms(2.50)", "9",
      ]))
    for id in ["id", "P1"] {
      // Both tables have such lines; those of each are as long as one another.
      #expect(Set(lines.filter { $0.hasPrefix("| \(id) ") }.map(\.count)).count == 2)
    }
    #expect(lines.last?.contains("3 rounds of 4 s") == true)
  }

  @Test("the JSON holds every round, and is JSON whatever the figures are")
  func json() throws {
    var report = try Self.report()
    var results = report.results
    results[0].goals[2].value = .nan
    report = BenchmarkReport(machine: report.machine, options: report.options, sets: [], results: results)
    let root = try JSONDocument(parsing: report.json).root
    #expect(root["machine"]?["processor"]?.string == "a \"fast\" one")
    let result = try #require(root["results"]?.elements.first)
    #expect(result["id"]?.string == "P1" && result["load"]?.count == 3)
    #expect(result["load"]?.elements[1]["server"]?["rate"]?.double == 50_000)
    #expect(result["goals"]?.elements[0]["at_least"]?.double == 0.95)
    #expect(result["goals"]?.elements[0]["met"]?.boolean == false)
    #expect(result["goals"]?.elements[2]["value"]?.isNull == true)
  }

  @Test("a missed target is no failure, an error is")
  func failure() throws {
    #expect(try Self.report().hasFailed)
    let report = try Self.report()
    var results = report.results
    results[0].errors = 0
    let missed = BenchmarkReport(machine: report.machine, options: report.options, sets: [], results: results)
    #expect(!missed.hasFailed)
  }

  @Test(
    "numbers have commas and so many places",
    arguments: [
      (0, 0, "0"), (999.6, 0, "1,000"), (1_234_567, 0, "1,234,567"), (0.996, 2, "1.00"), (12.05, 1, "12.1"),
      (-0.001, 2, "0.00"), (-1234.5, 1, "-1,234.5"), (Double.infinity, 1, "—"), (1e300, 0, "—"),
    ])
  func decimals(value: Double, places: Int, text: String) {
    #expect(Decimal.text(value, places: places) == text)
  }
}
