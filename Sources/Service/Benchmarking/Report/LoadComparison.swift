/// Rounds of a load on the server, each with one on the control right before it.
struct LoadComparison: Sendable {
  /// One round.
  struct Round: Sendable {
    var server: LoadFigures
    var control: LoadFigures
  }

  var rounds: [Round] = []

  /// The median of the rounds' ratios: a busy minute slows both.
  var ratio: Double {
    Statistics.median(rounds.map { $0.control.rate > 0 ? $0.server.rate / $0.control.rate : 0 })
  }

  /// The median of what the server came to.
  func server(_ value: (LoadFigures) -> Double) -> Double { Statistics.median(rounds.map { value($0.server) }) }

  /// The median of what the control came to.
  func control(_ value: (LoadFigures) -> Double) -> Double { Statistics.median(rounds.map { value($0.control) }) }

  /// What went wrong in all rounds.
  var errors: Int { rounds.reduce(0) { $0 + $1.server.errors } }
}
