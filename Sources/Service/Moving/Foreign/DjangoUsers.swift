import Accounts
import SessionCore

/// The table `auth_user` of Django: `id`, `password`, `is_superuser`, `username`, `first_name`, `last_name`, `email`,
/// `is_active`, `date_joined`.
///
/// Its password hashes (https://docs.djangoproject.com/en/5.2/topics/auth/passwords/) are kept as they are where they
/// can be checked; an account with another comes without a password, and is counted.
struct DjangoUsers: RowReading {
  static let readsSessions = false

  func content(of row: ForeignRow) -> SourceItem.Content {
    guard let id = row.text("id").flatMap({ AccountID(ExactText($0)) }), id.number <= MovedAccount.greatestNumber else {
      return .bad("id must be a number from 1 to \(MovedAccount.greatestNumber)", isSession: false)
    }
    guard let created = row.time("date_joined") else { return .bad("date_joined must be a time", isSession: false) }
    guard let isActive = row.boolean("is_active") else {
      return .bad("is_active must be true or false", isSession: false)
    }
    guard let name = row.text("username"), name.utf8.count <= 255 else {
      return .bad("username must have 1 to 255 bytes", isSession: false)
    }
    var profile = AccountProfile(level: row.boolean("is_superuser") == true ? .administrator : .user)
    profile.isActive = isActive
    // Django takes any text for an address, and a user's address for the name.
    let address = row.text("email")
    profile.email = address.flatMap { EmailAddress($0) }
    if !name.utf8.contains(0x40) {
      profile.username = ExactText(name)
    } else if profile.email == nil {
      profile.email = EmailAddress(name)
    }
    guard profile.email != nil || profile.username != nil else {
      return .bad("username must be an e-mail address, or have no \"@\"", isSession: false)
    }
    profile.firstName = row.exactText("first_name", atMost: 255)
    profile.lastName = row.exactText("last_name", atMost: 255)
    var missing: [String] = []
    if let address, EmailAddress(address) == nil { missing.append("their e-mail address, which is none") }
    if profile.username == nil, profile.email != EmailAddress(name) {
      missing.append("their user name, which has an @")
    }
    let stored = row.text("password")
    let password = stored.flatMap { PasswordHash(importing: $0) }
    // What begins with "!" is Django's way to say that there is no password.
    if let stored, password == nil, !stored.utf8.starts(with: "!".utf8) {
      missing.append("a password, as its hash is of a kind that can't be checked")
    }
    let account = Account(id: id, profile: profile, created: created, hasPassword: password != nil, revision: 1)
    let record = MovedRecord.account(MovedAccount(account, password: password))
    return missing.isEmpty ? .record(record) : .partial(record, without: missing)
  }
}
