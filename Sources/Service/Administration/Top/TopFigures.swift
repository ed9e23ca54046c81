/// What happened between two readings of a server's counters.
struct TopFigures: Sendable {
  /// What one route did.
  struct Route: Sendable {
    let name: String
    let rate: Double
    /// In seconds; `nil` if it answered nothing.
    let mean: Double?
    let refusals: Double
    let failures: Double
  }

  private let now: MetricsReading
  private let before: MetricsReading
  private let seconds: Double

  /// The figures of the time between; of less than a millisecond nothing can be said.
  init(from before: MetricsReading, to now: MetricsReading, seconds: Double) {
    self.now = now
    self.before = before
    self.seconds = max(0.001, seconds)
  }

  /// What a gauge shows now.
  func gauge(_ name: String, _ labels: [String: String] = [:]) -> Double { now.sum(name, labels) }

  /// By how much a counter rises each second; a server that was started anew counts from 0.
  func rate(_ name: String, _ labels: [String: String] = [:]) -> Double {
    difference(name, labels) / seconds
  }

  private func difference(_ name: String, _ labels: [String: String] = [:]) -> Double {
    let later = now.sum(name, labels)
    let earlier = before.sum(name, labels)
    return later >= earlier ? later - earlier : later
  }

  /// The mean of what a histogram took in; `nil` if that was nothing.
  func mean(_ name: String, _ labels: [String: String] = [:]) -> Double? {
    let count = difference("\(name)_count", labels)
    return count > 0 ? difference("\(name)_sum", labels) / count : nil
  }

  /// The bound below which that share of what a histogram took in lies; `nil` if that was nothing.
  func quantile(_ share: Double, _ name: String) -> Double? {
    let bounds = Set(now["\(name)_bucket"].compactMap { $0.labels["le"] })
    let buckets = bounds.compactMap { text in
      (text == "+Inf" ? Double.infinity : Double(text)).map { ($0, difference("\(name)_bucket", ["le": text])) }
    }.sorted { $0.0 < $1.0 }
    guard let total = buckets.last?.1, total > 0 else { return nil }
    return buckets.first { $0.1 >= total * share }?.0
  }

  /// Values of a label with the counter's rate for each, the highest first; those at rest are left out.
  func rates(_ name: String, by label: String) -> [(value: String, rate: Double)] {
    let values = Set(now[name].compactMap { $0.labels[label] })
    return values.map { ($0, rate(name, [label: $0])) }.filter { $0.1 > 0 }
      .sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0 }
  }

  /// The routes that did anything, the busiest first.
  var routes: [Route] {
    let name = "sesame_http_requests_total"
    let all = Set(now[name].map { [$0.labels["method"] ?? "", $0.labels["route"] ?? ""] })
    return all.compactMap { pair -> Route? in
      let labels = ["method": pair[0], "route": pair[1]]
      let rate = rate(name, labels)
      guard rate > 0 else { return nil }
      return Route(
        name: pair.joined(separator: " "), rate: rate, mean: mean("sesame_http_request_duration_seconds", labels),
        refusals: self.rate(name, labels.merging(["status": "4xx"]) { $1 }),
        failures: self.rate(name, labels.merging(["status": "5xx"]) { $1 }))
    }.sorted { $0.rate != $1.rate ? $0.rate > $1.rate : $0.name < $1.name }
  }
}
