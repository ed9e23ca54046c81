import HTTPMessages
import JSON

/// Bodies of HTML forms (application/x-www-form-urlencoded), read strictly.
enum FormBody {
  static let mediaType = "application/x-www-form-urlencoded"

  /// The object whose members are the form's values, all of them text.
  ///
  /// "+" is a space, and empty pairs are passed over, as in the URL Standard section 5.1. Other than there, a broken
  /// escape, bytes that are not UTF-8, and a name given twice are refused: which value counts must be beyond doubt.
  static func document(_ body: [UInt8], limits: JSONLimits) throws(Problem) -> JSONDocument {
    guard body.count <= limits.maximumBytes else { throw refusal("is longer than \(limits.maximumBytes) bytes") }
    var json = JSONWriter(capacity: body.count + 64)
    json.beginObject()
    for pair in body.split(separator: 0x26) {
      let mark = pair.firstIndex(of: 0x3D) ?? pair.endIndex
      guard let name = decoded(pair[..<mark]), let value = decoded(pair[min(mark + 1, pair.endIndex)...]) else {
        throw refusal("is not percent-encoded UTF-8")
      }
      json.name(name)
      json.string(value)
    }
    json.endObject()
    do {
      // The escapes of JSON may be longer than those of a form.
      return try JSONDocument(parsing: json.bytes, limits: .widest)
    } catch {
      throw refusal("has a name more than once")
    }
  }

  private static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
    PercentEncoding.decode(bytes.lazy.map { $0 == 0x2B ? 0x20 : $0 })
  }

  private static func refusal(_ reason: String) -> Problem {
    Problem(.badRequest, .invalidRequest, "The form \(reason).")
  }
}
