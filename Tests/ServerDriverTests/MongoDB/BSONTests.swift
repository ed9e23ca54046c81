#if MongoDB
  import MongoDriver
  import Testing

  @Suite("BSON") struct BSONTests {
    /// A document with a value of every kind.
    static let everything: BSONDocument = [
      "text": "a\u{0}b e\u{301}\u{1F468}\u{200D}\u{1F469}", "empty": "", "small": 7, "number": .int64(.min),
      "fraction": .double(0.1), "true": true, "false": false, "time": .date(-62_135_596_800_000),
      "bytes": .binary([0, 255, 1]), "nothing": .null, "list": ["a", 2, [], [:], [.int64(3)]],
      "inside": ["text": "b", "inside": ["number": .int64(.max)]],
    ]

    @Test("every kind of value comes back as it was, in its order")
    func kinds() throws {
      let read = try BSONDocument(checking: Self.everything.bytes)
      #expect(read == Self.everything)
      #expect(read.elements.map(\.name) == Self.everything.elements.map(\.name))
      #expect(read["text"]?.text.map { Array($0.utf8) } == Array("a\u{0}b e\u{301}\u{1F468}\u{200D}\u{1F469}".utf8))
      #expect(read["empty"] == .string(""))
      #expect(read["number"]?.int == .min)
      #expect(read["small"]?.int == 7)
      #expect(read["fraction"] == .double(0.1))
      #expect(read["true"]?.bool == true)
      #expect(read["time"]?.date == -62_135_596_800_000)
      #expect(read["bytes"]?.binary == [0, 255, 1])
      #expect(read["nothing"] == .null)
      #expect(read["list"]?.array?.count == 5)
      #expect(read["inside"]?.document?["inside"]?.document?["number"] == .int64(.max))
      #expect(read["missing"] == nil)
    }

    @Test("a value that is asked for as another kind is none")
    func mistaken() {
      let document = Self.everything
      #expect(document["text"]?.int == nil)
      #expect(document["number"]?.text == nil)
      #expect(document["fraction"]?.int == nil)
      #expect(document["nothing"]?.document == nil)
      #expect(document["list"]?.document == nil)
      #expect(document["inside"]?.array == nil)
    }

    @Test("members are found in whatever order they are asked for")
    func members() {
      let document = BSONDocument((0..<40).map { ("m\($0)", .int64($0)) })
      var members = document.members
      for number in Array(0..<40) + Array((0..<40).reversed()) + [7, 39, 0] {
        #expect(members["m\(number)"] == .int64(Int64(number)))
      }
      #expect(members["m40"] == nil)
      #expect(members["m1"] == .int64(1))
    }

    @Test("bytes are taken as UTF-8, and a name ends before a NUL")
    func bytes() throws {
      let document: BSONDocument = ["a\u{0}b": .utf8(Array("\u{E9}".utf8))]
      let read = try BSONDocument(checking: document.bytes)
      #expect(read == ["a": "\u{E9}"])
    }

    @Test("what is cut off anywhere, or followed by anything, is refused")
    func cutOff() {
      let bytes = Self.everything.bytes
      for length in 0..<bytes.count {
        #expect(throws: BSONError.self) { try BSONDocument(checking: Array(bytes.prefix(length))) }
      }
      #expect(throws: BSONError.self) { try BSONDocument(checking: bytes + [0]) }
    }

    @Test("whatever byte is changed, it is refused or read to its end")
    func changed() {
      let bytes = Self.everything.bytes
      var accepted = 0
      for index in bytes.indices {
        for change in [1, 0x7F, 0x80, 0xFF] as [UInt8] {
          var damaged = bytes
          damaged[index] ^= change
          guard let document = try? BSONDocument(checking: damaged) else { continue }
          accepted += 1
          var members = document.members
          for element in document.elements {
            _ = members[element.name]
            _ = document[element.name]?.document?.elements
            _ = element.value.array
          }
        }
      }
      #expect(accepted > 0)
    }

    @Test("text that is not UTF-8 is refused")
    func text() {
      for text in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xC3]] as [[UInt8]] {
        let document: BSONDocument = ["inside": ["text": .utf8(text)]]
        #expect(throws: BSONError.self) { try BSONDocument(checking: document.bytes) }
      }
    }

    @Test("documents that lie in each other without end are refused")
    func depth() throws {
      var document = BSONDocument()
      for _ in 0..<90 { document = ["a": .document(document)] }
      _ = try BSONDocument(checking: document.bytes)
      for _ in 0..<20 { document = ["a": .document(document)] }
      #expect(throws: BSONError.self) { try BSONDocument(checking: document.bytes) }
    }
  }
#endif
