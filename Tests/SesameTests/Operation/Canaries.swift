import Foundation

/// Every credential that a test has seen, and a search for it.
struct Canaries {
  /// What must not be found, under what it is.
  private(set) var secrets: [String: String] = [:]

  /// Adds a credential, and its end alone: of a token the code, the part that nobody can compute.
  mutating func add(_ secret: String?, _ name: String) {
    guard let secret, !secret.isEmpty else { return }
    secrets[secret] = name
    if secret.utf8.count > 40 { secrets[String(secret.suffix(40))] = "the end of \(name)" }
  }

  /// What of them is in some bytes.
  func found(in bytes: [UInt8]) -> [String] {
    let data = Data(bytes)
    return secrets.filter { data.range(of: Data($0.key.utf8)) != nil }.map(\.value).sorted()
  }

  /// What of them is in texts, by whatever line of them.
  func found(in texts: [String]) -> [String] { found(in: Array(texts.joined(separator: "\n").utf8)) }

  /// All but those of a name.
  func without(_ name: String) -> Canaries {
    var rest = self
    rest.secrets = secrets.filter { !$0.value.hasSuffix(name) }
    return rest
  }
}
