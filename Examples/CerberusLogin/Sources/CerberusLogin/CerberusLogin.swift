import Accounts
import Cerberus
import PasswordHashing
import SQLiteStore
import Sesame

@main struct CerberusLogin {
  static func main() async throws {
    let folder = CommandLine.arguments.dropFirst().first ?? "."
    let store = try await SQLiteStore(path: folder + "/sesame.db")
    let pool = try PasswordPool()
    let sessions = Sessions(store: store, keys: try KeyRing(file: folder + "/keys"))
    let hasher = PooledHasher(pool: pool)
    let accounts = Accounts(store: store, sessions: sessions, hasher: hasher, clock: sessions.clock)
    let logins = Logins(
      accounts: accounts, sessions: sessions, store: store, events: store, hasher: hasher, identities: nil,
      policy: LoginPolicy())
    var profile = AccountProfile()
    profile.email = EmailAddress("ana@example.org")
    profile.firstName = "Ana"
    _ = try await accounts.create(profile, password: .plain("a horse of two colours"), by: Actor(.service))

    let cerberus = Cerberus(
      sessions, accounts: accounts, logins: logins, store: store,
      settings: Cerberus.Settings(kind: .stateful, expiration: TimeSpan(text: "2 days")))
    do throws(CerberusReply) {
      let created = try await cerberus.sessions.create(
        email: "ana@example.org", password: "a horse of two colours", ip: "192.0.2.7")
      print(created.status, created.message)
      guard let token = created.token, let user = try await cerberus.sessions.get(token).user else {
        fatalError("a reply without what it is for")
      }
      print("\(user.firstName ?? "?") is \(user.email ?? "?")")
      let rows = try await cerberus.sessions.listSome(where: ["ip": "192.0.2.7", "created": .compared("<=", "now()")])
      print("\(rows.count) session of \(rows.first?.firstName ?? "?")")
      print(try await cerberus.sessions.renew(user).message)
      print(try await cerberus.sessions.revoke(user.id).message)
      _ = try await cerberus.sessions.get(token)
    } catch {
      print(error.status, error.message)
    }
    await pool.stop()
    await store.shutdown()
  }
}
