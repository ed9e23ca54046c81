import Commands
import Testing

@Suite struct NearestNameTests {
  private let commands = ["serve", "session", "account", "key", "events", "check", "export", "import"]

  @Test(
    "the command that was meant is found",
    arguments: [
      ("serv", "serve"), ("sesion", "session"), ("sessoin", "session"), ("acount", "account"), ("exprot", "export"),
      ("kye", "key"), ("chekc", "check"), ("serve", "serve"),
    ])
  func found(name: String, meant: String) {
    #expect(NearestName.find(name, among: commands) == meant)
  }

  @Test("what resembles nothing gets no offer", arguments: ["frobnicate", "", "x", "zz", "benchmark"])
  func notFound(name: String) {
    #expect(NearestName.find(name, among: commands) == nil)
  }

  @Test("a swap of neighbours counts once, and absurd lengths are bounded")
  func distances() {
    #expect(NearestName.find("abdc", among: ["abxy", "abcd"]) == "abcd")
    #expect(NearestName.find(String(repeating: "a", count: 1_000_000), among: ["key"]) == nil)
    #expect(NearestName.find("key", among: [String]()) == nil)
  }
}
