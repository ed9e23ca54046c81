import Glibc

/// What a run tries, by the word in `SESAME_FUZZ`.
enum FuzzTarget: String, CaseIterable {
  case cookies
  case json
  case jwks
  case jwt
  case requests
  case resp
  case settings
  case tokens
  case `where`

  /// The one that the environment names; ends the process with a list of all if it names none.
  static let chosen: FuzzTarget = {
    let name = unsafe getenv("SESAME_FUZZ").map { unsafe String(cString: $0) } ?? ""
    if let target = FuzzTarget(rawValue: name) { return target }
    print("SESAME_FUZZ must be one of: \(allCases.map(\.rawValue).joined(separator: " "))")
    exit(2)
  }()

  /// Has the target read some bytes; traps if it breaks a promise.
  func read(_ bytes: [UInt8]) {
    switch self {
    case .cookies: readCookies(bytes)
    case .json: readJSON(bytes)
    case .jwks: readKeySet(bytes)
    case .jwt: readSignedToken(bytes)
    case .requests: readRequests(bytes)
    case .resp: readReplies(bytes)
    case .settings: readSettings(bytes)
    case .tokens: readToken(bytes)
    case .where: readConditions(bytes)
    }
  }
}

/// What libFuzzer calls with each input (https://llvm.org/docs/LibFuzzer.html#fuzz-target).
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  FuzzTarget.chosen.read(unsafe Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
