import HTTPRouting
import JSON

/// The parameter that carries the session's token, in each of the ways that the document spells it.
enum SessionParameter {
  private static let names = ["sesionid", "idSesion", "sesionId", "idsesion"]

  static let members = names.map { name in
    Schema.Member.optional(name, .string("The token of the caller's session; any one of its spellings will do."))
  }

  /// One of the spellings must be there.
  static let rule = MemberRule.anyOf(names.map { [$0] })

  /// The token in a body; `nil` if there is none.
  ///
  /// - Throws: 400 for two spellings that differ: which one counts must be beyond doubt.
  static func token(in body: JSONValue?) throws(Problem) -> [UInt8]? {
    let given = names.compactMap { body?.member($0)?.utf8String }
    guard let first = given.first else { return nil }
    guard given.allSatisfy({ $0 == first }) else { throw .invalid("sesionid", "is given twice, and differs") }
    return first
  }
}
