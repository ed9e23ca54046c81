import Configuration
import Glibc
import JSON
import Log
import Metrics
import SessionCore

/// `sesame check`: tries what `sesame serve` would use, and says how to mend what is wrong.
enum CheckCommand {
  /// What one look came to.
  struct Finding: Sendable {
    var subject: String
    /// `nil` if all is well.
    var problem: String?
    var note: String
  }

  static func run(_ arguments: [String], environment: [String: String]) async -> Int32 {
    let isForMachines = arguments.contains("--json")
    let settings: Settings
    switch Program.settings(arguments.filter { $0 != "--json" }, environment: environment) {
    case .success(let loaded): settings = loaded
    case .failure(let status): return status.code
    }
    var findings = [Finding(subject: "settings", problem: nil, note: "all known and within their bounds")]
    findings.append(folder(settings.server.data))
    findings.append(keys(settings, environment: environment))
    findings.append(await store(settings))
    findings.append(clock())
    findings.append(listening(settings.server))
    if !settings.server.certificate.isEmpty { findings.append(certificateKey(settings.server.key)) }
    for finding in findings { print(isForMachines ? json(finding) : line(finding)) }
    return findings.contains { $0.problem != nil } ? 1 : 0
  }

  private static func folder(_ path: String) -> Finding {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      return Finding(subject: "data folder", problem: nil, note: "\(path) will be made")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      return Finding(subject: "data folder", problem: "\(path) is not a folder; name another with --data", note: "")
    }
    guard unsafe access(path, R_OK | W_OK | X_OK) == 0 else {
      return Finding(
        subject: "data folder", problem: "\(path) can't be written by this user; run: chown \(getuid()) \(path)",
        note: "")
    }
    guard status.st_mode & 0o022 == 0 else {
      return Finding(
        subject: "data folder", problem: "\(path) can be changed by other users; run: chmod go-w \(path)", note: "")
    }
    return Finding(subject: "data folder", problem: nil, note: path)
  }

  private static func keys(_ settings: Settings, environment: [String: String]) -> Finding {
    if let text = environment[KeyRingKeeper.variable] {
      do throws(KeyRingText.Failure) {
        let ring = try KeyRingText(parsing: Array(text.utf8))
        return Finding(subject: "keys", problem: nil, note: "\(ring.entries.count) in \(KeyRingKeeper.variable)")
      } catch {
        return Finding(subject: "keys", problem: "\(KeyRingKeeper.variable): \(error.description)", note: "")
      }
    }
    do throws(KeyRingFile.Failure) {
      guard let ring = try KeyRingFile(path: settings.keys.file).load() else {
        return Finding(subject: "keys", problem: nil, note: "\(settings.keys.file) will be made")
      }
      return Finding(subject: "keys", problem: nil, note: "\(ring.entries.count) in \(settings.keys.file), mode 0600")
    } catch {
      return Finding(subject: "keys", problem: error.description, note: "")
    }
  }

  private static func store(_ settings: Settings) async -> Finding {
    let address: StoreAddress
    do throws(StoreAddress.Failure) {
      address = try StoreAddress(settings.server.store, data: settings.server.data)
    } catch {
      return Finding(subject: "store", problem: error.description, note: "")
    }
    guard case .sqlite(let path) = address else {
      return Finding(subject: "store", problem: nil, note: "memory: sessions are lost when the process ends")
    }
    // Opening a store makes it; a look must not.
    guard unsafe access(path, F_OK) == 0 else {
      return Finding(subject: "store", problem: nil, note: "\(path) will be made")
    }
    // One process at a time has the database; a running server looks after it, and says at /readyz how it is.
    if AdministrationSocket.isServed(settings.server.socket) {
      return Finding(subject: "store", problem: nil, note: "\(path), in use by the server that runs")
    }
    let log = Log(level: .error, now: { SystemClock().now() })
    do throws(StartError) {
      let store = try await SesameServer.openStore(settings, migrates: false, metrics: Metrics(), log: log)
      let problem: String?
      do throws(StoreError) {
        try await store.check()
        problem = nil
      } catch {
        problem = error.description
      }
      await store.shutdown()
      return Finding(subject: "store", problem: problem, note: path)
    } catch {
      return Finding(subject: "store", problem: error.description, note: "")
    }
  }

  private static func clock() -> Finding {
    let now = SystemClock().now()
    let text = String(decoding: now.rfc3339, as: UTF8.self)
    // No release of this program is older than this.
    guard let earliest = Timestamp(rfc3339: "2026-01-01T00:00:00Z"), now >= earliest else {
      return Finding(
        subject: "clock", problem: "it shows \(text), which is past; set it, or start a time service", note: "")
    }
    return Finding(subject: "clock", problem: nil, note: text)
  }

  private static func listening(_ server: Settings.Server) -> Finding {
    do throws(StartError) {
      try SesameServer.refuseStrangers(server)
    } catch {
      return Finding(subject: "addresses", problem: error.description, note: "")
    }
    return Finding(
      subject: "addresses", problem: nil, note: server.listen.map(\.description).joined(separator: " "))
  }

  private static func certificateKey(_ path: String) -> Finding {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      return Finding(subject: "certificate", problem: "\(path), the private key, is not there", note: "")
    }
    guard status.st_mode & 0o007 == 0 else {
      return Finding(
        subject: "certificate", problem: "\(path), the private key, can be read by anyone; run: chmod o= \(path)",
        note: "")
    }
    return Finding(subject: "certificate", problem: nil, note: "private key \(path)")
  }

  private static func line(_ finding: Finding) -> String {
    "\(finding.problem == nil ? "ok     " : "WRONG  ") \(finding.subject): \(finding.problem ?? finding.note)"
  }

  private static func json(_ finding: Finding) -> String {
    var writer = JSONWriter(capacity: 128)
    writer.beginObject()
    writer.name("subject")
    writer.string(finding.subject)
    writer.name("ok")
    writer.boolean(finding.problem == nil)
    writer.name("detail")
    writer.string(finding.problem ?? finding.note)
    writer.endObject()
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
