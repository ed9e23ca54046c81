import JSON
import SessionCore
import Terminal

/// A session as people read it.
enum SessionText {
  static let columns = [
    TextTable.Column("ID"), .init("USER", narrowest: 12), .init("STATE"),
    .init("LAST REQUEST", dispensability: 1), .init("ENDS", dispensability: 3), .init("OPENED", dispensability: 4),
    .init("ADDRESS", narrowest: 15, dispensability: 2), .init("CLIENT", narrowest: 10, dispensability: 5),
    .init("KIND", narrowest: 8, dispensability: 6), .init("STATUS", narrowest: 8, dispensability: 7),
  ]

  static func row(_ session: JSONValue, now: Timestamp) -> [String] {
    [
      session["id"]?.string ?? "", session["user_id"]?.string ?? "", state(session),
      TimeText.distance(session["request_time"], from: now),
      TimeText.distance(session["expires_at"] ?? session["close_time"], from: now),
      TimeText.distance(session["open_time"], from: now), session["address"]?.string ?? "",
      session["client"]?.string ?? "", session["kind"]?.string ?? "", session["status"]?.string ?? "",
    ]
  }

  /// "open", or why it is not.
  static func state(_ session: JSONValue) -> String {
    let state = session["state"]?.string ?? ""
    return session["close_reason"]?.string.map { "\(state): \($0)" } ?? state
  }

  static func details(_ session: JSONValue, now: Timestamp) -> [(name: String, value: String?)] {
    [
      ("id", session["id"]?.string), ("user", session["user_id"]?.string), ("name", session["user_name"]?.string),
      ("state", state(session)), ("opened", TimeText.full(session["open_time"], from: now)),
      ("last request", TimeText.full(session["request_time"], from: now)),
      ("ends", TimeText.full(session["expires_at"], from: now)),
      ("closed", TimeText.full(session["close_time"], from: now)),
      ("idle timeout", TimeText.span(seconds: session["idle_timeout"]?.double)),
      ("lifetime", TimeText.span(seconds: session["lifetime"]?.double)),
      ("renewed", session["generation"]?.integer.map { "\($0) times" }),
      ("remembered", session["remembered"]?.boolean.map { $0 ? "yes" : "no" }),
      ("address", session["address"]?.string), ("client", session["client"]?.string),
      ("user agent", session["user_agent"]?.string), ("kind", session["kind"]?.string),
      ("status", session["status"]?.string), ("log-in", session["login_method"]?.string),
      ("logged in", TimeText.full(session["auth_time"], from: now)),
      ("revision", session["revision"]?.integer.map(String.init)),
      ("about user", session["user"]?.text.description), ("data", session["data"]?.text.description),
    ]
  }
}
