import JSON
import Testing

/// Texts made at random from a fixed seed: whatever is accepted must keep what this module promises.
@Suite struct JSONFuzzTests {
  /// A linear congruential generator, so that a failure comes again.
  private struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  private static let seeds = [
    "{\"user_id\":\"42\",\"data\":{\"a\":[1,2.5,-3e7,true,false,null,\"\\u00e9\\n\"],\"b\":{}},\"idle_timeout\":3600}",
    "[[[[[[[]]]]]],{\"a\":{\"b\":{\"c\":{}}}},\"\\ud83d\\ude00\",18446744073709551615]",
    "  { \"a\" : \"b\\\"c\" , \"d\\u0000\" : [ ] }  ", "\"\\\\\\\\\\\"\"", "[0,-0,0.0,1E-9,9007199254740993]",
  ].map { Array($0.utf8) }

  private static let pieces = [
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\uD800", "0", "-", "e", "\u{E9}", " ", "\0", "null",
  ]
  .map { Array($0.utf8) }

  @Test("mutated texts never end the process, and what is accepted is stable", arguments: [1, 2, 3, 4] as [UInt64])
  func mutations(seed: UInt64) throws {
    var random = Random(state: seed)
    var accepted = 0
    for _ in 0..<2_500 {
      var text = Self.seeds.randomElement(using: &random) ?? []
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        let place = Int.random(in: 0...text.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: text.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? [], at: place)
        case 1 where place < text.count: text.remove(at: place)
        case 2 where place < text.count: text[place] = UInt8.random(in: 0...255, using: &random)
        default: text = Array(text[..<place]) + text[Int.random(in: 0...text.count, using: &random)...]
        }
      }
      guard let document = try? JSONDocument(parsing: text) else { continue }
      accepted += 1
      // Minifying again changes nothing, and every value is reached and holds what its own text says.
      let minified = document.root.text
      #expect(try JSONText(parsing: minified.bytes) == minified)
      #expect(try rewritten(document.root) == rewritten(minified.document().root))
      check(document.root)
    }
    #expect(accepted > 250)
  }

  private func check(_ value: JSONValue) {
    #expect((try? value.text.document().root.kind) == value.kind)
    #expect(value.count == value.elements.count + value.members.count)
    for element in value.elements { check(element) }
    for member in value.members {
      #expect(value.member(member.name)?.text == member.value.text)
      check(member.value)
    }
  }

  private func rewritten(_ value: JSONValue) -> [UInt8] {
    var writer = JSONWriter()
    write(value, to: &writer)
    return writer.bytes
  }

  private func write(_ value: JSONValue, to writer: inout JSONWriter) {
    switch value.kind {
    case .null: writer.null()
    case .boolean: writer.boolean(value.boolean == true)
    case .number: writer.raw(value.text)
    case .string: writer.string(utf8: value.utf8String ?? [])
    case .array:
      writer.beginArray()
      for element in value.elements { write(element, to: &writer) }
      writer.endArray()
    case .object:
      writer.beginObject()
      for member in value.members {
        writer.name(member.name)
        write(member.value, to: &writer)
      }
      writer.endObject()
    }
  }
}
