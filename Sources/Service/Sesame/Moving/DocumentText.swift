import JSON

#if MongoDB
  import MongoDriver
  import SessionCore

  /// Documents of MongoDB as JSON, in the relaxed form of its own export
  /// (https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/).
  enum DocumentText {
    /// The document as JSON; `nil` if it has bytes or another kind of value that no session of other programs has.
    static func json(of document: BSONDocument) -> [UInt8]? {
      var json = JSONWriter()
      return write(document, to: &json) ? json.bytes : nil
    }

    private static func write(_ document: BSONDocument, to json: inout JSONWriter) -> Bool {
      json.beginObject()
      for (name, value) in document.elements {
        json.name(name)
        guard write(value, to: &json) else { return false }
      }
      json.endObject()
      return true
    }

    private static func write(_ value: BSONValue, to json: inout JSONWriter) -> Bool {
      switch value {
      case .string(let text): json.string(text)
      case .utf8(let text): json.string(utf8: text)
      case .int32(let number): json.integer(Int64(number))
      case .int64(let number): json.integer(number)
      case .bool(let isTrue): json.boolean(isTrue)
      case .null: json.null()
      case .document(let document): return write(document, to: &json)
      case .array(let values):
        json.beginArray()
        for value in values where !write(value, to: &json) { return false }
        json.endArray()
      case .double(let number):
        guard number.isFinite else { return false }
        json.double(number)
      case .date(let time):
        json.beginObject()
        json.member("$date", utf8: Timestamp(milliseconds: time).rfc3339)
        json.endObject()
      // An ObjectId of 12 bytes.
      case .other(kind: 0x07, let bytes):
        json.beginObject()
        json.member("$oid", utf8: Hexadecimal.encode(bytes))
        json.endObject()
      case .binary, .other: return false
      }
      return true
    }
  }
#endif
