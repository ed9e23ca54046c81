internal import JSON

/// What one run of wrk came to.
struct LoadFigures: Sendable, Equatable {
  var requests: Int
  var seconds: Double
  /// Latencies in milliseconds.
  var median: Double
  var p99: Double
  var worst: Double
  /// Answers that were no success.
  var refused: Int
  /// Connections and requests without an answer.
  var broken: Int
  /// CPU time of the server for each request, in microseconds; 0 where it can't be known.
  var processorMicroseconds = 0.0

  /// Requests a second.
  var rate: Double { seconds > 0 ? Double(requests) / seconds : 0 }

  /// Reads the last line of what wrk and its script wrote; `nil` if that is not the script's report.
  init?(output: String) {
    guard let line = output.split(separator: "\n").last,
      let report = try? JSONDocument(parsing: Array(line.utf8)).root,
      let requests = report["requests"]?.integer, let seconds = report["seconds"]?.double,
      let median = report["p50_ms"]?.double, let p99 = report["p99_ms"]?.double, let worst = report["max_ms"]?.double,
      let refused = report["refused"]?.integer, let broken = report["broken"]?.integer
    else { return nil }
    self.requests = Int(clamping: requests)
    self.seconds = seconds
    self.median = median
    self.p99 = p99
    self.worst = worst
    self.refused = Int(clamping: refused)
    self.broken = Int(clamping: broken)
  }

  var errors: Int { refused + broken }
}
