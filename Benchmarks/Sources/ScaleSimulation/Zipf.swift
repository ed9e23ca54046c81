import Glibc

/// Ranks 1 to `count`, of which rank k comes in proportion to 1 / k^`exponent`.
///
/// Source: Hörmann and Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions",
/// ACM TOMACS 6, 1996. No table, so that a hundred million ranks cost what ten do.
struct Zipf {
  private let count: Double
  private let exponent: Double
  private let start: Double
  private let end: Double
  private let shortcut: Double

  init(count: Int, exponent: Double) {
    self.count = Double(count)
    self.exponent = exponent
    start = Self.area(to: 1.5, exponent) - 1
    end = Self.area(to: Double(count) + 0.5, exponent)
    shortcut = 2 - Self.place(of: Self.area(to: 2.5, exponent) - pow(2, -exponent), exponent)
  }

  /// A rank, counted from 0: the most frequent.
  func next(_ random: inout RandomNumbers) -> Int {
    while true {
      let area = end + random.fraction() * (start - end)
      let place = Self.place(of: area, exponent)
      let rank = min(max(place.rounded(), 1), count)
      if rank - place <= shortcut || area >= Self.area(to: rank + 0.5, exponent) - pow(rank, -exponent) {
        return Int(rank) - 1
      }
    }
  }

  /// The integral of x^-exponent, up to a constant.
  private static func area(to x: Double, _ exponent: Double) -> Double {
    exponent == 1 ? log(x) : (pow(x, 1 - exponent) - 1) / (1 - exponent)
  }

  private static func place(of area: Double, _ exponent: Double) -> Double {
    exponent == 1 ? exp(area) : pow(max(0, 1 + area * (1 - exponent)), 1 / (1 - exponent))
  }
}
