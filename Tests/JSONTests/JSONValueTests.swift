import JSON
import Testing

@Suite struct JSONValueTests {
  private func parse(_ text: String) throws -> JSONValue {
    try JSONDocument(parsing: Array(text.utf8)).root
  }

  @Test("each kind answers for itself and for no other")
  func kinds() throws {
    let values = try parse("[null,true,7,\"x\",[1],{\"a\":1}]").elements
    #expect(values.map(\.kind) == [.null, .boolean, .number, .string, .array, .object])
    #expect(values.map(\.isNull) == [true, false, false, false, false, false])
    #expect(values.map(\.boolean) == [nil, true, nil, nil, nil, nil])
    #expect(values.map(\.integer) == [nil, nil, 7, nil, nil, nil])
    #expect(values.map(\.double) == [nil, nil, 7, nil, nil, nil])
    #expect(values.map(\.string) == [nil, nil, nil, "x", nil, nil])
    #expect(values.map(\.utf8String) == [nil, nil, nil, [0x78], nil, nil])
    #expect(values.map(\.count) == [0, 0, 0, 0, 1, 1])
    #expect(values.map(\.elements.count) == [0, 0, 0, 0, 1, 0])
    #expect(values.map(\.members.count) == [0, 0, 0, 0, 0, 1])
    #expect(values.map { $0["a"]?.integer } == [nil, nil, nil, nil, nil, 1])
  }

  @Test(
    "an integer is a number written as one that fits in 64 bits",
    arguments: [
      ("0", 0), ("-0", 0), ("9223372036854775807", .max), ("-9223372036854775808", .min), ("9223372036854775808", nil),
      ("18446744073709551615", nil), ("1.0", nil), ("1e3", nil), ("-0.0", nil),
    ] as [(String, Int64?)])
  func integers(text: String, expected: Int64?) throws {
    #expect(try parse(text).integer == expected)
    #expect(try parse(text).double == Double(text))
  }

  @Test(
    "doubles are those of the text",
    arguments: ["3.141592653589793", "1e-400", "5e-324", "1.7976931348623157e308", "-2.5"])
  func doubles(text: String) throws {
    #expect(try parse(text).double == Double(text))
  }

  @Test(
    "strings are decoded",
    arguments: [
      ("\"\"", ""), ("\"\\u0041\\n\\t\\/\\\\\\\"\"", "A\n\t/\\\""), ("\"\\ud83d\\ude00\"", "\u{1F600}"),
      ("\"a\\u0000b\"", "a\0b"), ("\"π\u{1F600}\"", "π\u{1F600}"), ("\"\\u00e9\"", "\u{E9}"), ("\"x\\\\\"", "x\\"),
    ])
  func strings(text: String, expected: String) throws {
    // Each twice, before and behind others, so that the decoded bytes of several stand behind one another.
    let values = try parse("[\(text),\"\\n\",{\(text):\(text)}]").elements
    #expect(values[0].utf8String == Array(expected.utf8))
    #expect(values[1].string == "\n")
    #expect(values[2].members.first.map { Array($0.name.utf8) } == Array(expected.utf8))
    #expect(values[2].member(expected)?.utf8String == Array(expected.utf8))
    #expect(unsafe values[0].withUTF8String { unsafe Array($0) } == Array(expected.utf8))
  }

  @Test("members are found by name, past whole subtrees, and missing ones are nil")
  func members() throws {
    let root = try parse("{\"a\":{\"c\":[1,{\"d\":2}]},\"b\":[[],[]],\"c\":\"e\",\"\\u00e9\":5}")
    #expect(root["c"]?.string == "e")
    #expect(root["a"]?["c"]?.elements.last?["d"]?.integer == 2)
    #expect(root["d"] == nil)
    #expect(root["b"]?.count == 2)
    #expect(root.member("\u{E9}")?.integer == 5)
    #expect(root.member("e\u{301}") == nil)
    #expect(root.count == 4)
    #expect(root.members.map(\.name) == ["a", "b", "c", "\u{E9}"])
  }

  @Test("each value knows its own minified text")
  func texts() throws {
    let root = try parse(" { \"a\" : [ 1 , { \"b\" : \"\\u0041 \\\" c\" } ] , \"d\" : -1.50E+2 , \"e\" : null } ")
    #expect(root.text.description == "{\"a\":[1,{\"b\":\"\\u0041 \\\" c\"}],\"d\":-1.50E+2,\"e\":null}")
    #expect(root["a"]?.text.description == "[1,{\"b\":\"\\u0041 \\\" c\"}]")
    #expect(root["a"]?.elements[1].text.description == "{\"b\":\"\\u0041 \\\" c\"}")
    #expect(root["d"]?.text.description == "-1.50E+2")
    #expect(root["e"]?.text == .null)
  }

  @Test("a text kept is read again, whatever the limits were")
  func document() throws {
    let text = JSONText(string: String(repeating: "\u{1}", count: 20_000))
    #expect(text.bytes.count == 120_002)
    #expect(try text.document().root.string?.utf8.count == 20_000)
    #expect(throws: JSONError.self) { try JSONText(uncheckedMinified: [0x5B]).document() }
  }

  @Test("bytes outside an array are read too")
  func rawMemory() throws {
    let bytes = Array("{\"a\":[1]}".utf8)
    let value = try unsafe bytes.withUnsafeBytes { unsafe try JSONDocument(parsing: $0).root }
    #expect(value["a"]?.elements.first?.integer == 1)
    let nothing = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    #expect(throws: JSONError.self) { unsafe try JSONDocument(parsing: nothing) }
  }

  @Test("documents live on when others are read on the same thread")
  func independence() throws {
    let first = try parse("{\"a\":\"one\\n\"}")
    let second = try parse("[\"two\",\"three\\t\",4]")
    #expect(first["a"]?.string == "one\n")
    #expect(second.elements.map(\.string) == ["two", "three\t", nil])
  }
}
