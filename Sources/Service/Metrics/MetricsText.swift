/// The exposition format, line by line.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/
struct MetricsText {
  private(set) var bytes: [UInt8] = []

  /// Labels as they stand between the braces: values with backslash, quotation mark and line feed escaped.
  static func labels(_ labels: MetricLabels) -> [UInt8] {
    var bytes: [UInt8] = []
    for (name, value) in labels {
      if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
      bytes += Array("\(name)=\"".utf8)
      escape(value, quotes: true, to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    }
    return bytes
  }

  mutating func append(_ family: MetricFamily) {
    bytes += Array("# HELP \(family.name) ".utf8)
    Self.escape(family.help, quotes: false, to: &bytes)
    bytes += Array("\n# TYPE \(family.name) \(family.kind.rawValue)\n".utf8)
    for series in family.series {
      switch series.read() {
      case .integer(let value): sample(family.name, series.labels, "\(value)")
      case .number(let value): sample(family.name, series.labels, Self.text(value))
      case .histogram(let snapshot):
        var count: UInt64 = 0
        for (bound, inBucket) in zip(snapshot.bounds + [.infinity], snapshot.counts) {
          count &+= inBucket
          let bucket = Array("le=\"\(Self.text(bound))\"".utf8)
          let labels = series.labels.isEmpty ? bucket : series.labels + [UInt8(ascii: ",")] + bucket
          sample("\(family.name)_bucket", labels, "\(count)")
        }
        sample("\(family.name)_sum", series.labels, Self.text(snapshot.sum))
        sample("\(family.name)_count", series.labels, "\(count)")
      }
    }
  }

  private mutating func sample(_ name: String, _ labels: [UInt8], _ value: String) {
    bytes += Array(name.utf8)
    if !labels.isEmpty {
      bytes.append(UInt8(ascii: "{"))
      bytes += labels
      bytes.append(UInt8(ascii: "}"))
    }
    bytes += Array(" \(value)\n".utf8)
  }

  private static func text(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return value.description
  }

  private static func escape(_ text: String, quotes: Bool, to bytes: inout [UInt8]) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): bytes += Array("\\\\".utf8)
      case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
      case UInt8(ascii: "\"") where quotes: bytes += Array("\\\"".utf8)
      default: bytes.append(byte)
      }
    }
  }
}
