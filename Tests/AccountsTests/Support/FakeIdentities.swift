import Accounts
import SessionCore
import Synchronization

/// Takes for genuine the tokens that a test made up.
final class FakeIdentities: IdentityVerifier {
  private let verdicts = Mutex<[[UInt8]: IdentityVerdict]>([:])

  /// Has a token be verified with that outcome.
  func set(_ token: [UInt8], _ verdict: IdentityVerdict) { verdicts.withLock { $0[token] = verdict } }

  func verify(_ token: [UInt8], nonce: String?) async -> IdentityVerdict {
    verdicts.withLock { $0[token] } ?? .refused(cause: "signature")
  }
}
