import JSON
import SessionCore
import Terminal

/// An account as people read it.
enum AccountText {
  static let columns = [
    TextTable.Column("ID", isTrailing: true), .init("E-MAIL", narrowest: 14), .init("USER NAME", narrowest: 10),
    .init("NAME", narrowest: 10, dispensability: 2), .init("LEVEL"), .init("ACTIVE"),
    .init("VERIFIED", dispensability: 3), .init("CREATED", dispensability: 4),
  ]

  static func row(_ account: JSONValue, now: Timestamp) -> [String] {
    [
      account["id"]?.integer.map(String.init) ?? "", account["email"]?.string ?? "",
      account["username"]?.string ?? "", name(account) ?? "", account["level"]?.string ?? "",
      yes(account["active"]) ?? "", yes(account["verified"]) ?? "", TimeText.distance(account["created"], from: now),
    ]
  }

  static func details(_ account: JSONValue, now: Timestamp) -> [(name: String, value: String?)] {
    let links = account["links"]?.elements.map { "\($0["subject"]?.string ?? "") at \($0["issuer"]?.string ?? "")" }
    return [
      ("id", account["id"]?.integer.map(String.init)), ("e-mail", account["email"]?.string),
      ("user name", account["username"]?.string), ("name", name(account)),
      ("level", account["level"]?.string.map { "\($0) \(levelName($0))" }), ("active", yes(account["active"])),
      ("verified", yes(account["verified"])),
      ("password", account["has_password"]?.boolean.map { $0 ? "set" : "none" }),
      ("linked to", links.flatMap { $0.isEmpty ? nil : $0.joined(separator: ", ") }),
      ("picture", account["picture"]?.string), ("time zone", account["timezone"]?.string),
      ("created", TimeText.full(account["created"], from: now)),
      ("revision", account["revision"]?.integer.map(String.init)),
    ]
  }

  private static func name(_ account: JSONValue) -> String? {
    let parts = [account["first_name"]?.string, account["last_name"]?.string].compactMap { $0 }
    return account["name"]?.string ?? (parts.isEmpty ? nil : parts.joined(separator: " "))
  }

  private static func yes(_ value: JSONValue?) -> String? { value?.boolean.map { $0 ? "yes" : "no" } }

  private static func levelName(_ level: String) -> String {
    switch level {
    case "I": "guest"
    case "U": "user"
    case "C": "collaborator"
    case "T": "technician"
    case "A": "administrator"
    default: ""
    }
  }
}
