public import SessionCore

/// What a session and its account must be like to be listed.
///
/// Each field has one type, and only what is of that type can be compared with it. A comparison with a field that has
/// no value does not hold, whatever the comparison, as in SQL; ``isNull(_:)`` asks for those. At most 200 comparisons
/// should stand in one condition.
public indirect enum AccountSessionCondition: Sendable, Equatable {
  /// Every one of these; with none of them, always.
  case all([AccountSessionCondition])
  /// At least one of these; with none of them, never.
  case any([AccountSessionCondition])
  /// A text, compared by its bytes.
  case text(TextField, Comparison, ExactText)
  /// A time.
  case time(TimeField, Comparison, Timestamp)
  /// The number of the account.
  case account(Comparison, Int64)
  /// A text that has no value.
  case isNull(TextField)
  /// A text that has a value.
  case isNotNull(TextField)

  /// The fields that are texts.
  public enum TextField: String, Sendable, CaseIterable {
    /// The session's public id.
    case id
    /// Whose session it is.
    case userID
    /// The client's address.
    case address
    /// The account's user name.
    case username
    /// The account's e-mail address as it is compared: ``EmailAddress/key``.
    case email
    /// The account's given name.
    case firstName
    /// The account's family name.
    case lastName
  }

  /// The fields that are times.
  public enum TimeField: String, Sendable, CaseIterable {
    /// When the session was opened.
    case opened
    /// When the account was created.
    case accountCreated
  }

  /// How a field, on the left, is compared with a value.
  public enum Comparison: String, Sendable, CaseIterable {
    /// Equal.
    case equal = "="
    /// Not equal.
    case notEqual = "!="
    /// Less, or earlier.
    case less = "<"
    /// Less or equal.
    case lessOrEqual = "<="
    /// Greater, or later.
    case greater = ">"
    /// Greater or equal.
    case greaterOrEqual = ">="

    /// Whether it holds between two values.
    public func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
      switch self {
      case .equal: left == right
      case .notEqual: left != right
      case .less: left < right
      case .lessOrEqual: left <= right
      case .greater: left > right
      case .greaterOrEqual: left >= right
      }
    }
  }
}

extension AccountSessionCondition {
  /// Whether a row meets it: the meaning that every store keeps to.
  public func holds(for row: AccountSession) -> Bool {
    switch self {
    case .all(let conditions): conditions.allSatisfy { $0.holds(for: row) }
    case .any(let conditions): conditions.contains { $0.holds(for: row) }
    case .text(let field, let comparison, let value): row.text(field).map { comparison.holds($0, value) } ?? false
    case .time(let field, let comparison, let value): row.time(field).map { comparison.holds($0, value) } ?? false
    case .account(let comparison, let value): row.account.map { comparison.holds($0.id.number, value) } ?? false
    case .isNull(let field): row.text(field) == nil
    case .isNotNull(let field): row.text(field) != nil
    }
  }

  /// A text that the field must equal whatever else is asked; `nil` if none is.
  public func required(_ field: TextField) -> ExactText? {
    switch self {
    case .text(field, .equal, let value): value
    case .all(let conditions): conditions.lazy.compactMap { $0.required(field) }.first
    default: nil
    }
  }
}

extension AccountSession {
  fileprivate func text(_ field: AccountSessionCondition.TextField) -> ExactText? {
    switch field {
    case .id: ExactText(id.description)
    case .userID: userID
    case .address: address
    case .username: account?.username
    case .email: account?.email?.key
    case .firstName: account?.firstName
    case .lastName: account?.lastName
    }
  }

  fileprivate func time(_ field: AccountSessionCondition.TimeField) -> Timestamp? {
    switch field {
    case .opened: opened
    case .accountCreated: account?.created
    }
  }
}
