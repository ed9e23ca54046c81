import Dispatch
import Metrics
import Synchronization
import Testing

@Suite struct MetricsTests {
  private func text(_ metrics: Metrics) -> String { String(decoding: metrics.render(), as: UTF8.self) }

  @Test("counters, gauges and histograms are written in the exposition format")
  func format() {
    let metrics = Metrics()
    let requests = metrics.counter(
      "sesame_requests_total", help: "Requests answered.", labels: ["route": "verify", "code": "200"])
    let others = metrics.counter("sesame_requests_total", help: "", labels: ["route": "open", "code": "201"])
    metrics.gauge("sesame_connections", help: "Connections open.") { 3 }
    metrics.counter("sesame_cache_hits_total", help: "Hits.") { 12 }
    let times = metrics.histogram("sesame_seconds", help: "Times.", labels: ["a": "b"], bounds: [1_000_000, 2_500_000])
    let sizes = metrics.histogram("sesame_bytes", help: "Sizes.", unit: .count, bounds: [10])
    requests.increment()
    requests.increment(by: 4)
    others.increment()
    for time in [1, 1_000_000, 1_000_001, 2_500_000, 9_000_000] as [UInt64] { times.observe(time) }
    sizes.observe(7)
    #expect(
      text(metrics) == """
        # HELP sesame_requests_total Requests answered.
        # TYPE sesame_requests_total counter
        sesame_requests_total{route="verify",code="200"} 5
        sesame_requests_total{route="open",code="201"} 1
        # HELP sesame_connections Connections open.
        # TYPE sesame_connections gauge
        sesame_connections 3.0
        # HELP sesame_cache_hits_total Hits.
        # TYPE sesame_cache_hits_total counter
        sesame_cache_hits_total 12
        # HELP sesame_seconds Times.
        # TYPE sesame_seconds histogram
        sesame_seconds_bucket{a="b",le="0.001"} 2
        sesame_seconds_bucket{a="b",le="0.0025"} 4
        sesame_seconds_bucket{a="b",le="+Inf"} 5
        sesame_seconds_sum{a="b"} 0.013500002
        sesame_seconds_count{a="b"} 5
        # HELP sesame_bytes Sizes.
        # TYPE sesame_bytes histogram
        sesame_bytes_bucket{le="10.0"} 1
        sesame_bytes_bucket{le="+Inf"} 1
        sesame_bytes_sum 7.0
        sesame_bytes_count 1

        """)
  }

  @Test("label values and help texts are escaped")
  func escaping() {
    let metrics = Metrics()
    _ = metrics.counter(
      "a_total", help: "back\\slash \"quotes\"\nline", labels: ["l": "back\\slash \"quotes\"\nline é"])
    #expect(
      text(metrics) == """
        # HELP a_total back\\\\slash "quotes"\\nline
        # TYPE a_total counter
        a_total{l="back\\\\slash \\"quotes\\"\\nline é"} 0

        """)
  }

  @Test("what is no number is written as the format wants it")
  func notNumbers() {
    let metrics = Metrics()
    metrics.gauge("a", help: "") { .nan }
    metrics.gauge("b", help: "") { .infinity }
    metrics.gauge("c", help: "") { -.infinity }
    metrics.gauge("d", help: "") { -0.25 }
    #expect(
      text(metrics).split(separator: "\n").filter { !$0.hasPrefix("#") } == ["a NaN", "b +Inf", "c -Inf", "d -0.25"])
  }

  @Test("nothing is lost when many threads record at once")
  func manyThreads() {
    let metrics = Metrics()
    let counter = metrics.counter("a_total", help: "")
    let histogram = metrics.histogram("b", help: "", unit: .count, bounds: [1])
    DispatchQueue.concurrentPerform(iterations: 8) { index in
      for _ in 0..<10_000 {
        counter.increment()
        histogram.observe(UInt64(index % 2) * 3)
      }
    }
    #expect(counter.value == 80_000)
    #expect(
      text(metrics).contains("b_bucket{le=\"1.0\"} 40000\nb_bucket{le=\"+Inf\"} 80000\nb_sum 120000.0\nb_count 80000\n")
    )
  }

  @Test("times are counted as durations too, and absurd ones do not trap")
  func durations() {
    let metrics = Metrics()
    let histogram = metrics.histogram("a", help: "", bounds: [1_000_000_000])
    histogram.observe(.milliseconds(1500))
    histogram.observe(.seconds(-5))
    #expect(text(metrics).contains("a_bucket{le=\"1.0\"} 1\na_bucket{le=\"+Inf\"} 2\na_sum 1.5\n"))
    histogram.observe(.seconds(Int64.max))
    histogram.observe(UInt64.max)
    #expect(text(metrics).contains("a_count 4\n"))
  }

  @Test("closures are read at each rendering, and may register more")
  func reading() {
    let metrics = Metrics()
    let reads = Mutex(0)
    metrics.gauge("a", help: "") {
      reads.withLock { $0 += 1 }
      if reads.withLock({ $0 }) == 1 { metrics.gauge("b", help: "") { 1 } }
      return 0
    }
    #expect(!text(metrics).contains("# HELP b"))
    #expect(text(metrics).contains("# HELP b"))
    #expect(reads.withLock { $0 } == 2)
  }

  @Test("names that the format does not allow trap")
  func badNames() async {
    await #expect(processExitsWith: .failure) { _ = Metrics().counter("a-b", help: "") }
    await #expect(processExitsWith: .failure) { _ = Metrics().counter("1a", help: "") }
    await #expect(processExitsWith: .failure) { _ = Metrics().counter("", help: "") }
    await #expect(processExitsWith: .failure) { _ = Metrics().counter("a", help: "", labels: ["b:c": ""]) }
    await #expect(processExitsWith: .failure) { _ = Metrics().counter("a", help: "", labels: ["__b": ""]) }
    await #expect(processExitsWith: .failure) { _ = Metrics().histogram("a", help: "", labels: ["le": ""]) }
  }

  @Test("one series twice, one name for two kinds, and bounds that do not rise trap")
  func misuse() async {
    await #expect(processExitsWith: .failure) {
      let metrics = Metrics()
      _ = metrics.counter("a", help: "", labels: ["b": "c"])
      _ = metrics.counter("a", help: "", labels: ["b": "c"])
    }
    await #expect(processExitsWith: .failure) {
      let metrics = Metrics()
      _ = metrics.counter("a", help: "")
      metrics.gauge("a", help: "", labels: ["b": "c"]) { 0 }
    }
    await #expect(processExitsWith: .failure) { _ = Metrics().histogram("a", help: "", bounds: [2, 2]) }
  }
}
