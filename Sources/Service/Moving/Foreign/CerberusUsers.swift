import Accounts
import PasswordHashing
import SessionCore

/// The table of Cerberus' users, each with its bcrypt hash.
struct CerberusUsers: RowReading {
  static let readsSessions = false

  let context: ForeignContext

  func content(of row: ForeignRow) -> SourceItem.Content {
    guard let id = row.text("id").flatMap({ AccountID(ExactText($0)) }), id.number <= MovedAccount.greatestNumber else {
      return .bad("id must be a number from 1 to \(MovedAccount.greatestNumber)", isSession: false)
    }
    guard let created = row.time("created") else { return .bad("created must be a time", isSession: false) }
    guard let address = row.text("email"), let email = EmailAddress(address) else {
      return .bad("email must be an e-mail address", isSession: false)
    }
    guard let text = row.text("password"), let hash = StoredPassword(text) else {
      return .bad("password must be a bcrypt hash, such as $2b$10$…", isSession: false)
    }
    guard let username = Self.username(row) else {
      return .bad("username must have 1 to 255 bytes, without \"@\"", isSession: false)
    }
    var profile = AccountProfile(level: row.boolean("admin") == true ? .administrator : .user)
    profile.email = email
    profile.username = username.isEmpty ? nil : ExactText(username)
    profile.firstName = row.exactText("firstName")
    profile.lastName = row.exactText("lastName")
    profile.timezone = row.exactText("timezone")
    profile.isVerified = row.boolean("verified") == true
    profile.isActive = row.boolean("active") == true
    let account = Account(id: id, profile: profile, created: created, hasPassword: true, revision: 1)
    return .record(.account(MovedAccount(account, password: PasswordHash(hash.text))))
  }

  /// The name, or nothing if there is none; `nil` for one that can't be.
  private static func username(_ row: ForeignRow) -> String? {
    guard let name = row.text("username") else { return "" }
    return name.utf8.count <= 255 && !name.utf8.contains(0x40) ? name : nil
  }
}
