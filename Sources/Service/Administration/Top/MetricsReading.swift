import SessionCore

/// What a server counted up to one moment, as `/metrics` says it.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/
struct MetricsReading: Sendable {
  /// One series: its labels, and its value.
  struct Series: Sendable {
    let labels: [String: String]
    let value: Double
  }

  private var families: [String: [Series]] = [:]

  /// Reads the text; lines that are none of the format are left out.
  init(_ text: [UInt8]) {
    for line in text.split(separator: 0x0A) where line.first != 0x23 {
      guard let space = line.lastIndex(of: 0x20),
        let value = Double(String(decoding: line[(space + 1)...], as: UTF8.self))
      else { continue }
      let series = line[..<space]
      guard let brace = series.firstIndex(of: 0x7B) else {
        families[String(decoding: series, as: UTF8.self), default: []].append(Series(labels: [:], value: value))
        continue
      }
      let name = String(decoding: series[..<brace], as: UTF8.self)
      // The last brace ends them: routes have braces of their own.
      let end = series.lastIndex(of: 0x7D) ?? series.endIndex
      let labels = Self.labels(series[(brace + 1)..<max(brace + 1, end)])
      families[name, default: []].append(Series(labels: labels, value: value))
    }
  }

  /// No value of the server's own labels has a quotation mark or a comma in it.
  private static func labels(_ text: ArraySlice<UInt8>) -> [String: String] {
    var labels: [String: String] = [:]
    for pair in text.split(separator: 0x2C) {
      let parts = pair.split(separator: 0x3D, maxSplits: 1)
      guard parts.count == 2 else { continue }
      labels[String(decoding: parts[0], as: UTF8.self)] = String(
        decoding: parts[1].filter { $0 != 0x22 }, as: UTF8.self)
    }
    return labels
  }

  /// All series of a name.
  subscript(_ name: String) -> [Series] { families[name] ?? [] }

  /// The sum of the series of a name that have these labels; 0 if there are none.
  func sum(_ name: String, _ labels: [String: String] = [:]) -> Double {
    self[name].reduce(0) { sum, series in
      labels.allSatisfy { series.labels[$0.key] == $0.value } ? sum + series.value : sum
    }
  }
}
