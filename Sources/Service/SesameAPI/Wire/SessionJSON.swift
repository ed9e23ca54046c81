import DialectKit
import JSON
public import SessionCore

/// Sessions as `/v2` shows them.
public enum SessionJSON {
  /// Which JSON of the callers' own comes along.
  struct Contents: OptionSet {
    let rawValue: Int
    static let user = Contents(rawValue: 1)
    static let data = Contents(rawValue: 2)
    static let all: Contents = [.user, .data]
  }

  /// A session as text for the cache, so that verification need not write it again.
  ///
  /// The object's end is left to `SessionRendering`, which knows the last members too: `user` and `data`.
  public static func render(_ session: Session) -> SessionRendering {
    var json = JSONWriter(capacity: 768)
    var places = (request: -1, deadline: -1)
    json.beginObject()
    writeMembers(of: session, [], into: &json, places: &places)
    return SessionRendering(bytes: json.bytes, requestTimeOffset: places.request, deadlineOffset: places.deadline)
  }

  /// Writes a settled session as an object: as the cache of `sessions` has it written already, if it has.
  static func write(_ session: Session, of sessions: Sessions, into json: inout JSONWriter) {
    if let rendering = sessions.rendering(of: session) {
      json.raw(rendering, of: session)
    } else {
      write(session, into: &json)
    }
  }

  /// Writes a settled session as an object.
  static func write(_ session: Session, _ contents: Contents = .all, into json: inout JSONWriter) {
    json.beginObject()
    writeMembers(of: session, contents, into: &json)
    json.endObject()
  }

  /// Writes the members of a settled session into an object that is open.
  static func writeMembers(of session: Session, _ contents: Contents = .all, into json: inout JSONWriter) {
    var places = (request: -1, deadline: -1)
    writeMembers(of: session, contents, into: &json, places: &places)
  }

  private static func writeMembers(
    of session: Session, _ contents: Contents, into json: inout JSONWriter, places: inout (request: Int, deadline: Int)
  ) {
    json.member("id", session.id)
    json.member("user_id", session.userID.string)
    write("user_name", session.userName, into: &json)
    write("address", session.address, into: &json)
    write("client", session.client, into: &json)
    write("user_agent", session.userAgent, into: &json)
    write("kind", session.kind, into: &json)
    write("status", session.status, into: &json)
    json.member("state", session.closeTime == nil ? "open" : "closed")
    if let reason = session.closeReason { json.member("close_reason", reason.rawValue) }
    json.member("open_time", session.openTime)
    json.name("request_time")
    places.request = json.bytes.count + 1
    json.string(session.requestTime)
    json.member("renew_time", session.renewTime)
    if let closeTime = session.closeTime {
      json.member("close_time", closeTime)
    } else {
      json.name("expires_at")
      places.deadline = json.bytes.count + 1
      json.string(session.deadline)
    }
    write("idle_timeout", session.idleTimeout, into: &json)
    write("lifetime", session.lifetime, into: &json)
    json.member("generation", Int64(session.generation))
    json.member("remembered", session.isRemembered)
    write("login_method", session.loginMethod, into: &json)
    if let authTime = session.authTime { json.member("auth_time", authTime) }
    json.member("revision", session.revision)
    if contents.contains(.user), let user = session.user {
      json.name("user")
      json.raw(user)
    }
    if contents.contains(.data), let data = session.data {
      json.name("data")
      json.raw(data)
    }
  }

  private static func write(_ name: StaticString, _ text: ExactText?, into json: inout JSONWriter) {
    if let text { json.member(name, text.string) }
  }

  private static func write(_ name: StaticString, _ span: TimeSpan, into json: inout JSONWriter) {
    json.name(name)
    let (seconds, rest) = span.milliseconds.quotientAndRemainder(dividingBy: 1000)
    // A policy may be set to the millisecond; callers give whole seconds.
    if rest == 0 { json.integer(seconds) } else { json.double(Double(span.milliseconds) / 1000) }
  }
}
