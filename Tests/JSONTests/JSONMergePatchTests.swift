import JSON
import Testing

@Suite struct JSONMergePatchTests {
  private func merged(_ target: String?, _ patch: String) throws -> String? {
    let patch = try JSONDocument(parsing: Array(patch.utf8)).root
    return JSONMergePatch.apply(patch, to: try target.map { try JSONText(parsing: Array($0.utf8)) })?.description
  }

  @Test(
    "the examples of RFC 7396 appendix A",
    arguments: [
      ("{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"),
      ("{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"),
      ("{\"a\":\"b\"}", "{\"a\":null}", "{}"), ("{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"),
      ("{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"), ("{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"),
      ("{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"),
      ("{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"), ("[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]"),
      ("{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]"), ("{\"a\":\"foo\"}", "null", nil),
      ("{\"a\":\"foo\"}", "\"bar\"", "\"bar\""),
      ("{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"), ("[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}"),
      ("{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"),
    ] as [(String, String, String?)])
  func appendix(target: String, patch: String, expected: String?) throws {
    #expect(try merged(target, patch) == expected)
  }

  @Test("an absent target counts as empty")
  func absentTarget() throws {
    #expect(try merged(nil, "{\"a\":{\"b\":1,\"c\":null},\"d\":null}") == "{\"a\":{\"b\":1}}")
    #expect(try merged(nil, "null") == nil)
    #expect(try merged(nil, "7") == "7")
    let patch = try JSONDocument(parsing: Array("{\"a\":1}".utf8)).root
    #expect(JSONMergePatch.apply(patch, to: JSONText(uncheckedMinified: [0x7B]))?.description == "{\"a\":1}")
  }

  @Test("names match once decoded, and keep the target's spelling")
  func escapedNames() throws {
    #expect(try merged("{\"\\u0061\":1,\"b\":2}", "{\"a\":3}") == "{\"\\u0061\":3,\"b\":2}")
    #expect(try merged("{\"a\":1}", "{\"\\u0061\":null}") == "{}")
  }

  @Test("a merge of nested objects leaves the rest as it was, byte for byte")
  func nested() throws {
    #expect(
      try merged("{\"a\":{\"x\":1.50,\"y\":[1,{}]},\"b\":\"\\u00e9\"}", "{\"a\":{\"x\":{\"z\":null}},\"c\":[null]}")
        == "{\"a\":{\"x\":{},\"y\":[1,{}]},\"b\":\"\\u00e9\",\"c\":[null]}")
  }
}
