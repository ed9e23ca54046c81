import JSON
import Testing

/// What RFC 8259 allows and forbids, case by case as the public test suites have it.
@Suite struct JSONParsingTests {
  private func code(_ text: [UInt8], _ limits: JSONLimits = JSONLimits()) -> JSONError.Code? {
    do {
      _ = try JSONDocument(parsing: text, limits: limits)
      return nil
    } catch {
      return error.code
    }
  }

  private func failure(_ text: String, _ limits: JSONLimits = JSONLimits()) -> JSONError? {
    do {
      _ = try JSONDocument(parsing: Array(text.utf8), limits: limits)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "valid texts are accepted, and minified as expected",
    arguments: [
      ("[[]   ]", "[[]]"), ("[\"\"]", "[\"\"]"), ("[]", "[]"), ("[\"a\"]", "[\"a\"]"), ("[false]", "[false]"),
      ("[null, 1, \"1\", {}]", "[null,1,\"1\",{}]"), ("[null]", "[null]"), ("[1\n]", "[1]"), (" [1]", "[1]"),
      ("[1,null,null,null,2]", "[1,null,null,null,2]"), ("[2] ", "[2]"), ("[123e65]", "[123e65]"),
      ("[0e+1]", "[0e+1]"), ("[0e1]", "[0e1]"), ("[ 4]", "[4]"), ("[-0]", "[-0]"), ("[-123]", "[-123]"),
      ("[-1]", "[-1]"), ("[20e1]", "[20e1]"), ("[1E22]", "[1E22]"), ("[1E-2]", "[1E-2]"), ("[1E+2]", "[1E+2]"),
      ("[123e45]", "[123e45]"), ("[123.456e78]", "[123.456e78]"), ("[1e-2]", "[1e-2]"), ("[1e+2]", "[1e+2]"),
      ("[123]", "[123]"), ("[123.456789]", "[123.456789]"),
      (
        "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]",
        "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]"
      ),
      ("{\"asd\":\"sdf\", \"dfg\":\"fgh\"}", "{\"asd\":\"sdf\",\"dfg\":\"fgh\"}"), ("{}", "{}"),
      ("{\"\":0}", "{\"\":0}"), ("{\"foo\\u0000bar\": 42}", "{\"foo\\u0000bar\":42}"),
      ("{ \"min\": -1.0e+28, \"max\": 1.0e+28 }", "{\"min\":-1.0e+28,\"max\":1.0e+28}"), ("{\"a\":[]}", "{\"a\":[]}"),
      ("{\n\"a\": \"b\"\n}", "{\"a\":\"b\"}"), ("[\"\\u0060\\u012a\\u12AB\"]", "[\"\\u0060\\u012a\\u12AB\"]"),
      ("[\"\\uD801\\udc37\"]", "[\"\\uD801\\udc37\"]"),
      ("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"),
      ("[\"\\\\u0000\"]", "[\"\\\\u0000\"]"), ("[\"\\\"\"]", "[\"\\\"\"]"),
      ("[\"a/*b*/c/*d//e\"]", "[\"a/*b*/c/*d//e\"]"),
      ("[\"\\uDBFF\\uDFFF\"]", "[\"\\uDBFF\\uDFFF\"]"), ("[\"\\uFFFF\"]", "[\"\\uFFFF\"]"),
      ("[\"\u{FFFF}\"]", "[\"\u{FFFF}\"]"),
      ("[\"\u{10FFFF}\"]", "[\"\u{10FFFF}\"]"), ("[\"π\"]", "[\"π\"]"),
      ("[\"\u{2028}\u{2029}\"]", "[\"\u{2028}\u{2029}\"]"),
      ("[\"\u{7F}\"]", "[\"\u{7F}\"]"), ("[\"a  b : , \"]", "[\"a  b : , \"]"), ("\"\"", "\"\""), ("42", "42"),
      ("-0.1", "-0.1"),
      ("true", "true"), ("false", "false"), ("null", "null"), ("\"asd\"", "\"asd\""), ("[\"a\"]\n", "[\"a\"]"),
      ("\t[true]\r\n ", "[true]"), ("{\"a\" : { } , \"b\" : [ ] }", "{\"a\":{},\"b\":[]}"),
      ("[18446744073709551615]", "[18446744073709551615]"), ("[-9223372036854775808]", "[-9223372036854775808]"),
      ("[\"\\\\\" , \"\\\\\\\"\" ]", "[\"\\\\\",\"\\\\\\\"\"]"), ("[1e-400]", "[1e-400]"),
    ])
  func accepted(text: String, minified: String) throws {
    #expect(try JSONText(parsing: Array(text.utf8)).description == minified)
  }

  @Test(
    "invalid texts are refused",
    arguments: [
      "[1 true]", "[a\u{E5}]", "[\"\": 1]", "[\"\"],", "[,1]", "[1,,2]", "[\"x\",,]", "[\"x\"]]", "[\"\",]", "[\"x\"",
      "[x", "[3[4]]", "[1:2]", "[,]", "[-]", "[   , \"\"]", "[\"a\",\n4\n,1,", "[1,]", "[1,,]", "[\"\u{0B}a\"\\f]",
      "[*]",
      "[\"\"", "[1,", "[1,\n1\n,1", "[{}", "[fals]", "[nul]", "[tru]", "[++1234]", "[+1]", "[+Inf]", "[-01]", "[-1.0.]",
      "[-2.]", "[-NaN]", "[.-1]", "[.2e-3]", "[0.1.2]", "[0.3e+]", "[0.3e]", "[0.e1]", "[0E+]", "[0E]", "[0e+]", "[0e]",
      "[1.0e+]", "[1.0e-]", "[1.0e]", "[1 000.0]", "[1eE2]", "[2.e+3]", "[2.e-3]", "[2.e3]", "[9.e+]", "[Inf]", "[NaN]",
      "[\u{FF11}]", "[1+2]", "[0x1]", "[0x42]", "[Infinity]", "[0e+-1]", "[-123.123foo]", "[-Infinity]", "[-foo]",
      "[- 1]", "[-012]", "[-.123]", "[-1x]", "[1ea]", "[1.]", "[.123]", "[1.2a-3]", "[1.8011670033376514H-308]",
      "[012]",
      "[\"x\", truth]", "{[: \"x\"}", "{\"x\", null}", "{\"x\"::\"b\"}", "{\u{1F1E8}}", "{\"a\":\"a\" 123}",
      "{key: 'value'}",
      "{\"a\" b}", "{:\"b\"}", "{\"a\" \"b\"}", "{\"a\":", "{\"a\"", "{1:1}", "{9999E9999:1}", "{null:null,null:null}",
      "{\"id\":0,,,,,}", "{'a':0}", "{\"id\":0,}", "{\"a\":\"b\"}/**/", "{\"a\":\"b\"}//", "{\"a\":/*c*/\"b\"}",
      "{\"a\":\"b\",,\"c\":\"d\"}", "{a: \"b\"}", "{\"a\":\"a", "{ \"foo\" : \"bar\", \"a\" }", "{\"a\":\"b\"}#", " x",
      "[\"\\uD800\\\"]", "[\"\\uD800\\u\"]", "[\"\\uD800\\u1\"]", "[\"\\uD800\\u1x\"]", "[\u{E9}]", "[\"\\x00\"]",
      "[\"\\\\\\\"]", "[\"\\\t\"]", "[\"\\\u{1F300}\"]", "[\"\\\"]", "[\"\\u00A\"]", "[\"\\uD834\\uDd\"]",
      "[\"\\uD800\\uD800\\x\"]", "[\"\\a\"]", "[\"\\uqqqq\"]", "[\\u0020\"asd\"]", "[\\n]", "\"", "['single quote']",
      "abc",
      "[\"\\", "[\"a\nb\"]", "[\"\t\"]", "[\"new\r\nline\"]", "\"\\UA66D\"", "\"x\"x", "<.>", "[<null>]", "[1]x",
      "[1]]",
      "[True]", "1]", "{\"x\": true,", "[][]", "]", "{}}", "{\"\":", "{\"a\":/*comment*/\"b\"", "{\"a\": true} \"x\"",
      "['",
      "[,", "[\"a", "{", "{]", "{,", "{[", "{'a'", "[\"\\{[\"\\{[\"\\{[\"\\{", "\u{E9}", "*", "{\"a\":\"b\"}#{}",
      "[\\u000A\"\"]",
      "[1", "{\"asd\":\"asd\"", "\u{2060}", "\u{A0}[1]", "[1]\u{A0}", "[\u{0C}]", "1 2", "nulll", "nul", "[1e]", "00",
      "-",
      "[true false]", "[\"\\u12\n34\"]", "[\"a\u{00}b\"]",
    ])
  func refused(text: String) {
    #expect(code(Array(text.utf8)) != nil)
  }

  @Test(
    "bytes that are not UTF-8 are refused as such",
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0x22, 0xF4, 0xBF, 0xBF, 0xBF, 0x22],
      [0x22, 0xE0, 0x80, 0xAF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0x81, 0x22],
      [0x22, 0xFC, 0x83, 0xBF, 0xBF, 0xBF, 0xBF, 0x22],
      [0xEF, 0xBB, 0xBF, 0x7B, 0x7D],
    ] as [[UInt8]])
  func encoding(text: [UInt8]) {
    #expect(code(text) == .encoding)
  }

  @Test("other encodings and unfinished marks are refused")
  func otherEncodings() {
    #expect(code([0xFF, 0xFE, 0x5B, 0x00, 0x5D, 0x00]) != nil)
    #expect(code([0x00, 0x5B, 0x00, 0x5D]) != nil)
    #expect(code([0xEF, 0xBB]) != nil)
    #expect(code([0xEF, 0xBB, 0xBF]) == .encoding)
    #expect(code([0x22, 0x61, 0x22, 0xE5]) != nil)
  }

  @Test(
    "NUL is refused in every place",
    arguments: ["\0", "[1]\0", "\0[1]", "[\0]", "1\0", "\"a\0\"", "{\"a\0\":1}", "tru\0"])
  func nul(text: String) {
    #expect(code(Array(text.utf8)) != nil)
  }

  @Test(
    "half surrogate pairs are refused",
    arguments: [
      "\\uD800", "\\uDFFF", "\\uDC00", "\\uDADA", "\\uD888\\u1234", "\\uD800\\uD800", "\\uDd1e\\uD834", "a\\uDEAD",
      "\\uD800\\n", "\\uD800x", "\\uD83D\\uDE00\\uDE00",
    ])
  func surrogates(escape: String) {
    #expect(code(Array("[\"\(escape)\"]".utf8)) != nil)
    #expect(code(Array("{\"\(escape)\":1}".utf8)) != nil)
  }

  @Test("an empty text is refused as empty", arguments: ["", " ", "\n\t\r "])
  func empty(text: String) {
    #expect(code(Array(text.utf8)) == .empty)
  }

  @Test("the depth allowed is accepted, and one more is refused", arguments: [1, 2, 32, 1000])
  func depth(levels: Int) {
    let limits = JSONLimits(maximumDepth: levels)
    func arrays(_ count: Int) -> [UInt8] {
      Array((String(repeating: "[", count: count) + String(repeating: "]", count: count)).utf8)
    }
    func objects(_ count: Int) -> [UInt8] {
      Array((String(repeating: "{\"a\":", count: count) + "1" + String(repeating: "}", count: count)).utf8)
    }
    #expect(code(arrays(levels), limits) == nil)
    #expect(code(arrays(levels + 1), limits) == .depth)
    #expect(code(objects(levels), limits) == nil)
    #expect(code(objects(levels + 1), limits) == .depth)
  }

  @Test("a depth of none leaves plain values, and absurd depths are bounded")
  func depthBounds() {
    #expect(code(Array("1".utf8), JSONLimits(maximumDepth: 0)) == nil)
    #expect(code(Array("[]".utf8), JSONLimits(maximumDepth: 0)) == .depth)
    #expect(code(Array("[]".utf8), JSONLimits(maximumDepth: -5)) == .depth)
    let deep = [UInt8](repeating: 0x5B, count: 2000) + [UInt8](repeating: 0x5D, count: 2000)
    #expect(code(deep, JSONLimits(maximumDepth: .max)) == .depth)
  }

  @Test("a hundred thousand levels are refused, open or closed")
  func deepNesting() {
    let limits = JSONLimits(maximumBytes: 1 << 20)
    let open = [UInt8](repeating: 0x5B, count: 100_000)
    #expect(code(open, limits) != nil)
    #expect(code(open + [UInt8](repeating: 0x5D, count: 100_000), limits) == .depth)
    #expect(code(Array(String(repeating: "[{\"\":", count: 50_000).utf8), limits) != nil)
  }

  @Test("64 KiB are accepted by default, and one byte more is refused")
  func size() throws {
    let filling = [UInt8](repeating: 0x61, count: 65_534)
    let text = [0x22] + filling + [0x22]
    #expect(try JSONDocument(parsing: text).root.utf8String == filling)
    #expect(code(text + [0x20]) == .size)
    #expect(code(Array("12".utf8), JSONLimits(maximumBytes: 1)) == .size)
    #expect(code(Array("1".utf8), JSONLimits(maximumBytes: -1)) == .size)
  }

  @Test(
    "names that are equal once decoded are refused",
    arguments: [
      "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "{\"\\u0061\":1,\"a\":2}", "{\"b\":{\"a\":1,\"a\":1}}",
      "[{\"\":1,\"\":1}]",
      "{\"\\u00e9\":1,\"\u{E9}\":2}", "{\"a\":{\"a\":{}},\"a\":1}",
    ])
  func duplicates(text: String) {
    #expect(code(Array(text.utf8)) == .duplicateName)
  }

  @Test("names are compared as bytes, so that the composed and the decomposed differ")
  func canonicalEquivalence() {
    #expect(code(Array("{\"\u{E9}\":1,\"e\u{301}\":2}".utf8)) == nil)
    #expect(code(Array("{\"a\":1,\"A\":2,\"aa\":3,\"\":4,\"a\\u0000\":5}".utf8)) == nil)
    #expect(code(Array("{\"a\":{\"a\":1},\"b\":{\"a\":1}}".utf8)) == nil)
  }

  @Test("one name twice among many is found", arguments: [2, 12, 13, 14, 100, 4000])
  func manyNames(count: Int) {
    let names = (0..<count).map { "\"name\($0)\":{\"x\":[1,2]}" }
    #expect(code(Array("{\(names.joined(separator: ","))}".utf8), .widest) == nil)
    let twice = names + ["\"n\\u0061me\(count / 2)\":0"]
    #expect(code(Array("{\(twice.joined(separator: ","))}".utf8), .widest) == .duplicateName)
  }

  @Test(
    "numbers beyond the range are refused",
    arguments: [
      "18446744073709551616", "-9223372036854775809", "100000000000000000000", "1e309", "-1e309",
      "0.4e00669999999999999999999",
      "123123e100000", "-237462374673276894279832749832423479823246327846",
    ])
  func hugeNumbers(text: String) {
    #expect(code(Array("[\(text)]".utf8)) == .number)
    #expect(code(Array(text.utf8)) == .number)
  }

  @Test("a number of sixty thousand digits ends in an answer")
  func longNumbers() {
    let digits = String(repeating: "9", count: 60_000)
    #expect(code(Array(digits.utf8)) == .number)
    #expect(code(Array("0.\(digits)".utf8)) == nil)
    #expect(code(Array("1e\(digits)".utf8)) == .number)
    #expect(code(Array("0.\(digits)e-\(digits)".utf8), .widest) == nil)
  }

  @Test("a refusal says where, when that is known, and repeats nothing of the text")
  func offsets() {
    #expect(failure("{ \"a\\\" \" : 1 ,\n \"b\" : 2, \"a\\u0022 \":3}")?.offset == 25)
    #expect(failure("{\"a\":1,\"a\":2}")?.description == "The JSON text has a name twice in one object (at byte 7).")
    #expect(failure("[ [[]]]", JSONLimits(maximumDepth: 2))?.offset == 3)
    #expect(failure("[}")?.description == "The text is not valid JSON.")
    do {
      _ = try JSONDocument(parsing: [0x5B, 0x22, 0x61, 0xFF, 0x22, 0x5D])
      Issue.record("accepted")
    } catch {
      #expect(error.offset == 3)
    }
  }
}
