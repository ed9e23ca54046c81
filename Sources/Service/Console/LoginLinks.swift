import Accounts
import Cryptography
import SessionCore
import Synchronization

/// Links that log an administrator in once, within five minutes.
///
/// Kept in memory as digests of 256 random bits, a few at a time, and known to the node that made them alone.
final class LoginLinks: Sendable {
  /// How long a link opens.
  static let lifetime = TimeSpan.minutes(5)
  /// How many there are at once; of more, the oldest goes.
  static let limit = 16
  /// How long the text of a link's code is.
  static let codeLength = 43

  private struct Link {
    let digest: [UInt8]
    let account: AccountID
    let end: Timestamp
  }

  private let random: any RandomSource
  private let links = Mutex<[Link]>([])

  init(random: any RandomSource) { self.random = random }

  /// A code that logs in to an account, good from now on.
  func make(for account: AccountID, now: Timestamp) -> String {
    var bytes = [UInt8](repeating: 0, count: 32)
    unsafe bytes.withUnsafeMutableBytes { unsafe random.fill($0) }
    let code = Base64URL.encode(bytes)
    let link = Link(digest: SHA256Digest.bytes(of: code), account: account, end: now + Self.lifetime)
    links.withLock { links in
      links.removeAll { $0.end <= now }
      if links.count >= Self.limit { links.removeFirst() }
      links.append(link)
    }
    return String(decoding: code, as: UTF8.self)
  }

  /// Whose link a code is; `nil` for one that is unknown, used or over.
  ///
  /// It is used up then.
  func take(_ code: String, now: Timestamp) -> AccountID? {
    let digest = SHA256Digest.bytes(of: Array(code.utf8))
    return links.withLock { links in
      guard let index = links.firstIndex(where: { ConstantTime.areEqual($0.digest, digest) }) else { return nil }
      let link = links.remove(at: index)
      return link.end > now ? link.account : nil
    }
  }
}
