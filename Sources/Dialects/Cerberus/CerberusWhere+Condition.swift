import Accounts
import HTTPRouting
import SessionCore

extension CerberusWhere {
  /// How many comparisons may stand in it.
  private static let memberLimit = 100

  /// A field of the rows, by the type of its values.
  private enum Field {
    case text(AccountSessionCondition.TextField)
    case time(AccountSessionCondition.TimeField)
    case user
    case account

    init?(_ name: String) {
      switch ExactText(name) {
      case "id": self = .text(.id)
      case "created": self = .time(.opened)
      case "ip": self = .text(.address)
      case "user": self = .user
      case "users__id": self = .account
      case "users__created": self = .time(.accountCreated)
      case "users__username": self = .text(.username)
      case "users__email": self = .text(.email)
      case "users__firstName": self = .text(.firstName)
      case "users__lastName": self = .text(.lastName)
      default: return nil
      }
    }
  }

  /// The condition that a store is asked for; throws 400 for whatever is not known.
  func condition(now: Timestamp) throws(Problem) -> AccountSessionCondition {
    guard !alternatives.isEmpty else { throw .invalid("where", "must not be an empty array") }
    guard alternatives.reduce(0, { $0 + $1.count + 1 }) <= Self.memberLimit else {
      throw .invalid("where", "must have at most \(Self.memberLimit) members and objects")
    }
    var any: [AccountSessionCondition] = []
    for members in alternatives {
      var all: [AccountSessionCondition] = []
      for member in members { all.append(try Self.condition(member, now: now)) }
      any.append(.all(all))
    }
    return any.count == 1 ? any[0] : .any(any)
  }

  private static func condition(_ member: Member, now: Timestamp) throws(Problem) -> AccountSessionCondition {
    let path = "where.\(shown(member.name))"
    guard let field = Field(member.name) else { throw .invalid(path, "is not a field of sessions") }
    var (comparison, value) = (AccountSessionCondition.Comparison.equal, member.value)
    if case .compared(let sign, let compared) = value {
      guard let known = AccountSessionCondition.Comparison(rawValue: sign) else {
        throw .invalid("\(path).operator", "must be one of = != < <= > >=")
      }
      (comparison, value) = (known, compared)
    }
    if case .text(let text) = value, text.utf8.starts(with: [0x5C, 0x5C]) {
      throw .invalid(path, "must not begin with two backslashes: nothing here is taken as SQL")
    }
    switch field {
    case .text(let field): return try text(field, comparison, value, path)
    case .time(let field): return .time(field, comparison, try time(value, path, now: now))
    case .user: return try user(comparison, value, path)
    case .account:
      guard case .number(let number) = value else { throw .invalid(path, "must be a whole number") }
      return .account(comparison, number)
    }
  }

  private static func text(
    _ field: AccountSessionCondition.TextField, _ comparison: AccountSessionCondition.Comparison, _ value: Value,
    _ path: String
  ) throws(Problem) -> AccountSessionCondition {
    switch (value, comparison) {
    case (.text(let text), _):
      let key = field == .email ? EmailAddress(text)?.key : nil
      return .text(field, comparison, key ?? ExactText(text))
    case (.null, .equal): return .isNull(field)
    case (.null, .notEqual): return .isNotNull(field)
    case (.null, _): throw .invalid(path, "can be compared with null by = and != only")
    default: throw .invalid(path, "must be a string")
    }
  }

  private static func time(_ value: Value, _ path: String, now: Timestamp) throws(Problem) -> Timestamp {
    switch value {
    case .number(let milliseconds): return Timestamp(milliseconds: milliseconds)
    case .text(let text) where text.utf8.elementsEqual("now()".utf8): return now
    case .text(let text):
      if let time = Timestamp(rfc3339: text) { return time }
    default: break
    }
    throw .invalid(path, "must be \"now()\", milliseconds since 1970 or a time of RFC 3339")
  }

  /// A user id is text, and numbers have an order only as accounts.
  private static func user(
    _ comparison: AccountSessionCondition.Comparison, _ value: Value, _ path: String
  ) throws(Problem) -> AccountSessionCondition {
    let isOrder = comparison != .equal && comparison != .notEqual
    switch value {
    case .number(let number) where isOrder: return .account(comparison, number)
    case .number(let number): return .text(.userID, comparison, ExactText(String(number)))
    case .text(let text) where !isOrder: return .text(.userID, comparison, ExactText(text))
    case .text: throw .invalid(path, "can be compared with a string by = and != only")
    default: throw .invalid(path, "must be a number or a string")
    }
  }
}
