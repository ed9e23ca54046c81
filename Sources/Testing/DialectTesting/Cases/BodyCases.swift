import HTTPMessages
import HTTPRouting
import JSON

extension DialectCase {
  private static let deep = String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)

  /// Texts that are no JSON, or not strictly.
  static let malformed = [
    "{", "{]", "{\"a\":1,}", "{'a':1}", "{\"a\":01}", "{\"a\":1}{}", "nul", "\u{0}", "{\"a\":\"\u{0}\"}",
    "{\"a\":\"\n\"}", #"{"a":1,"a":2}"#, #"{"a":"\ud800"}"#, #"{"a":1e999}"#, #"{"a":NaN}"#, "{\"a\":1}\u{0}",
    "\u{FEFF}{}", deep, "{\"a\":\(deep)}", "{\"a\":\"\(String(repeating: "x", count: 100_000))\"}",
  ]

  /// Values that no member should bring a service to its knees with.
  static let oddities = [
    "null", "true", "1", "-1", "0", "1.5", "1e300", "-1e300", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "18446744073709551615", #""""#, #""\u0000""#, #""a\u0000b""#, #""\ud83d\ude00""#,
    #""\r\nX: y""#, "\"\(String(repeating: "x", count: 3000))\"", "[]", "[[[]]]", "{}", #"{"a":{"b":null}}"#,
    #"{"$ne":null}"#, #"{"$gt":""}"#, #"{"operator":"=","value":1}"#, #"[{"operator":"drop"}]"#,
    #"{"operator":"<","value":{"operator":"<"}}"#, #""now()""#, #""\\\\ 1 = 1""#, #""9999-12-31T23:59:59.999Z""#,
  ]

  /// Bodies: each operation that the routes declare, with everything that can be wrong with one.
  static let bodyCases = [
    DialectCase("malformed, deep and huge bodies get the dialect's own error") { probe in
      let session = try await probe.open()
      for operation in probe.operations {
        for body in malformed {
          let answer = await probe.client.send(operation.method, operation.target, body, bearer: session.token)
          try probe.expectError(answer, to: "\(operation.target) \(body.prefix(40))")
        }
        let bytes: [UInt8] = Array(#"{"a":""#.utf8) + [0xFF] + Array(#""}"#.utf8)
        let answer = await probe.client.send(operation.method, operation.target, bytes: bytes, bearer: session.token)
        try probe.expectError(answer, to: "\(operation.target), not UTF-8")
      }
    },
    DialectCase("values that are no object get the dialect's own error") { probe in
      let session = try await probe.open()
      for operation in probe.operations {
        for body in ["null", "true", "7", #""text""#, "[]", "[{}]"] {
          let answer = await probe.client.send(operation.method, operation.target, body, bearer: session.token)
          try probe.expectError(answer, to: "\(operation.target) \(body)")
        }
        if operation.isBodyRequired {
          let answer = await probe.client.send(operation.method, operation.target, bearer: session.token)
          try probe.expectError(answer, to: "\(operation.target) without a body")
        }
      }
    },
    DialectCase("other media types get the dialect's own error") { probe in
      let session = try await probe.open()
      let types = [
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "",
        "application/json; charset=iso-8859-1", "application/json, application/json",
      ]
      for operation in probe.operations {
        for type in types where !operation.mediaTypes.contains(where: { $0.utf8.elementsEqual(type.utf8) }) {
          let answer = await probe.client.send(
            operation.method, operation.target, "{}", contentType: type, bearer: session.token)
          try probe.expectError(answer, to: "\(operation.target) as \(type)")
        }
        let packed = await probe.client.send(
          operation.method, operation.target, "{}", bearer: session.token,
          fields: [HTTPField("Content-Encoding", "gzip")])
        try probe.expectError(packed, to: "\(operation.target) in a content coding")
      }
    },
    DialectCase("a member that is missing gets the dialect's own error") { probe in
      let session = try await probe.open()
      for operation in probe.operations {
        for member in operation.members where member.isRequired {
          let members = operation.sampleMembers(probe.dialect, session).filter { $0.name != member.name }
          let answer = await probe.client.send(
            operation.method, operation.target, DialectOperation.body(members), bearer: session.token)
          try probe.expectError(answer, to: "\(operation.target) without \(member.name)")
        }
      }
    },
    DialectCase("no value of any member is a fault of the server, and a refusal has the dialect's own shape") { probe in
      for operation in probe.operations {
        for member in operation.members {
          // Some values are good: the session may have ended by the last one.
          let session = try await probe.open()
          let others = operation.sampleMembers(probe.dialect, session).filter { $0.name != member.name }
          for value in oddities + hostile.map({ JSONText(string: $0).description }) {
            let body = DialectOperation.body(others + [(member.name, value)])
            let answer = await probe.client.send(operation.method, operation.target, body, bearer: session.token)
            try probe.expectNoFault(answer, to: "\(operation.target) \(body.prefix(200))")
          }
        }
      }
    },
    DialectCase("paths that are not there and methods that are not taken get the dialect's own error") { probe in
      for operation in probe.operations {
        for target in [operation.target + "/x", operation.target + "x", operation.target + "/"] {
          let answer = await probe.client.send(operation.method, target, "{}")
          // At the root, nothing says whose path it would be.
          guard probe.dialect.groups.allSatisfy({ !$0.prefixes.contains("") }) else { continue }
          try probe.expectError(answer, to: target)
        }
        let answer = await probe.client.send(.put, operation.target, "{}")
        try probe.expectError(answer, to: "PUT \(operation.target)")
      }
    },
  ]
}
