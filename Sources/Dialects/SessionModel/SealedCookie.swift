import Cryptography
import DialectKit
public import HTTPMessages
import JSON
import SessionCore

/// One cookie of a web page that carries both the session's id and its cookie data, sealed.
///
/// Sealed means AES-256-GCM: a browser can neither read nor change it, and what another key, another cookie's name or
/// anybody else made is none. The keys are derived from the key ring and rotate with it: what a former key has sealed
/// is opened as long as the ring accepts that key. Opening proves nothing of the session; that is what
/// ``SessionModel/find(sid:uniqueIdentifier:userAgent:cookie:status:type:)`` is for.
public struct SealedCookie: Sendable {
  /// What the cookie carries.
  public struct Contents: Sendable {
    /// The session's id.
    public let sid: String
    /// The session's cookie data, a credential.
    public let cookie: String
  }

  /// The longest value that is opened, which is what browsers keep; longer ones are none.
  static let longest = 4096

  private let sessions: Sessions
  private let policy: CookiePolicy
  private let maxAge: TimeSpan

  /// The cookie of a name, for the sessions of `model`.
  ///
  /// Always HttpOnly, SameSite=Lax and Path=/, and Secure as the model says: over plain HTTP the name must be one
  /// without the prefix `__Host-`. A name that is not a token (RFC 6265 section 4.1.1) is a misuse and traps.
  public init(_ model: SessionModel, name: String = "__Host-session_model") {
    sessions = model.sessions
    policy = CookiePolicy(name: name, isSecure: model.isSecure, sameSite: .lax)
    maxAge = model.cookieLifetime
  }

  /// The Set-Cookie field that gives a session to a browser; it is to be sent after each create and update.
  public func setting(_ session: IssuedSession) -> HTTPField {
    policy.setting(value: seal(Contents(sid: session.sid, cookie: session.data)), maxAge: maxAge)
  }

  /// The Set-Cookie field that takes the cookie away.
  public var clearing: HTTPField { policy.clearing }

  /// What the request's cookie carries; `nil` if there is none, more than one of the name, or one that was not sealed
  /// here, was changed, or whose key is not accepted any more.
  public func contents(of request: HTTPRequest) -> Contents? {
    policy.value(in: request).flatMap(open)
  }

  private func seal(_ contents: Contents) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("sid", contents.sid)
    json.member("cookie", contents.cookie)
    json.endObject()
    let key = sessions.keys.signing
    return Base64URL.encode([key.id] + sealingKey(of: key).seal(json.bytes, context: context(key.id)))
  }

  private func open(_ value: [UInt8]) -> Contents? {
    guard value.count <= Self.longest, let bytes = Base64URL.decode(value), let id = bytes.first else { return nil }
    let now = sessions.clock.now()
    guard let key = sessions.keys.keys.first(where: { $0.id == id && ($0.acceptedUntil.map { now < $0 } ?? true) }),
      let text = sealingKey(of: key).open(Array(bytes.dropFirst()), context: context(id)),
      let root = try? JSONDocument(parsing: text).root, let sid = root["sid"]?.string,
      let cookie = root["cookie"]?.string
    else { return nil }
    return Contents(sid: sid, cookie: cookie)
  }

  private func sealingKey(of key: RingKey) -> SealingKey {
    SealingKey(key.derivedSecret(for: "session model: sealed cookie"))
  }

  /// A cookie of one name is worth nothing under another.
  private func context(_ id: UInt8) -> [UInt8] { [id] + Array(policy.name.utf8) }
}

extension SealedCookie.Contents: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The session's id.
  public var description: String { sid }
  /// The session's id.
  public var debugDescription: String { sid }
  /// A mirror of the session's id alone.
  public var customMirror: Mirror { Mirror(self, children: ["sid": sid]) }
}
