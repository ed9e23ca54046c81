internal import Cryptography

/// Hashes and checks passwords on threads of its own, with memory and time that no number of log-ins can raise.
///
/// A password is its text's UTF-8, exactly as received: no normalisation, no trimming, no truncation. Its copies here
/// are wiped; the caller's `String` is the caller's.
public final class PasswordPool: Sendable {
  /// What became of hashing.
  public enum HashOutcome: Sendable, Equatable {
    /// The PHC text of the hash.
    case hashed(String)
    /// Too many are waiting; come back after that long.
    case busy(retryAfter: Duration)
  }

  /// What became of checking a password.
  public enum Verdict: Sendable, Equatable {
    /// It is right; with the text of a hash to keep instead, if the one given is not Argon2's, or weaker than today's.
    case right(upgrade: String?)
    /// It is not, or there is none.
    case wrong
    /// Too many are waiting; come back after that long.
    case busy(retryAfter: Duration)
  }

  private let parameters: Argon2Parameters
  private let rules: PasswordRules
  let threads: HashingThreads
  /// Checked where there is no hash, so that an unknown user takes as long as a known one.
  let dummy: StoredPassword

  /// Starts the threads.
  ///
  /// - Parameters:
  ///   - parameters: The cost of new hashes.
  ///   - rules: What new passwords must be.
  ///   - limits: Threads, queue and patience.
  ///   - now: Monotonic time, for the patience alone.
  /// - Throws: `noThread` if the system refuses one.
  public init(
    parameters: Argon2Parameters = .standard, rules: PasswordRules = PasswordRules(), limits: Limits = Limits(),
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) throws(PasswordHashingError) {
    self.parameters = parameters
    self.rules = rules
    threads = try HashingThreads(limits, now: now)
    dummy = StoredPassword(
      Argon2Hash(
        parameters: parameters, salt: SecureRandom.bytes(Argon2Hash.saltLength),
        tag: SecureRandom.bytes(Argon2Hash.tagLength)))
  }

  /// Why a new password is not acceptable, as a sentence for its user; `nil` if it is.
  ///
  /// - Parameters:
  ///   - password: exactly as received.
  ///   - context: words that it may not consist of, such as the user's own name and address.
  /// - Returns: what it must be instead.
  public func refusal(ofNew password: String, context: [String]) -> String? {
    rules.refusal(of: password, context: context)
  }

  /// Hashes a password with a new salt.
  ///
  /// It is to be judged before: one that is longer than the rules allow gets a hash, and is wrong at each check.
  public func hash(_ password: String) async -> HashOutcome {
    let secret = SecretBytes(password.utf8)
    let parameters = parameters
    guard let hash = await threads.run({ Self.hash(secret, parameters) }) ?? nil else {
      return .busy(retryAfter: Self.retryAfter)
    }
    return .hashed(hash)
  }

  /// Checks a password against the text of a hash.
  ///
  /// Without a hash, or with a text that is none, it works as long as with one of today's parameters, and answers
  /// `wrong`; so it does for a password that is too long to have been set.
  public func verify(_ password: String, against hash: String?) async -> Verdict {
    let isSettable = password.utf8.count <= PasswordRules.mostBytes
    let secret = SecretBytes(password.utf8.prefix(PasswordRules.mostBytes))
    let stored = hash.flatMap { StoredPassword($0) }
    let (parameters, dummy) = (parameters, dummy)
    let verdict = await threads.run { () -> Verdict? in
      guard let matches = (stored ?? dummy).matches(secret) else { return nil }
      guard let stored, matches, isSettable else { return .wrong }
      // A password that is right stays right if there is no memory for its upgrade, which the next log-in brings.
      return .right(upgrade: stored.isWeaker(than: parameters) ? Self.hash(secret, parameters) : nil)
    }
    return (verdict ?? nil) ?? .busy(retryAfter: Self.retryAfter)
  }

  /// How many passwords can be hashed or wait for it at once.
  public var places: Int { threads.places }

  /// How long whoever came now would be told to wait; `nil` if there is room.
  public var wait: Duration? { threads.hasRoom ? nil : Self.retryAfter }

  /// Finishes what was accepted, ends the threads, and returns when they are gone; what comes later is told `busy`.
  public func stop() async { await threads.stop() }

  /// The queue is as long as its patience, about a second.
  private static let retryAfter = Duration.seconds(1)

  private static func hash(_ password: SecretBytes, _ parameters: Argon2Parameters) -> String? {
    let salt = SecureRandom.bytes(Argon2Hash.saltLength)
    return Argon2.tag(password, salt: salt, parameters: parameters, length: Argon2Hash.tagLength)
      .map { Argon2Hash(parameters: parameters, salt: salt, tag: $0).text }
  }
}
