import SessionCore

extension Settings {
  /// The settings of the protocol Session_Model.
  static let sessionModelDeclarations: [SettingDeclaration] = [
    SettingDeclaration(
      "session_model.lifetime", .duration("1s", "3650d"), default: "1d", \.sessionModel.lifetime,
      "How long a session lives that is opened through Session_Model."),
    SettingDeclaration(
      "session_model.cookie_lifetime", .duration("1ms", "3650d"), default: "2h", \.sessionModel.cookieLifetime,
      "How long the cookie of such a session is good after it was issued."),
    SettingDeclaration(
      "session_model.secure", .boolean, default: "true", \.sessionModel.isSecure,
      "Whether the cookie's data says that only HTTPS carries it."),
  ]
}
