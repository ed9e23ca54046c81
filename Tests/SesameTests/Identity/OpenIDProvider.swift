import Foundation
import Glibc
import HTTPTesting
import JSON
import Testing

/// A provider that this project did not write, run by scripts/oidc-provider, and its users.
final class OpenIDProvider {
  private let process: ChildProcess
  /// The port that it picked.
  let port: Int

  /// Starts it; `users` are JSON objects of claims, each with a `sub`.
  init(users: [String]) throws {
    let root = URL(fileURLWithPath: #filePath).appending(path: "../../../..").standardized
    process = try ChildProcess(
      root.appending(path: "scripts/oidc-provider").path,
      ["--port", "0"] + users.flatMap { ["--user-claims", $0] }, in: root.path)
    let line = process.errors.wait(limit: .seconds(300)) { $0.contains("running on http://127.0.0.1:") }
    let address = try #require(line, "the provider did not start: \(process.errors.all)")
      .split(separator: " ").first { $0.hasPrefix("http://127.0.0.1:") }
    port = try #require(address?.split(separator: ":").last.flatMap { Int($0) })
  }

  deinit {
    process.send(SIGKILL)
    _ = process.waitForEnd()
  }

  /// The `iss` of its tokens, which is also where its discovery begins.
  var issuer: String { "http://127.0.0.1:\(port)" }

  /// The settings that trust it.
  var settings: [String] { ["--set", "issuers.real.issuer=\(issuer)", "--set", "issuers.real.audiences=us"] }

  /// Has a user log in there, as a browser and then an application do (OpenID Connect Core, section 3.1): the
  /// authorization form, the code from the redirection, and the token endpoint.
  func idToken(of subject: String, nonce: String? = nil, client: String = "us") throws -> [UInt8] {
    let back = "http%3A%2F%2F127.0.0.1%2Fback"
    let form = ("Content-Type", "application/x-www-form-urlencoded")
    let query =
      "client_id=\(client)&redirect_uri=\(back)&response_type=code&scope=openid%20email%20profile&state=s"
      + (nonce.map { "&nonce=\($0)" } ?? "")
    let connection = try ServiceClient(port: port)
    let redirection = try connection.send("POST", "/oauth2/authorize?\(query)", "sub=\(subject)", fields: [form])
    try #require(redirection.status == 302, "\(redirection.text)")
    let items = redirection.field("location").flatMap { URLComponents(string: $0)?.queryItems }
    let code = try #require(items?.first { $0.name == "code" }?.value)
    let credentials = Data("\(client):secret".utf8).base64EncodedString()
    let reply = try connection.send(
      "POST", "/oauth2/token", "grant_type=authorization_code&code=\(code)&redirect_uri=\(back)",
      fields: [form, ("Authorization", "Basic \(credentials)")])
    return Array(try #require(reply["id_token"]?.string, "\(reply.text)").utf8)
  }
}
