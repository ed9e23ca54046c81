import SessionCore

extension Logins {
  /// Whose account an identity is.
  enum IdentityOwner {
    case account(Account)
    case refused(cause: String)
  }

  /// The account that is linked to an identity; if there is none, a new one if the policy gives it one.
  ///
  /// An account that merely has the same e-mail address is never linked: whoever controls an address at one provider
  /// would thereby take over accounts that others made.
  func find(_ identity: Identity, as context: LoginContext) async throws(StoreError) -> IdentityOwner {
    if let account = try await accounts.store.account(link: identity.link) { return .account(account) }
    guard let level = level(of: identity) else { return .refused(cause: "not_enrolled") }
    let profile = AccountProfile(enrolling: identity, level: level)
    if let refusal = profile.refusal { return .refused(cause: "id_token_\(refusal.member)") }
    let actor = Actor(
      .policy, name: "enrolment", address: context.actor.address, requestID: context.actor.requestID)
    switch try await accounts.insert(profile, password: nil, by: actor) {
    case .inserted(let account): return .account(account)
    case .taken(let member):
      // Another first log-in of the same user may have come first.
      if let account = try await accounts.store.account(link: identity.link) { return .account(account) }
      return .refused(cause: "\(member.rawValue)_taken")
    }
  }

  /// The level that the policy gives to an identity without an account; `nil` if it gives none.
  private func level(of identity: Identity) -> AccountLevel? {
    switch policy.enrolment {
    case .off: return nil
    case .on(let level): return level
    case .domains(let levels):
      guard identity.isEmailVerified == true, let domain = identity.email?.domain else { return nil }
      return levels.first { ExactText(EmailAddress("a@" + $0.key)?.domain ?? "") == ExactText(domain) }?.value
    }
  }
}

extension AccountProfile {
  /// The profile of a new account for an identity, with whatever of it an account may hold.
  ///
  /// The address is left out unless the provider vouches for it: it would keep its true owner out.
  init(enrolling identity: Identity, level: AccountLevel) {
    self.init(level: level)
    links = [identity.link]
    if identity.isEmailVerified == true, let address = identity.email {
      email = address
      isVerified = true
    }
    name = Self.kept(identity.name) { Self.refusal(ofName: $0, "name") }
    firstName = Self.kept(identity.givenName) { Self.refusal(ofName: $0, "first_name") }
    lastName = Self.kept(identity.familyName) { Self.refusal(ofName: $0, "last_name") }
    picture = Self.kept(identity.picture, Self.refusal(ofPicture:))
    timezone = Self.kept(identity.timezone, Self.refusal(ofTimezone:))
  }

  private static func kept(_ text: String?, _ refusal: (ExactText?) -> AccountRefusal?) -> ExactText? {
    guard let text = text.map({ ExactText($0) }), refusal(text) == nil else { return nil }
    return text
  }
}
