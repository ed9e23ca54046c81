/// What a run has found.
public struct BenchmarkReport: Sendable {
  let machine: Machine
  let options: BenchmarkOptions
  /// The data sets that were all that was asked for.
  let sets: [DataSet]
  let results: [BenchmarkResult]

  /// Whether something could not be measured, or requests were answered wrongly.
  ///
  /// A target that is missed is no failure.
  public var hasFailed: Bool { results.contains { $0.failure != nil || $0.errors > 0 } }
}
