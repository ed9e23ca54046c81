import Synchronization

/// What is measured, and its text for Prometheus (exposition format 0.0.4).
///
/// Register at the start, keep what registering answers, and record with it from any thread, without a lock. Names and
/// labels that the format does not allow, one series twice, or one name for two kinds are misuses and trap.
public final class Metrics: Sendable {
  /// What to send as Content-Type with ``render()``.
  public static let contentType: StaticString = "text/plain; version=0.0.4; charset=utf-8"

  private let families = Mutex<[MetricFamily]>([])

  /// Nothing yet.
  public init() {}

  /// Registers a counter; its name should end in "_total".
  public func counter(_ name: String, help: String, labels: MetricLabels = [:]) -> Counter {
    let counter = Counter()
    add(name, .counter, help, labels) { .integer(counter.value) }
    return counter
  }

  /// Registers a counter that somebody else counts; `read` is called for each rendering, from any thread.
  public func counter(
    _ name: String, help: String, labels: MetricLabels = [:], read: @escaping @Sendable () -> UInt64
  ) {
    add(name, .counter, help, labels) { .integer(read()) }
  }

  /// Registers a gauge; `read` is called for each rendering, from any thread.
  public func gauge(_ name: String, help: String, labels: MetricLabels = [:], read: @escaping @Sendable () -> Double) {
    add(name, .gauge, help, labels) { .number(read()) }
  }

  /// Registers a histogram; `bounds` are the upper bounds of its buckets, rising, in its unit.
  public func histogram(
    _ name: String, help: String, labels: MetricLabels = [:], unit: Histogram.Unit = .nanoseconds,
    bounds: [UInt64] = Histogram.latencyBounds
  ) -> Histogram {
    precondition(labels.allSatisfy { $0.key != "le" }, "the label le belongs to the buckets")
    let histogram = Histogram(unit: unit, bounds: bounds)
    add(name, .histogram, help, labels) { .histogram(histogram.snapshot()) }
    return histogram
  }

  /// The text of all, in the order of registration.
  public func render() -> [UInt8] {
    var text = MetricsText()
    for family in families.withLock({ $0 }) { text.append(family) }
    return text.bytes
  }

  private func add(
    _ name: String, _ kind: MetricFamily.Kind, _ help: String, _ labels: MetricLabels,
    read: @escaping @Sendable () -> MetricValue
  ) {
    precondition(MetricFamily.isName(name, mayHoldColons: true), "a metric's name is not allowed")
    for (label, _) in labels {
      precondition(
        MetricFamily.isName(label, mayHoldColons: false) && !label.hasPrefix("__"), "a label's name is not allowed")
    }
    let series = MetricFamily.Series(labels: MetricsText.labels(labels), read: read)
    families.withLock { families in
      guard let index = families.firstIndex(where: { $0.name == name }) else {
        families.append(MetricFamily(name: name, kind: kind, help: help, series: [series]))
        return
      }
      precondition(families[index].kind == kind, "one name for two kinds of metrics")
      precondition(families[index].series.allSatisfy { $0.labels != series.labels }, "one series twice")
      families[index].series.append(series)
    }
  }
}

/// The labels of one series, in the order they are written.
public typealias MetricLabels = KeyValuePairs<String, String>
