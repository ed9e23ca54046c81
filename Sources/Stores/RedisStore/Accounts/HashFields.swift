internal import RedisDriver
internal import SessionCore

/// The fields of one hash, as the server answers them: names and values in turn.
///
/// What has another form than this store writes is answered with ``damaged`` whenever it is asked for.
struct HashFields {
  private let values: [String: [UInt8]]
  /// What is thrown for a value that can't be read.
  private let damaged: StoreError

  /// The fields in an answer to `HGETALL`; none if the hash is missing.
  init(_ reply: RedisReply, orElse damaged: StoreError) throws(StoreError) {
    guard let parts = reply.asArray, parts.count % 2 == 0 else { throw damaged }
    var values: [String: [UInt8]] = [:]
    for index in stride(from: 0, to: parts.count, by: 2) {
      guard let name = parts[index].asText, let value = parts[index + 1].asBytes else { throw damaged }
      values[name] = value
    }
    (self.values, self.damaged) = (values, damaged)
  }

  /// The fields in an answer to `HMGET` with these names.
  init(_ reply: RedisReply, names: [String], orElse damaged: StoreError) throws(StoreError) {
    guard let parts = reply.asArray, parts.count == names.count else { throw damaged }
    var values: [String: [UInt8]] = [:]
    for (name, part) in zip(names, parts) where !part.isNull {
      guard let value = part.asBytes else { throw damaged }
      values[name] = value
    }
    (self.values, self.damaged) = (values, damaged)
  }

  /// How many there are.
  var count: Int { values.count }

  /// A field's text; `nil` if there is no such field.
  func text(_ name: String) throws(StoreError) -> String? {
    guard let value = values[name] else { return nil }
    guard let text = String(validating: value, as: UTF8.self) else { throw damaged }
    return text
  }

  /// A field's text, to be compared by its bytes.
  func exactText(_ name: String) throws(StoreError) -> ExactText? { try text(name).map { ExactText($0) } }

  /// A field's number: a minus or none, and decimal digits.
  func int(_ name: String) throws(StoreError) -> Int64? {
    guard let value = values[name] else { return nil }
    guard let number = RedisReply.bytes(value).asInteger else { throw damaged }
    return number
  }

  /// A field that is "0" or "1".
  func flag(_ name: String) throws(StoreError) -> Bool? {
    guard let value = values[name] else { return nil }
    guard value == [0x30] || value == [0x31] else { throw damaged }
    return value == [0x31]
  }
}
