/// The promises that docs/performance.md makes of what happens in the process (P13).
enum Targets {
  /// What became of them, if they were measured.
  static func lines(_ measurements: [Measurement]) -> String? {
    func elapsed(_ name: String) -> Double? { measurements.first { $0.benchmark.name == name }?.cost.elapsed }
    guard let one = elapsed("verify.cached"), let two = elapsed("verify.cached.two-threads") else { return nil }
    let ratio = Double(Int(one / two * 100)) / 100
    return """
      P13: one verification of a cached session takes \(Int(one)) ns (at most 1000), \
      two threads do \(ratio) times as many as one (at least 1.8).

      """
  }
}
