import HTTPMessages
import SQLiteStore
import Sesame
import SessionModel

/// A sign-up in two steps, as a web service does it: the session is created with the first request, its cookie goes to
/// the browser sealed, comes back with the second request, and is replaced.
@main struct SessionModelSignUp {
  static func main() async throws {
    let folder = CommandLine.arguments.dropFirst().first ?? "."
    let store = try await SQLiteStore(path: folder + "/sesame.db")
    let model = SessionModel(Sessions(store: store, keys: try KeyRing(file: folder + "/keys")))
    let sealed = SealedCookie(model, name: "__Host-sign-up")
    let browser = "Mozilla/5.0"

    let created = try await model.create(
      uniqueIdentifier: "ada", userAgent: browser, status: "code sent", type: "signup")
    let request = HTTPRequest(
      method: .post, target: "/sign-up/code", fields: [cookieField(answering: sealed.setting(created))],
      peer: .network(address: "127.0.0.1", port: 50_000))

    guard let shown = sealed.contents(of: request) else { fatalError("the sealed cookie was refused") }
    let uid = try await model.find(
      sid: shown.sid, uniqueIdentifier: "ada", userAgent: browser, cookie: shown.cookie, status: "code sent",
      type: "signup")
    let updated = try await model.update(sid: shown.sid, uniqueIdentifier: uid, status: "verified", type: "signup")
    print("\(updated.uid) has signed up")

    do {
      _ = try await model.find(
        sid: shown.sid, uniqueIdentifier: uid, userAgent: browser, cookie: shown.cookie, status: "verified",
        type: "signup")
      fatalError("the old cookie still opens the session")
    } catch {
      guard error.code == .unauthorized else { throw error }
      print("the old cookie: \(error)")
    }
    await store.shutdown()
  }

  /// What a browser sends back for a Set-Cookie field.
  private static func cookieField(answering field: HTTPField) -> HTTPField {
    HTTPField("Cookie", String(field.text.prefix { $0 != ";" }))
  }
}
