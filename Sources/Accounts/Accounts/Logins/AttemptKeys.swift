import Cryptography
import SessionCore

/// The keys under which tries are counted: digests, so that the store holds no addresses of people who have no account.
struct AttemptKeys: Sendable {
  /// The account from one address.
  let pair: String
  /// The address, whatever the account.
  let address: String
  /// The account from all addresses.
  let account: String

  /// The keys of an e-mail address, known or not, and a client's address.
  init(email: ExactText, address: String) {
    let network = ClientNetwork.text(of: address)
    pair = Self.key("login pair", email.string, network)
    self.address = Self.key("login address", network)
    account = Self.key("login account", email.string)
  }

  /// A client's address alone, for what may be told of it.
  static func telling(of address: String) -> String { key("login telling", ClientNetwork.text(of: address)) }

  /// The single use of an id token.
  ///
  /// The signature does not count: whoever has one that ECDSA has made can make another of the same token, by taking s
  /// from the order of the curve.
  ///
  /// - Parameter token: the token's bytes.
  /// - Returns: a key that is equal for two texts of the same token only.
  static func use(of token: [UInt8]) -> String {
    let signed = token[..<(token.lastIndex(of: UInt8(ascii: ".")) ?? token.endIndex)]
    let digest = SHA256Digest.bytes(of: Array("id token\u{0}".utf8) + signed)
    return String(decoding: Base64URL.encode(digest), as: UTF8.self)
  }

  private static func key(_ parts: String...) -> String {
    var bytes: [UInt8] = []
    for part in parts {
      // The length in front keeps two different lists from being one text.
      bytes += "\(part.utf8.count):".utf8
      bytes += part.utf8
    }
    return String(decoding: Base64URL.encode(SHA256Digest.bytes(of: bytes)), as: UTF8.self)
  }

  /// All of them.
  var all: [String] { [pair, address, account] }

  /// The rules for one try.
  func rules(_ policy: LoginPolicy) -> [AttemptRule] {
    [
      AttemptRule(key: pair, limit: policy.attempts, window: policy.window, delayAfter: policy.delayAfter),
      AttemptRule(key: address, limit: policy.attemptsPerAddress, window: policy.window),
      AttemptRule(key: account, limit: policy.attemptsPerAccount, window: policy.window),
    ]
  }
}
