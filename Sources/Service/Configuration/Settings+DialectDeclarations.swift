import SessionCore

extension Settings {
  /// What only one of the documented protocols asks for.
  static let dialectDeclarations: [SettingDeclaration] = [
    SettingDeclaration(
      "session_service.lifetime", .duration("1s", "3650d"), default: "24h", \.sessionService.lifetime,
      "How long a session of the session service lives when its creator says nothing of it.")
  ]
}
