import JSON
import Terminal

/// An event as people read it.
enum EventText {
  /// The event in one line, of at most `width` columns if that is given.
  static func line(_ event: JSONValue, width: Int?, style: TextStyle) -> String {
    let kind = event["type"]?.string ?? ""
    let parts: [String?] = [
      event["user_id"]?.string.map { "user \($0)" }, event["session_id"]?.string,
      event["key_id"]?.integer.map { "key \($0)" }, event["reason"]?.string, actor(event["actor"]),
    ]
    let time = event["time"]?.string ?? ""
    let text = TerminalText.escaped(parts.compactMap { $0 }.joined(separator: "  "))
    let shown = TerminalText.escaped(kind)
    let name = shown + String(repeating: " ", count: max(0, 24 - shown.count))
    let room = width.map { max(0, $0 - TerminalText.width(of: time) - name.count - 4) }
    let rest = room.map { TerminalText.cut(text, to: $0) } ?? text
    return "\(style.dim(TerminalText.escaped(time)))  \(colour(name, kind, event, style))  \(rest)"
  }

  private static func colour(_ name: String, _ kind: String, _ event: JSONValue, _ style: TextStyle) -> String {
    switch kind {
    case "session.opened", "login.succeeded", "account.created", "key.created": style.green(name)
    case "session.closed" where event["reason"]?.string == "reuse": style.red(name)
    case "session.closed", "session.removed", "account.removed", "key.revoked": style.yellow(name)
    case "login.refused": style.red(name)
    default: name
    }
  }

  private static func actor(_ actor: JSONValue?) -> String? {
    guard let kind = actor?["kind"]?.string else { return nil }
    let name = actor?["name"]?.string.map { " \($0)" } ?? ""
    let address = actor?["address"]?.string.map { " at \($0)" } ?? ""
    return "by \(kind)\(name)\(address)"
  }
}
