import PasswordHashing
import Testing

@Suite("What a new password must be") struct PasswordRulesTests {
  private let rules = PasswordRules(forbidden: ["SesameServer"])
  private let context = ["Maria.Lopez@example.org", "mlopez_1975", "Wilhelmina", "Blankenship"]

  private func refusal(_ password: String) -> String? { rules.refusal(of: password, context: context) }

  @Test(
    "eight Unicode scalars are enough, seven are not, whatever their bytes or their looks",
    arguments: [
      ("qpzmvbta", true), ("qpzmvbt", false), ("", false), ("éàüöñçßø", true), ("éàüöñçß", false),
      ("🐎🔋📎🌍🍏🎻🚲🧭", true), ("🐎🔋📎🌍🍏🎻🚲", false),
      // Four letters with four accents of their own are eight scalars, and look like four characters.
      ("e\u{301}a\u{300}u\u{308}n\u{303}", true),
      ("        ", false), ("p q z m ", true), ("\0\u{1}q\u{7f}pzma", true),
    ])
  func length(password: String, isAccepted: Bool) {
    #expect((refusal(password) == nil) == isAccepted)
  }

  @Test("1,024 bytes are allowed and one more is not, in one-byte and in four-byte characters")
  func longest() {
    let long = String(repeating: "qpzmvbta", count: 128)
    #expect(refusal(long) == nil)
    #expect(refusal(long + "x")?.contains("1,024 bytes") == true)
    let wide = String(repeating: "🐎🔋", count: 128)
    #expect(refusal(wide) == nil)
    #expect(refusal(wide + "x") != nil)
  }

  @Test(
    "no mixture of kinds is asked for",
    arguments: [
      "qpzmvbta", "QPZMVBTA", "58204719", "%&/()=!?", "wagon lintel ochre",
    ])
  func composition(password: String) { #expect(refusal(password) == nil) }

  @Test(
    "common passwords are refused, in any case",
    arguments: [
      "password", "PASSWORD", "Password1", "iloveyou", "sunshine", "qwertyuiop", "1q2w3e4r", "football", "princess",
      "baseball", "trustno1", "superman", "whatever", "starwars", "qwerty123", "abcd1234", "1qaz2wsx", "password123",
      "letmein1", "welcome1",
    ])
  func common(password: String) { #expect(refusal(password)?.contains("most used") == true) }

  @Test(
    "what only begins or ends like a common password is allowed",
    arguments: [
      "password of the heron", "xpasswordx heron", "passwor", "sunshin", "passwordpasswordheron",
    ])
  func nearlyCommon(password: String) { #expect(refusal(password)?.contains("most used") != true) }

  @Test(
    "the user's and the service's own names are refused, in any case",
    arguments: [
      "Maria.Lopez@example.org", "maria.lopez@EXAMPLE.ORG", "maria.lopez", "MLOPEZ_1975", "wilhelmina", "Blankenship",
      "sesameserver",
    ])
  func names(password: String) { #expect(refusal(password)?.contains("your name") == true) }

  @Test("a name within a longer password is allowed")
  func nameWithin() { #expect(refusal("wilhelmina and the heron") == nil) }

  @Test(
    "runs of one character or of neighbours are refused",
    arguments: [
      "aaaaaaaa", "aAaAaAaA", "        ", "12345678", "87654321", "34567890", "67890123", "32109876", "abcdefgh",
      "ABCDefgh", "zyxwvuts", "éééééééé", "🐎🐎🐎🐎🐎🐎🐎🐎", "αβγδεζηθ",
    ])
  func runs(password: String) { #expect(refusal(password)?.contains("again and again") == true) }

  @Test("what breaks off a run is allowed", arguments: ["aaaaaaaq7", "24681357q", "abcdefgzq"])
  func nearlyRuns(password: String) { #expect(refusal(password) == nil) }

  @Test(
    "each refusal is a sentence that tells nothing of the password",
    arguments: [
      "short", String(repeating: "qpzmvbta", count: 200), "aaaaaaaa", "wilhelmina", "iloveyou",
    ])
  func sentences(password: String) throws {
    let sentence = try #require(refusal(password))
    #expect(sentence.hasSuffix("."))
    #expect(!sentence.contains(password))
  }
}
