public import HTTPMessages
import Synchronization

/// Makes ids for requests that bring none: no two alike from one source, nor from sources with different seeds.
///
/// They are names, not secrets: a counter under a bijection, beside a seed. Reading the system's random generator for
/// each request would cost more than answering it.
public final class RequestIDSource: Sendable {
  private let seed: UInt64
  private let counter: Atomic<UInt64>

  /// A source; give two random numbers, so that sources of other processes differ.
  public init(seed: UInt64, start: UInt64) {
    self.seed = seed
    counter = Atomic(start)
  }

  /// The next id.
  func next() -> (high: UInt64, low: UInt64) {
    // The finalizer of SplitMix64: one to one, so ids can't meet, and neighbours look nothing alike.
    var mixed = counter.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return (seed, mixed ^ mixed >> 31)
  }

  /// The next id as text: hexadecimal digits.
  public func text() -> String {
    let (high, low) = next()
    return RequestID.text(high: high, low: low)
  }

  /// The id of a request, as text.
  public func text(for request: HTTPRequest) -> String {
    if let given = request.field("x-request-id"), RequestID.isFit(given) {
      return String(decoding: given, as: UTF8.self)
    }
    return text()
  }
}
