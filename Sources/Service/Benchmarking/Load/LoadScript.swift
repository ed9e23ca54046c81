/// What wrk is to send.
enum LoadScript {
  /// Verifies the sessions of a file, one after the other, for ever.
  case verify(sessions: String, pause: Int = 0, interface: Interface = .user)
  /// Opens sessions.
  case open
  /// Opens sessions and writes so many of them to a file.
  case record(count: Int, file: String)
  /// Renews each session of a file once.
  case renew(sessions: String)
  /// Closes each session of a file once.
  case close(sessions: String)

  /// By which interface a session is verified.
  enum Interface: String, CaseIterable {
    /// `GET /v2/session` with the user's own token.
    case user
    /// `POST /v2/verify`.
    case v2
    /// `POST /verify`.
    case service
    /// `POST /sessions/get_session_by_id`.
    case v1

    var name: String {
      switch self {
      case .user: "GET /v2/session"
      case .v2: "POST /v2/verify"
      case .service: "POST /verify"
      case .v1: "POST /sessions/get_session_by_id"
      }
    }
  }

  /// The file of the script, and what stands behind the address.
  var words: (script: String, arguments: [String]) {
    switch self {
    case .verify(let sessions, let pause, let interface):
      ("verify.lua", [sessions, String(pause), interface.rawValue])
    case .open: ("open.lua", [])
    case .record(let count, let file): ("open.lua", [String(count), file])
    case .renew(let sessions): ("once.lua", ["renew", sessions])
    case .close(let sessions): ("once.lua", ["close", sessions])
    }
  }

  /// Writes the scripts to a folder.
  static func install(in folder: String) throws(BenchmarkError) {
    try SmallFile.write(PackageResources.report_lua, to: "\(folder)/report.lua")
    try SmallFile.write(PackageResources.verify_lua, to: "\(folder)/verify.lua")
    try SmallFile.write(PackageResources.open_lua, to: "\(folder)/open.lua")
    try SmallFile.write(PackageResources.once_lua, to: "\(folder)/once.lua")
  }
}
