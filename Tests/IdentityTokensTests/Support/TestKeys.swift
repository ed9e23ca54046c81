import Cryptography
import IdentityTesting
import IdentityTokens

/// One key for each algorithm, made once for all tests.
enum TestKeys {
  static let all: [TokenAlgorithm: IssuerKeyPair] = {
    let rsa = SigningKey.generate(.rsa)
    var keys: [TokenAlgorithm: IssuerKeyPair] = [:]
    for algorithm in TokenAlgorithm.allCases {
      let kind = algorithm.scheme.keyKind
      let key = kind == .rsa ? rsa : SigningKey.generate(kind)
      keys[algorithm] = IssuerKeyPair(algorithm, id: "key-\(algorithm.rawValue)", key: key)
    }
    return keys
  }()

  static func pair(_ algorithm: TokenAlgorithm) throws -> IssuerKeyPair {
    guard let pair = all[algorithm] else { throw DocumentFailure("no such key") }
    return pair
  }
}
