internal import CPostgreSQL

/// Where a server is, and as whom to be with it: an address of libpq.
///
/// `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full`, or with `postgresql:`; several hosts may stand
/// there, separated by commas (https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING). Prints as
/// "redacted".
@safe
public struct PostgreSQLAddress: Sendable {
  let text: String
  let password: String?

  /// Reads an address.
  ///
  /// - Parameters:
  ///   - text: The address.
  ///   - password: The password, instead of one in the address.
  /// - Throws: `address` if libpq can't read it.
  public init(_ text: String, password: String? = nil) throws(PostgreSQLError) {
    guard ["postgres://", "postgresql://"].contains(where: { text.utf8.starts(with: $0.utf8) }),
      !text.utf8.contains(0), password?.utf8.contains(0) != true
    else { throw PostgreSQLError(.address, "The address does not begin with postgres:// or postgresql://.") }
    // https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-PQCONNINFOPARSE; its message quotes the address.
    guard let options = unsafe PQconninfoParse(text, nil) else {
      throw PostgreSQLError(.address, "The address can't be read.")
    }
    unsafe PQconninfoFree(options)
    self.text = text
    self.password = password
  }
}

extension PostgreSQLAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always "redacted".
  public var description: String { "redacted" }
  /// Always "redacted".
  public var debugDescription: String { "redacted" }
  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
