import Accounts
import SessionCore
import Synchronization

/// A hasher that costs nothing: tests here are about what becomes of its answers.
final class FakeHasher: PasswordHasher {
  private let isFull = Mutex(false)

  /// Whether it takes no more work.
  func setFull(_ isFull: Bool) { self.isFull.withLock { $0 = isFull } }

  func refusal(ofNew password: String, context: [String]) -> String? {
    if password.unicodeScalars.count < 8 { return "must have at least 8 characters" }
    return password == "password1" ? "is one of the most common passwords" : nil
  }

  func hash(_ password: String) async -> HashingOutcome {
    isFull.withLock { $0 } ? .busy(retryAfter: .seconds(2)) : .hashed(Self.hash(of: password))
  }

  func verify(_ password: String, against hash: PasswordHash?) async -> PasswordVerdict {
    if isFull.withLock({ $0 }) { return .busy(retryAfter: .seconds(2)) }
    return hash == Self.hash(of: password) ? .right(upgrade: nil) : .wrong
  }

  private static func hash(of password: String) -> PasswordHash { PasswordHash("$fake$\(password)") }
}

/// A verifier to which "good:subject" and "good:subject:address" are genuine; so is "named:subject:address", which also
/// says how the user is called, and "unsure:subject:address", which does not vouch for the address.
struct FakeIdentities: IdentityVerifier {
  static let issuer: ExactText = "https://issuer.example"
  let clock: any SessionClock

  func verify(_ token: [UInt8], nonce: String?) async -> IdentityVerdict {
    let parts = String(decoding: token, as: UTF8.self).split(separator: ":").map(String.init)
    guard parts.count >= 2, ["good", "named", "unsure"].contains(parts[0]) else {
      return parts.first == "later" ? .unavailable(retryAfter: .seconds(3)) : .refused(cause: "signature")
    }
    if let nonce, !nonce.hasPrefix("n1") { return .refused(cause: "nonce") }
    var identity = Identity(
      link: IdentityLink(issuer: Self.issuer, subject: ExactText(parts[1])), expires: clock.now() + .minutes(5))
    identity.email = parts.count > 2 ? EmailAddress(parts[2]) : nil
    identity.isEmailVerified = parts[0] != "unsure"
    if parts[0] == "named" {
      identity.preferredUsername = "\(parts[1])@users"
      identity.name = "Ana García"
      identity.picture = "https://issuer.example/\(parts[1]).png"
    }
    return .genuine(identity)
  }
}
