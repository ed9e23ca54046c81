extension Sessions {
  /// The user id under which imported tokens are looked for, which no user has: such a token does not come with one.
  static let importedUser: ExactText = ""

  /// What a token says that was imported with its session; `nil` if it is none.
  ///
  /// Costs a read of the store for each accepted key, unless the session is in the cache, so the policy has to ask for
  /// it: otherwise what was not made here is refused for nothing.
  func importedClaims(_ token: [UInt8]) async throws(StoreError) -> TokenClaims? {
    guard policy.acceptsImportedTokens, (1...SessionPolicy.carriedTokenLimit).contains(token.count) else { return nil }
    for place in places(of: token, user: Self.importedUser) {
      guard let session = try await load(place.id, fresh: false), let carried = session.carried,
        place.isKept(by: session)
      else { continue }
      return TokenClaims(id: place.id, generation: carried.generation)
    }
    return nil
  }
}
