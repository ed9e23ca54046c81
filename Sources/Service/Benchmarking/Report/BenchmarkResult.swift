/// What one measurement came to.
struct BenchmarkResult: Sendable {
  var measurement: Measurement
  /// What was done, in a few words.
  var what: String
  /// How many sessions the server had.
  var sessions: Int
  var connections = LoadGenerator.usualConnections
  var goals: [Goal] = []
  /// The load beside the control, where there was one.
  var load: LoadComparison?
  /// Requests that were not answered as they should.
  var errors = 0
  /// Why there are no figures.
  var failure: String?
}
