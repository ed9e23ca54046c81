import HTTPRouting
import JSON
import SessionCore

/// The three members that say when a session begins and ends, as a caller sent them, and what they mean.
struct SessionTimes: Sendable {
  private(set) var ttl: Given<TimeSpan>?
  private(set) var createdAt: Given<Timestamp>?
  private(set) var expiredAt: Given<Timestamp>?
  /// What can't be read of them.
  private(set) var errors: [MemberError] = []

  /// A member in the form in which it was given, and its meaning.
  struct Given<Meaning: Sendable>: Sendable {
    var form: JSONText
    var meaning: Meaning
  }

  /// How far ahead of this service's clock a caller's may be.
  static let greatestSkew = TimeSpan.seconds(60)

  /// The members of a body; a missing one and `null` are none.
  init(_ body: JSONValue?) {
    ttl = given(body?["ttl"], "ttl", ServiceSpan.reason, ServiceSpan.read)
    createdAt = given(body?["created_at"], "created_at", ServiceTime.reason, ServiceTime.read)
    expiredAt = given(body?["expired_at"], "expired_at", ServiceTime.reason, ServiceTime.read)
  }

  private mutating func given<Meaning>(
    _ value: JSONValue?, _ name: String, _ reason: String, _ read: (JSONValue) -> Meaning?
  ) -> Given<Meaning>? {
    guard let value, !value.isNull else { return nil }
    guard let meaning = read(value) else {
      errors.append(MemberError(name, reason))
      return nil
    }
    return Given(form: value.text, meaning: meaning)
  }

  /// When a session of these times begins, and how long it lives.
  ///
  /// The end that is given goes before the time to live, and without either it is `standard`.
  mutating func life(now: Timestamp, standard: TimeSpan, ceiling: TimeSpan) -> (begin: Timestamp, lifetime: TimeSpan) {
    let begin = createdAt?.meaning ?? now
    if begin > now + Self.greatestSkew {
      errors.append(MemberError("created_at", "must not be more than 60 seconds ahead"))
    }
    let name = expiredAt != nil ? "expired_at" : ttl != nil ? "ttl" : "created_at"
    let lifetime = expiredAt.map { $0.meaning - begin } ?? ttl?.meaning ?? min(standard, ceiling)
    if begin + lifetime <= now {
      errors.append(MemberError(name, "must make the session end in the future"))
    } else if lifetime < .seconds(1) || lifetime > ceiling {
      errors.append(
        MemberError(
          name, "must make the session live 1 second to \(ceiling.milliseconds / 1000) seconds from its creation"))
    }
    return (begin, lifetime)
  }

  /// Whether each of them that is given means what a session has.
  func match(_ kept: KeptSession) -> Bool {
    (ttl == nil || ttl?.meaning == kept.ttl)
      && (createdAt == nil || createdAt?.meaning == kept.session.openTime)
      && (expiredAt == nil || expiredAt?.meaning == kept.end)
  }
}
