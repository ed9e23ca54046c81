import Accounts
import Commands
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

  static func run(_ invocation: Invocation) async throws(CommandError) -> Int32 {
    let isForMachines = invocation.options.has("--json")
    let settings = try Program.settings(invocation)
    let environment = invocation.environment
    var findings = [Finding(subject: "settings", problem: nil, note: "all known and within their bounds")]
    findings.append(folder(settings.server.data))
    findings.append(keys(settings, environment: environment))
    let (store, hasKey) = await store(settings)
    findings.append(store)
    findings.append(clock())
    findings.append(listening(settings.server, hasKey: hasKey))
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

  /// Looks at the store; and whether it has a service key, which a server that runs on it had to have or not to need.
  private static func store(_ settings: Settings) async -> (finding: Finding, hasKey: Bool) {
    func found(_ problem: String?, _ note: String, hasKey: Bool = false) -> (finding: Finding, hasKey: Bool) {
      (Finding(subject: "store", problem: problem, note: note), hasKey)
    }
    let address: StoreAddress
    do throws(StoreAddress.Failure) {
      address = try StoreAddress(settings.server.store, data: settings.server.data)
    } catch {
      return found(error.description, "")
    }
    if case .memory = address { return found(nil, "memory: sessions are lost when the process ends") }
    // Opening a store makes it; a look must not.
    guard address.isThere else {
      return found(nil, "\(address.shown) will be made")
    }
    // One process at a time has a SQLite database; a running server looks after it, and says at /readyz how it is.
    if !address.isShared, AdministrationSocket.isServed(settings.server.socket) {
      return found(nil, "\(address.shown), in use by the server that runs", hasKey: true)
    }
    let log = Log(level: .error, now: { SystemClock().now() })
    do throws(StartError) {
      let store = try await SesameServer.openStore(settings, migrates: false, metrics: Metrics(), log: log)
      let problem: String?
      var hasKey = false
      do throws(StoreError) {
        try await store.check()
        hasKey = try await !store.serviceKeys(after: 0, limit: 1).isEmpty
        problem = nil
      } catch {
        problem = error.description
      }
      await store.shutdown()
      return found(problem, address.shown, hasKey: hasKey)
    } catch {
      // A schema that is made or changed at the next start is nothing wrong.
      if settings.store.migrates, (error.underlying as? StoreError)?.code == .outdated {
        return found(nil, "\(address.shown): its schema will be brought up to date")
      }
      return found(error.description, "")
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

  private static func listening(_ server: Settings.Server, hasKey: Bool) -> Finding {
    do throws(StartError) {
      try SesameServer.refuseStrangers(server, hasKey: hasKey)
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
