import Accounts
import DialectKit
import JSON
import SessionCore

/// Accounts as `/v2` shows them.
enum AccountJSON {
  /// An account as text.
  static func text(_ account: Account) -> [UInt8] {
    var json = JSONWriter(capacity: 512)
    write(account, into: &json)
    return json.bytes
  }

  /// Writes an account as an object.
  static func write(_ account: Account, into json: inout JSONWriter) {
    let profile = account.profile
    json.beginObject()
    json.member("id", account.id.number)
    write("email", profile.email?.text, into: &json)
    write("username", profile.username, into: &json)
    write("name", profile.name, into: &json)
    write("first_name", profile.firstName, into: &json)
    write("last_name", profile.lastName, into: &json)
    write("picture", profile.picture, into: &json)
    write("timezone", profile.timezone, into: &json)
    json.member("level", profile.level.rawValue)
    json.member("active", profile.isActive)
    json.member("verified", profile.isVerified)
    json.member("created", utf8: account.created.rfc3339)
    json.name("links")
    json.beginArray()
    for link in profile.links {
      json.beginObject()
      json.member("issuer", link.issuer.string)
      json.member("subject", link.subject.string)
      json.endObject()
    }
    json.endArray()
    json.member("has_password", account.hasPassword)
    json.member("revision", account.revision)
    json.endObject()
  }

  private static func write(_ name: StaticString, _ text: ExactText?, into json: inout JSONWriter) {
    if let text { json.member(name, text.string) }
  }
}
