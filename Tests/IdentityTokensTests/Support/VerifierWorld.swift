import IdentityTesting
import IdentityTokens
import SessionCore
import SessionTesting
import Synchronization

/// A directory of one issuer whose keys come from a fake source, and a clock that stands still.
struct VerifierWorld {
  static let issuer = "https://issuer.example"
  static let keysAddress = "https://issuer.example/keys"
  /// 2026-01-01T00:00:00Z, in seconds.
  static let now: Int64 = 1_767_225_600

  let clock = ManualClock(Timestamp(milliseconds: now * 1000))
  let source = FakeSource()
  let reports = Reports()
  let directory: IssuerDirectory

  final class Reports: Sendable {
    let all = Mutex<[KeyFetchReport]>([])
  }

  init(
    _ pairs: [IssuerKeyPair], keys: KeyLocation = .address(keysAddress), policy: KeyPolicy = KeyPolicy(),
    _ edit: (inout TrustedIssuer) -> Void = { _ in }
  ) {
    self.init(keySet: IssuerKeyPair.keySet(pairs), keys: keys, policy: policy, edit)
  }

  init(
    keySet: String, keys: KeyLocation = .address(keysAddress), policy: KeyPolicy = KeyPolicy(),
    _ edit: (inout TrustedIssuer) -> Void = { _ in }
  ) {
    var issuer = TrustedIssuer(name: "example", issuer: ExactText(Self.issuer), audiences: ["us", "us-on-phones"])
    issuer.keys = keys
    edit(&issuer)
    let reports = reports
    directory = IssuerDirectory(issuers: [issuer], source: source, clock: clock, policy: policy) { report in
      reports.all.withLock { $0.append(report) }
    }
    source.serve(keySet, at: Self.keysAddress)
  }

  /// The claims of a token that is good now, some replaced; a replacement of `nil` leaves the claim out.
  static func claims(_ changes: [String: String?] = [:]) -> String {
    var members: [(String, String?)] = [
      ("iss", #""\#(issuer)""#), ("sub", #""user-1""#), ("aud", #""us""#), ("exp", "\(now + 600)"), ("iat", "\(now)"),
    ]
    for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
      if let index = members.firstIndex(where: { $0.0 == name }) {
        members[index].1 = value
      } else {
        members.append((name, value))
      }
    }
    return "{" + members.compactMap { name, value in value.map { #""\#(name)":\#($0)"# } }.joined(separator: ",") + "}"
  }

  /// What verifying comes to, in one word: "genuine", "unavailable" or the cause.
  func outcome(of token: [UInt8], nonce: String? = nil) async -> String {
    switch await directory.verify(token, nonce: nonce) {
    case .genuine: "genuine"
    case .unavailable: "unavailable"
    case .refused(let cause): cause.rawValue
    }
  }
}
