/// The cost of one Argon2id hash (RFC 9106 section 3.1).
///
/// The default, and the least that new hashes may have, is OWASP's: 19 MiB, two passes, one lane. Memory and passes
/// multiply to the time of a hash.
public struct Argon2Parameters: Sendable, Equatable {
  /// Memory in KiB, m.
  public let memory: Int
  /// Passes over the memory, t.
  public let passes: Int
  /// Lanes, p; computed one after another, on one thread.
  public let lanes: Int

  /// 19 MiB, two passes, one lane.
  public static let standard = Argon2Parameters(unchecked: 19_456, 2, 1)

  /// The most memory of any hash, new or stored, in KiB: 256 MiB.
  public static let memoryCeiling = 262_144
  /// The most passes of any hash, new or stored.
  public static let passesCeiling = 16
  /// The most lanes of a stored hash.
  public static let lanesCeiling = 16
  /// The most that memory times passes of any hash may be, in KiB: 1 GiB, about a second of one core.
  public static let workCeiling = 1_048_576

  /// The parameters of new hashes, with one lane.
  ///
  /// - Parameters:
  ///   - memory: in KiB, 19,456 to 262,144.
  ///   - passes: 2 to 16.
  /// - Throws: `weakParameters` or `costlyParameters`, with a sentence that says what would be right.
  public init(memory: Int, passes: Int) throws(PasswordHashingError) {
    let least = Self.standard
    guard memory >= least.memory, passes >= least.passes else {
      throw PasswordHashingError(
        .weakParameters,
        "Argon2 with \(memory) KiB and \(passes) passes is too weak for passwords; "
          + "it takes at least \(least.memory) KiB (19 MiB) and \(least.passes) passes.")
    }
    guard let parameters = Argon2Parameters(stored: memory, passes, 1) else {
      throw PasswordHashingError(
        .costlyParameters,
        "Argon2 with \(memory) KiB and \(passes) passes costs too much for each log-in; at most "
          + "\(Self.memoryCeiling) KiB, \(Self.passesCeiling) passes, and a product of \(Self.workCeiling) are allowed."
      )
    }
    self = parameters
  }

  /// The parameters of a stored hash, weak ones too; `nil` for what Argon2 does not know, and for what would cost
  /// whoever checks a password more than the ceilings.
  init?(stored memory: Int, _ passes: Int, _ lanes: Int) {
    guard (1...Self.lanesCeiling).contains(lanes), (1...Self.passesCeiling).contains(passes),
      (8 * lanes...Self.memoryCeiling).contains(memory), memory * passes <= Self.workCeiling
    else { return nil }
    self.init(unchecked: memory, passes, lanes)
  }

  private init(unchecked memory: Int, _ passes: Int, _ lanes: Int) {
    self.memory = memory
    self.passes = passes
    self.lanes = lanes
  }

  /// Whether a hash of these is easier to guess than one of `other`.
  func isWeaker(than other: Argon2Parameters) -> Bool { memory < other.memory || passes < other.passes }
}
