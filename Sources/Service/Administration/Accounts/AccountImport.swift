import Accounts
import Commands
import HTTPClient
import JSON
import Moving
import SessionCore
import Terminal

/// Adds the accounts of a file to a server, one after another, in the file's order.
///
/// What is there already is kept as it is, so that the same file may be imported again.
struct AccountImport {
  /// What becomes of one account.
  private enum Outcome {
    case added
    case kept
    case refused(String)
  }

  /// The most bad lines of which each is told.
  private static let toldBad = 20

  private let connection: ServerConnection
  private let path: String
  /// How many were added, or would be.
  private(set) var added = 0
  /// How many were there.
  private(set) var kept = 0
  private var checked = 0
  private var hasAdministrator = false

  init(_ path: String, _ connection: ServerConnection) {
    self.path = path
    self.connection = connection
  }

  /// Reads all of the file, and throws the first lines that are not right; so nothing is sent of a file that has any.
  mutating func check() throws(CommandError) {
    var faults: [String] = []
    var count = 0
    var file = try open()
    while let (at, found) = try next(&file) {
      checked += 1
      guard case .bad(let why) = found else { continue }
      count += 1
      if count <= Self.toldBad { faults.append("\(at): \(why)\(why.hasSuffix(".") ? "" : ".")") }
    }
    guard count > 0 else { return }
    if count > Self.toldBad { faults.append("There are \(count - Self.toldBad) more lines like these.") }
    throw Self.failure((faults + ["Nothing was imported."]).joined(separator: " "))
  }

  /// Adds each account, or, as a trial, asks the server only what is there.
  mutating func run(isTrial: Bool) async throws(CommandError) {
    var file = try open()
    while let (at, found) = try next(&file) {
      guard case .account(let profile, let password) = found else {
        throw Self.failure("\(at): the file has changed since it was checked. \(soFar(isTrial))")
      }
      let outcome: Outcome
      do throws(CommandError) {
        try await seeToAdministrator(before: profile)
        outcome = try await isTrial ? look(for: profile) : add(profile, password)
      } catch {
        throw CommandError(error.code, "\(TerminalText.escaped(at)): \(error.description) \(soFar(isTrial))")
      }
      switch outcome {
      case .added: added += 1
      case .kept: kept += 1
      case .refused(let why): throw Self.failure("\(at): \(why) \(soFar(isTrial))")
      }
    }
    guard added + kept == checked else {
      throw Self.failure("\(path) ended sooner than when it was checked; what comes by a pipe needs a file.")
    }
  }

  /// The first active account of a server becomes an administrator, and nobody shall by standing first in a file.
  private mutating func seeToAdministrator(before profile: AccountProfile) async throws(CommandError) {
    guard !hasAdministrator, profile.isActive else { return }
    if profile.level != .administrator {
      let page = try await connection.get("/v2/accounts", [("level", "A"), ("active", "true"), ("limit", "1")])
      guard let accounts = page["accounts"], !accounts.elements.isEmpty else {
        throw CommandError(
          .failed,
          """
          there is no administrator yet, and this account would become one. Add yours first ("sesame account add"), or \
          put one of level A on the first line.
          """)
      }
    }
    hasAdministrator = true
  }

  private func add(_ profile: AccountProfile, _ password: PasswordHash?) async throws(CommandError) -> Outcome {
    let reply = try await connection.exchange(.post(Self.body(profile, password)), "/v2/accounts", [])
    guard reply.status == 409 else {
      _ = try connection.accepted(reply)
      return .added
    }
    let outcome = try await look(for: profile)
    guard case .added = outcome else { return outcome }
    // Neither its address nor its name is another's, so one of its links is.
    return .refused(connection.refusal(reply).description)
  }

  /// What there is of an account: it is the one of its address, or, without one, of its user name.
  private func look(for profile: AccountProfile) async throws(CommandError) -> Outcome {
    let byEmail = try await find("email", profile.email?.text.string)
    let byName = try await find("username", profile.username?.string)
    if let byEmail {
      guard byName == nil || byName == byEmail else {
        return .refused("its email is account \(byEmail)'s, and its username account \(byName ?? 0)'s.")
      }
      return .kept
    }
    guard let byName else { return .added }
    return profile.email == nil
      ? .kept : .refused("its username is that of account \(byName), which has another email.")
  }

  private func find(_ member: String, _ value: String?) async throws(CommandError) -> Int64? {
    guard let value else { return nil }
    return try await connection.get("/v2/accounts", [(member, value)])["accounts"]?.elements.first?["id"]?.integer
  }

  private static func body(_ profile: AccountProfile, _ password: PasswordHash?) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    let texts: [(StaticString, String?)] = [
      ("email", profile.email?.text.string), ("username", profile.username?.string), ("name", profile.name?.string),
      ("first_name", profile.firstName?.string), ("last_name", profile.lastName?.string),
      ("picture", profile.picture?.string), ("timezone", profile.timezone?.string), ("password_hash", password?.text),
    ]
    for case (let name, let text?) in texts { json.member(name, text) }
    json.member("level", profile.level.rawValue)
    json.member("active", profile.isActive)
    json.member("verified", profile.isVerified)
    json.name("links")
    json.beginArray()
    for link in profile.links {
      json.beginObject()
      json.member("issuer", link.issuer.string)
      json.member("subject", link.subject.string)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.bytes
  }

  private func open() throws(CommandError) -> AccountFile {
    do throws(MovingError) { return try AccountFile(path) } catch { throw Self.failure(error.description) }
  }

  private func next(_ file: inout AccountFile) throws(CommandError) -> (at: String, found: AccountFile.Found)? {
    do throws(MovingError) { return try file.next() } catch { throw Self.failure(error.description) }
  }

  private func soFar(_ isTrial: Bool) -> String {
    isTrial
      ? "Nothing was imported."
      : "Before it \(added) accounts were added; import again to go on, what is there is kept."
  }

  private static func failure(_ sentence: String) -> CommandError {
    CommandError(.failed, TerminalText.escaped(sentence))
  }
}
