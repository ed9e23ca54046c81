import Moving

#if SQLite
  import SQLiteDriver

  /// The rows of one table of a SQLite database, each as a JSON object.
  final class DatabaseTable: ForeignTable {
    private let connection: SQLiteConnection
    private let statement: SQLiteStatement
    private let count: Int64
    private var read: Int64 = 0

    /// Opens the table of that name, or, if there is none, the only one whose name ends so.
    init(_ path: String, table: String) throws(MovingError) {
      do throws(SQLiteError) {
        connection = try SQLiteConnection(path: path, mode: .readOnly)
        let found = try Self.names(
          "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, -length(?1)) = ?1 ORDER BY name <> ?1",
          table, on: connection)
        guard let name = found.first, found.count == 1 || name == table else {
          throw SQLiteError(extendedCode: 1, "there is no table \(table)")
        }
        let columns = try Self.names("SELECT name FROM pragma_table_info(?1)", name, on: connection)
        let members = columns.map { "\(Self.quoted($0, "'")), \(Self.quoted($0, "\""))" }.joined(separator: ", ")
        // What is no text in JSON, a BLOB, is an error of the row (https://www.sqlite.org/json1.html).
        statement = try connection.prepare("SELECT json_object(\(members)) FROM \(Self.quoted(name, "\""))")
        count = try connection.int("SELECT count(*) FROM \(Self.quoted(name, "\""))")
      } catch {
        throw MovingError(.format, "\(path) is not the database that it should be: \(error.description).")
      }
    }

    var part: Double { count == 0 ? 1 : min(1, Double(read) / Double(count)) }

    func next() throws(MovingError) -> [UInt8]? {
      do throws(SQLiteError) {
        guard try statement.step() else { return nil }
      } catch {
        throw MovingError(.format, "row \(read + 1): the database can't be read: \(error.description).")
      }
      read += 1
      return statement.bytes(0)
    }

    private static func names(
      _ sql: String, _ name: String, on connection: SQLiteConnection
    ) throws(SQLiteError) -> [String] {
      let statement = try connection.prepare(sql)
      statement.bind(name, at: 1)
      var names: [String] = []
      while try statement.step() {
        if let name = statement.text(0) { names.append(name) }
      }
      return names
    }

    private static func quoted(_ name: String, _ mark: Character) -> String {
      "\(mark)\(name.map { $0 == mark ? "\(mark)\(mark)" : String($0) }.joined())\(mark)"
    }
  }
#endif
