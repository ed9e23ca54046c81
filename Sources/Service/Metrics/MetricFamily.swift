/// All series of one name.
struct MetricFamily: Sendable {
  enum Kind: String, Sendable {
    case counter
    case gauge
    case histogram
  }

  struct Series: Sendable {
    /// The labels as they stand between the braces.
    let labels: [UInt8]
    let read: @Sendable () -> MetricValue
  }

  let name: String
  let kind: Kind
  let help: String
  var series: [Series]

  static func isName(_ name: String, mayHoldColons: Bool) -> Bool {
    guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      case UInt8(ascii: ":"): mayHoldColons
      default: false
      }
    }
  }
}

/// What one series says at one moment.
enum MetricValue: Sendable {
  case integer(UInt64)
  case number(Double)
  case histogram(HistogramSnapshot)
}
