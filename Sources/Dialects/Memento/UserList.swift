import Accounts
import HTTPMessages
import JSON
import SessionCore

/// All accounts as one array, lowest id first, which is never in memory as a whole.
///
/// What is added or changed while it is sent may be in it as it was or as it is. A store that fails in between cuts the
/// array off, so that no client takes it for the whole.
struct UserList: Sendable {
  /// How many accounts are read, and held in memory, at once; so many come in one piece with their length.
  static let pageSize = 500

  let accounts: Accounts
  let first: AccountPage

  /// The array of a few accounts.
  static func response(_ accounts: [Account]) -> HTTPResponse {
    HTTPResponse(
      status: .ok, fields: [HTTPField("Content-Type", "application/json")],
      body: Array("[".utf8) + rows(accounts) + Array("]".utf8))
  }

  /// The array that is read while it is sent.
  var response: HTTPResponse {
    HTTPResponse(fields: [HTTPField("Content-Type", "application/json")]) { body in await write(&body) }
  }

  private func write(_ body: inout HTTPBodyWriter) async {
    var page = first
    var opening = "["
    while true {
      if !page.accounts.isEmpty {
        guard await body.write(Array(opening.utf8) + Self.rows(page.accounts)) else { return }
        opening = ","
      }
      guard let next = page.next else { break }
      guard let more = try? await accounts.page(AccountQuery(after: next, limit: Self.pageSize)) else { return }
      page = more
    }
    _ = await body.write(Array("]".utf8))
  }

  private static func rows(_ accounts: [Account]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(accounts.count * 128)
    for account in accounts {
      if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
      bytes += row(account)
    }
    return bytes
  }

  private static func row(_ account: Account) -> [UInt8] {
    let profile = account.profile
    var json = JSONWriter()
    json.beginObject()
    json.member("id", account.id.number)
    json.name("email")
    if let email = profile.email { json.string(email.text.string) } else { json.null() }
    json.name("nombre")
    if let name = name(of: profile) { json.string(name) } else { json.null() }
    json.member("nivelUsuario", profile.level.rawValue)
    json.member("esActivo", profile.isActive)
    json.endObject()
    return json.bytes
  }

  private static func name(of profile: AccountProfile) -> String? {
    if let name = profile.name { return name.string }
    let parts = [profile.firstName, profile.lastName].compactMap { $0?.string }
    return parts.isEmpty ? profile.username?.string : parts.joined(separator: " ")
  }
}
