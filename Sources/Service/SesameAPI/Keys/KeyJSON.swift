import Accounts
import DialectKit
import JSON
import SessionCore

/// Service keys as `/v2` shows them.
enum KeyJSON {
  /// Writes a key as an object; its scopes in the order of their declaration.
  static func write(_ key: ServiceKey, into json: inout JSONWriter) {
    json.beginObject()
    json.member("id", key.id)
    json.member("name", key.name.string)
    json.name("scopes")
    json.beginArray()
    for scope in ServiceScope.allCases where key.scopes.contains(scope) { json.string(scope.rawValue) }
    json.endArray()
    json.member("created", utf8: key.created.rfc3339)
    if let expires = key.expires { json.member("expires", utf8: expires.rfc3339) }
    if let lastUsed = key.lastUsed { json.member("last_used", utf8: lastUsed.rfc3339) }
    json.endObject()
  }
}
