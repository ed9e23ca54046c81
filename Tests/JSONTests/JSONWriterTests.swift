import JSON
import Testing

@Suite struct JSONWriterTests {
  private func written(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter(capacity: 16)
    body(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test("commas and colons stand where they belong")
  func structure() {
    let text = written {
      $0.beginObject()
      $0.name("empty")
      $0.beginArray()
      $0.endArray()
      $0.name("list" as String)
      $0.beginArray()
      $0.integer(1)
      $0.beginObject()
      $0.endObject()
      $0.null()
      $0.boolean(true)
      $0.boolean(false)
      $0.beginArray()
      $0.string("x")
      $0.endArray()
      $0.endArray()
      $0.name("raw")
      $0.raw(JSONText(uncheckedMinified: Array("{\"y\":2}".utf8)))
      $0.name("last")
      $0.double(1.5)
      $0.endObject()
    }
    #expect(text == "{\"empty\":[],\"list\":[1,{},null,true,false,[\"x\"]],\"raw\":{\"y\":2},\"last\":1.5}")
  }

  @Test("integers are written in full", arguments: [0, 9, 10, -1, 1_000, 1_234_567_890, .max, .min] as [Int64])
  func integers(value: Int64) {
    #expect(written { $0.integer(value) } == String(value))
  }

  @Test("finite doubles come back as they were, and others are null")
  func doubles() throws {
    for value in [0.1, -0.0, 1e300, .leastNonzeroMagnitude, 123456789.125, 1e16, 1e-7, 100] {
      var writer = JSONWriter()
      writer.double(value)
      #expect(try JSONDocument(parsing: writer.bytes).root.double == value)
    }
    #expect(written { $0.double(.infinity) } == "null")
    #expect(written { $0.double(.nan) } == "null")
  }

  @Test(
    "what could harm a reader is escaped",
    arguments: [
      ("plain ~", "plain ~"), ("\"", "\\\""), ("\\", "\\\\"), ("\u{8}\t\n\u{C}\r", "\\b\\t\\n\\f\\r"),
      ("\0", "\\u0000"),
      ("\u{1B}[0m", "\\u001b[0m"), ("\u{7F}", "\\u007f"), ("\u{80}\u{9B}\u{9F}\u{A0}", "\\u0080\\u009b\\u009f\u{A0}"),
      ("\u{2027}\u{2028}\u{2029}\u{202A}", "\u{2027}\\u2028\\u2029\u{202A}"), ("a\r\nb", "a\\r\\nb"), ("é€😀", "é€😀"),
      ("</script>", "</script>"),
    ])
  func escapes(text: String, expected: String) {
    #expect(written { $0.string(text) } == "\"\(expected)\"")
    #expect(written { $0.string(utf8: Array(text.utf8)) } == "\"\(expected)\"")
    #expect(written { $0.string(utf8: text.utf8.lazy.map { $0 }) } == "\"\(expected)\"")
    #expect(JSONText(string: text).description == "\"\(expected)\"")
    let object = written {
      $0.beginObject()
      $0.name(text)
      $0.null()
      $0.endObject()
    }
    #expect(object == "{\"\(expected)\":null}")
  }

  @Test("every scalar comes back through a reader as it was")
  func roundTrip() throws {
    for start in stride(from: UInt32(0), through: 0x10FFFF, by: 0x400) {
      let text = String(String.UnicodeScalarView((start..<start + 0x400).compactMap(Unicode.Scalar.init)))
      var writer = JSONWriter()
      writer.string(text)
      let value = try JSONDocument(parsing: writer.bytes).root
      #expect(value.utf8String == Array(text.utf8))
    }
  }

  @Test("bytes that are not UTF-8 become the replacement character")
  func repair() throws {
    #expect(written { $0.string(utf8: [0x61, 0xFF, 0x0A]) } == "\"a\u{FFFD}\\n\"")
    #expect(written { $0.string(utf8: [0xC2]) } == "\"\u{FFFD}\"")
    #expect(written { $0.string(utf8: [0xE2, 0x80]) } == "\"\u{FFFD}\"")
  }

  @Test("a name is escaped though it is known when the program is compiled")
  func staticName() {
    let text = written {
      $0.beginObject()
      $0.name("a\"b")
      $0.null()
      $0.endObject()
    }
    #expect(text == "{\"a\\\"b\":null}")
  }

  @Test("what needs an escape is found at every place of texts of every length")
  func escapesAnywhere() {
    for length in 1...20 {
      for place in 0..<length {
        for byte in UInt8(0)..<0x80 {
          var text = [UInt8](repeating: 0x61, count: length)
          text[place] = byte
          let isPlain = byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C
          let quoted = "\"" + String(decoding: text, as: UTF8.self) + "\""
          #expect((written { $0.string(utf8: text) } == quoted) == isPlain, "byte \(byte) at \(place) of \(length)")
        }
      }
    }
  }

  @Test("a string and a value can be filled in where they stand")
  func filledIn() {
    let text = written {
      $0.beginObject()
      $0.name("first")
      $0.plainString(count: 4) { text, place in text[place + 1] = 0x78 }
      $0.name("second")
      $0.raw { text in text += Array("[70]".utf8) }
      $0.name("third")
      $0.beginArray()
      $0.raw { text in text += Array("null".utf8) }
      $0.raw { text in text += Array("null".utf8) }
      $0.endArray()
      $0.endObject()
    }
    #expect(text == "{\"first\":\" x  \",\"second\":[70],\"third\":[null,null]}")
  }

  @Test("the end of an array in an object traps")
  func wrongEnd() async {
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.beginObject()
      writer.endArray()
    }
  }

  @Test("a value without a name in an object traps")
  func missingName() async {
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.beginObject()
      writer.integer(1)
    }
  }

  @Test("a name outside an object, and a second value, trap")
  func misplaced() async {
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.beginArray()
      writer.name("a")
    }
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.integer(1)
      writer.integer(2)
    }
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.beginObject()
      writer.name("a")
      writer.endObject()
    }
  }
}
