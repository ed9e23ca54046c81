import Accounts
import SessionCore

extension Settings {
  /// The settings of accounts, log-ins, signed tokens and events.
  static let accountDeclarations: [SettingDeclaration] = [
    SettingDeclaration(
      "login.attempts", .integer(1...1000), default: "10", \.login.attempts,
      "How many wrong passwords an account takes from one address before it is refused for the window."),
    SettingDeclaration(
      "login.attempts_per_address", .integer(1...1_000_000), default: "10", \.login.attemptsPerAddress,
      "How many wrong passwords an address may send for all accounts together, per window."),
    SettingDeclaration(
      "login.attempts_per_account", .integer(1...1_000_000), default: "100", \.login.attemptsPerAccount,
      "How many wrong passwords an account takes from all addresses together, per window."),
    SettingDeclaration(
      "login.window", .duration("1s", "30d"), default: "15m", \.login.window,
      "How long wrong passwords count."),
    SettingDeclaration(
      "login.delay_after", .integer(1...1000), default: "5", \.login.delayAfter,
      "From which wrong password on the next try must wait."),
    SettingDeclaration(
      "login.enrolment", .choice(), default: "off", \.login.enrolment,
      "Who gets an account by logging in with an id token for the first time."),
    SettingDeclaration(
      "login.enrolment_level", .choice(), default: "I", \.login.enrolmentLevel,
      "The level of accounts that everybody gets."),
    SettingDeclaration(
      "login.enrolment_domains",
      .list("a list of domains and levels such as [\"example.com=U\"]") { DomainLevel(reading: $0) }, default: "",
      \.login.enrolmentDomains, "The e-mail domains whose users get an account, and its level."),
    SettingDeclaration(
      "password.memory", .size((19 << 20)...(256 << 20)), default: "19MiB", \.password.memory,
      "How much memory it takes to hash a password."),
    SettingDeclaration(
      "password.passes", .integer(2...16), default: "2", \.password.passes,
      "How many passes over that memory it takes."),
    SettingDeclaration(
      "password.threads", .integer(0...256), default: "0", \.password.threads,
      "How many passwords are hashed at once; 0 means one less than there are cores."),
    SettingDeclaration(
      "password.queue", .integer(1...10_000), default: "32", \.password.queue,
      "How many passwords may wait to be hashed; further log-ins are told to come back."),
    SettingDeclaration(
      "jwt.algorithm", .choice(), default: "ES256", \.jwt.algorithm, "How signed tokens are signed."),
    SettingDeclaration(
      "jwt.issuer", .text("a text"), default: "sesame", \.jwt.issuer, "What signed tokens say of their issuer."),
    SettingDeclaration(
      "jwt.lifetime", .duration("1s", "365d"), default: "5m", \.jwt.lifetime, "How long signed tokens are good."),
    SettingDeclaration(
      "cerberus.expiration", .span(.seconds(1)...(.days(3650)), "1 second to 3650 days"), default: "",
      \.cerberus.expiration,
      "How long sessions of the Cerberus protocol live, used or not; empty means as long as others."),
    SettingDeclaration(
      "cerberus.session", .choice(), default: "stateful", \.cerberus.session, "What tokens of that protocol are."),
    SettingDeclaration(
      "console.enabled", .boolean, default: "true", \.console.isEnabled,
      "Whether the pages for people are there: the web console and the users' own page."),
    SettingDeclaration(
      "events.retention", .duration("1m", "3650d"), default: "90d", \.events.retention,
      "How long events can still be read before they are deleted."),
  ]
}

extension Settings.DomainLevel {
  /// Reads "example.com=U"; the level of a guest if it is left out.
  fileprivate init?(reading text: String) {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let domain = EmailAddress("x@\(parts[0])")?.domain else { return nil }
    guard let level = parts.count == 1 ? .guest : AccountLevel(rawValue: String(parts[1])) else { return nil }
    self.init(domain: domain, level: level)
  }
}
