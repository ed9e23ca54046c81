import Commands
import Testing

@testable import Benchmarking

@Suite struct BenchmarkOptionsTests {
  private func read(_ words: [String]) throws -> BenchmarkOptions {
    try BenchmarkOptions(try CommandParser.options(words, of: BenchmarkOptions.declared))
  }

  @Test("without a flag everything is measured, three rounds of four seconds")
  func defaults() throws {
    let options = try read([])
    #expect(options == BenchmarkOptions())
    #expect(options.measurements == Measurement.allCases && options.rounds == 3 && options.seconds == 4)
  }

  @Test("every flag is read, and lists come back in order and once")
  func flags() throws {
    let options = try read([
      "--only", "P10,P2,P2", "--rounds", "5", "--seconds", "2", "--sessions", "1000000,10000", "--connections",
      "512,1", "--json", "a.json", "--disk", "/srv", "--keep", "/srv/sets",
    ])
    #expect(options.measurements == [.verifyAmongMany, .expiry])
    #expect(options.rounds == 5 && options.seconds == 2)
    #expect(options.sessions == [10_000, 1_000_000] && options.connections == [1, 512])
    #expect(options.report == "a.json" && options.disk == "/srv" && options.keep == "/srv/sets")
  }

  @Test(
    "what there is not is refused as wrong use, in a sentence that names what there is",
    arguments: [
      (["--only", "P13"], "P12"), (["--only", "P1,"], "P12"), (["--rounds", ""], "value"),
      (["--rounds", "0"], "1 to 100"), (["--rounds", "+5"], "1 to 100"), (["--seconds", "1e3"], "1 to 600"),
      (["--sessions", "10,000"], "1000 to"), (["--sessions", "99999999999999999999"], "1000 to"),
      (["--connections", "-1"], "1 to 10000"), (["--key", "ssk_x"], "--url"), (["--only", "sets"], "--keep"),
      (["--url", "127.0.0.1:8080"], "http://"), (["--url", "http://a", "--only", "P9"], "P9"),
    ])
  func refused(arguments: [String], part: String) {
    let error = #expect(throws: BenchmarkError.self) { try read(arguments) }
    #expect(error?.code == .wrongUse)
    #expect(error?.description.contains(part) == true)
  }

  @Test("a given server is measured for what can be measured from outside alone")
  func remote() throws {
    let options = try read(["--url", "http://10.0.0.1:8080", "--key", "ssk_x"])
    #expect(options.measurements == [.verify, .verifyByPost, .open, .renewAndClose, .forgedFlood])
  }
}
