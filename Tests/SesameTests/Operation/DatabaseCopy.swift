import Foundation
import HTTPTesting
import JSON
import Testing

/// What a thief of a database, or of a backup of it, holds: its words, and its binary values as texts.
struct DatabaseCopy {
  /// Whatever could be a credential in it.
  let words: Set<String>

  /// Reads the lines of a dump.
  init(of lines: [String]) {
    var words: Set<String> = []
    for line in lines {
      for word in line.split(whereSeparator: { !$0.isASCII || !($0.isLetter || $0.isNumber || "-_.".contains($0)) }) {
        words.insert(String(word))
        guard word.count.isMultiple(of: 2), word.count >= 32, let bytes = Self.bytes(hexadecimal: word) else {
          continue
        }
        let text = Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        words.insert(text.replacing("=", with: ""))
      }
    }
    self.words = words
  }

  private static func bytes(hexadecimal word: Substring) -> [UInt8]? {
    let digits = word.compactMap(\.hexDigitValue)
    guard digits.count == word.count else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  /// Shows every word in every place where a credential could stand.
  func expectWorthless(_ client: ServiceClient) throws {
    // It works with what is right.
    #expect(try client.ownStatus(CanaryDay.imported) == 200)
    #expect(words.count > 100 && words.contains("ann"))
    // No credential is shorter.
    for word in words where word.utf8.count >= 8 { try expectWorthless(word, client) }
  }

  private func expectWorthless(_ word: String, _ client: ServiceClient) throws {
    // From no trusted place, where only a key opens anything.
    let stranger = (name: "X-Forwarded-For", value: "203.0.113.9")
    for token in [word, "sst_\(word)"] {
      #expect(try client.ownStatus(token) == 401, "\(token)")
      #expect(try client.send("GET", "/v2/session", fields: [("Cookie", "__Host-sesame=\(token)")]).status == 401)
      let verified = try client.send("POST", "/v2/verify", #"{"token":"\#(token)"}"#)
      #expect(verified["active"]?.boolean == false, "\(token)")
      let users = try client.send("POST", "/apiapp/usuarioLista", #"{"sesionid":"\#(token)"}"#)
      #expect(users["err"]?.boolean == true, "\(token)")
    }
    for key in [word, "ssk_\(word)"] {
      #expect(try client.send("GET", "/v2/sessions", bearer: key, fields: [stranger]).status == 401, "\(key)")
    }
    let carried = try client.send("POST", "/verify", #"{"user_id":"zoe","token":"\#(word)"}"#)
    #expect(carried["message"]?.string == "false", "\(word)")
  }
}
