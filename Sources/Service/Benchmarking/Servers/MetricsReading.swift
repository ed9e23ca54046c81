/// What a server says at /metrics, in the text format of Prometheus.
struct MetricsReading {
  private var values: [String: Double] = [:]

  /// Reads the lines that are samples; of one name with several sets of labels, the sum is kept.
  init(_ text: String) {
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else { continue }
      values[String(line[..<space].prefix { $0 != "{" }), default: 0] += value
    }
  }

  /// The sum of a name's samples; 0 if there are none.
  subscript(_ name: String) -> Double { values[name] ?? 0 }
}
