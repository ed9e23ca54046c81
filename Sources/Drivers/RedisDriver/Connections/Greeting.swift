/// What a new connection says first, and what its answers mean.
enum Greeting {
  case password
  case database
  case name
  case ready

  /// The steps of a connection to a server.
  static func steps(_ settings: EngineSettings) -> [(Greeting, [RedisArgument])] {
    var steps: [(Greeting, [RedisArgument])] = []
    if let password = settings.password {
      let user = settings.user.map { [RedisArgument($0)] } ?? []
      steps.append((.password, ["AUTH"] + user + [RedisArgument(password.text)]))
    }
    if settings.database > 0 { steps.append((.database, ["SELECT", RedisArgument(settings.database)])) }
    steps.append((.name, ["CLIENT", "SETNAME", RedisArgument(settings.clientName)]))
    steps.append((.ready, ["PING"]))
    return steps
  }

  /// Throws if the answer means that the connection can't be used.
  func check(_ reply: RedisReply) throws(RedisError) {
    guard case .error(let code, let text) = reply else { return }
    switch (self, code) {
    case (_, "NOAUTH"):
      throw RedisError(.authentication, "The server asks for a password.", serverCode: code)
    case (.password, _):
      throw RedisError(.authentication, "The server refuses the user or the password (\(code)).", serverCode: code)
    case (.database, _):
      throw RedisError(.refused, "The server refuses the database: \(text)", serverCode: code)
    case (.name, _): return
    // What this user may not do, or what a replica without its primary does not do, still is a sign of life.
    case (.ready, "NOPERM"), (.ready, "MASTERDOWN"): return
    case (.ready, _): throw RedisError(refusal: code, text)
    }
  }
}
