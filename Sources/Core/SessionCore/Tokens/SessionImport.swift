import Cryptography
import JSON

/// Makes sessions that open with tokens of another program, for importing them.
///
/// Of the token a session keeps what it keeps of every token that a caller brought along: a keyed digest, and the token
/// sealed. The same token gives the same session id under the same signing key, so that importing twice finds it.
public struct SessionImport: Sendable {
  private let codec: CarriedTokenCodec
  private let random: any RandomSource

  /// An import under a ring of keys, whose signing key makes what is kept.
  public init(keys: KeyRing, random: any RandomSource) {
    codec = CarriedTokenCodec(keys)
    self.random = random
  }

  /// A session of `userID` that opens with `token` until `end`, with no idle time beside that.
  ///
  /// - Parameters:
  ///   - token: what the other program's clients show; 1 to ``SessionPolicy/carriedTokenLimit`` bytes.
  ///   - userID: whose session it is.
  ///   - opened: when it began.
  ///   - end: when it ends.
  ///   - now: the time, from which its first generation and revision come.
  /// - Returns: the session; `nil` if the token is none.
  public func session(
    token: [UInt8], of userID: ExactText, opened: Timestamp, until end: Timestamp, now: Timestamp
  ) -> Session? {
    guard !token.isEmpty, token.count <= SessionPolicy.carriedTokenLimit else { return nil }
    let places = unsafe token.withUnsafeBytes { token in
      unsafe Array(Sessions.importedUser.string.utf8).withUnsafeBytes { user in
        unsafe codec.places(of: token, user: user, now: now)
      }
    }
    guard let place = places.first else { return nil }
    let lifetime = end - opened
    var session = Session(
      id: place.id, userID: userID, openTime: opened, idleTimeout: lifetime, lifetime: lifetime)
    session.generation = UInt32(clamping: now.milliseconds / 1000)
    session.revision = max(1, now.milliseconds)
    var json = JSONWriter()
    json.beginObject()
    json.member("token", utf8: token)
    json.endObject()
    session.carried = codec.carried(
      json.bytes, at: place, generation: session.generation, nonce: random.nonce())
    return session
  }
}
