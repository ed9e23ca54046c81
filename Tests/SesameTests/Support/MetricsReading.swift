import Testing

/// What `/metrics` said, read as Prometheus reads it: every sample must be announced by a TYPE line before it.
struct MetricsReading {
  struct Sample {
    let name: String
    let labels: [String: String]
    let value: Double
  }

  private(set) var samples: [Sample] = []

  init(_ text: String) throws {
    try #require(text.utf8.last == 0x0A, "the text ends with a line feed")
    var types: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 3)
      if line.hasPrefix("# TYPE ") {
        try #require(types.updateValue(String(words[3]), forKey: String(words[2])) == nil, "\(words[2]) comes twice")
      } else if !line.hasPrefix("# HELP ") {
        let sample = try Self.sample(line)
        let family = ["_bucket", "_sum", "_count"].first { sample.name.hasSuffix($0) }
          .map { String(sample.name.dropLast($0.count)) }
        let type = types[sample.name] ?? family.flatMap { types[$0] == "histogram" ? "histogram" : nil }
        try #require(type != nil, "\(sample.name) has no type")
        samples.append(sample)
      }
    }
  }

  /// The sum of all samples of that name whose labels include the given ones; `nil` if there is none.
  func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
    let found = samples.filter { sample in
      sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value }
    }
    return found.isEmpty ? nil : found.reduce(0) { $0 + $1.value }
  }

  /// Every route that requests are counted for, but the one for requests that found none.
  var routes: [(method: String, path: String)] {
    var seen: Set<String> = []
    return samples.filter { $0.name == "sesame_http_requests_total" }.compactMap { sample in
      guard let method = sample.labels["method"], let route = sample.labels["route"], route != "unmatched",
        seen.insert("\(method) \(route)").inserted
      else { return nil }
      return (method, route)
    }
  }

  /// Reads `name{label="value",…} 1`; no value of ours holds a comma, a quotation mark or a brace that matters here.
  private static func sample(_ line: Substring) throws -> Sample {
    let space = try #require(line.lastIndex(of: " "), "\(line) has no value")
    let value = try #require(Double(line[line.index(after: space)...]), "\(line) has no number")
    let name = line[..<space]
    guard let brace = name.firstIndex(of: "{") else { return Sample(name: String(name), labels: [:], value: value) }
    var labels: [String: String] = [:]
    for pair in name[name.index(after: brace)...].dropLast().split(separator: ",") {
      let parts = pair.split(separator: "=", maxSplits: 1)
      try #require(parts.count == 2 && parts[1].hasPrefix("\"") && parts[1].hasSuffix("\""), "\(pair) is no label")
      labels[String(parts[0])] = String(parts[1].dropFirst().dropLast())
    }
    return Sample(name: String(name[..<brace]), labels: labels, value: value)
  }
}
