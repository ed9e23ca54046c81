import Foundation
import Glibc
import HTTPTesting
import JSON
import Testing

/// Chromium without a window, driven over WebDriver (W3C, "WebDriver", section 6): it opens pages and runs scripts in
/// them.
///
/// Everything that it keeps is in the folder that it is given, and it reaches no host but this machine.
final class Browser {
  private let driver: ChildProcess
  private let port: Int
  private var session = ""
  private var process: Int64?

  init(in folder: TemporaryFolder) throws {
    let environment = ["HOME": folder.path, "XDG_CONFIG_HOME": folder.path, "XDG_CACHE_HOME": folder.path]
    driver = try ChildProcess("chromedriver", ["--port=0"], in: folder.path, environment: environment)
    let line = try #require(
      driver.output.wait { $0.contains("started successfully on port ") },
      "chromedriver does not start; install Debian's chromium and chromium-driver")
    port = try #require(line.split(separator: " ").last.flatMap { Int($0.filter(\.isNumber)) })
    let options = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
      "--no-proxy-server",
      "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
      "--user-data-dir=\(folder.file("profile"))",
    ]
    let value = try command("POST", "/session") { json in
      json.name("capabilities")
      json.beginObject()
      json.name("alwaysMatch")
      json.beginObject()
      json.name("browserName")
      json.string("chrome")
      json.name("goog:chromeOptions")
      json.beginObject()
      json.name("binary")
      json.string("/usr/bin/chromium")
      json.name("args")
      json.beginArray()
      for option in options { json.string(option) }
      json.endArray()
      json.endObject()
      json.endObject()
      json.endObject()
    }
    session = try #require(value["sessionId"]?.string, "chromium does not start: \(value.text)")
    process = value["capabilities"]?["goog:processID"]?.integer
  }

  deinit {
    // Chromium is not this process's child: the driver ends it, also one that did not start in time.
    _ = try? ProgramRun("curl", ["-s", "--noproxy", "*", "--max-time", "20", "http://127.0.0.1:\(port)/shutdown"])
    _ = driver.waitForEnd(limit: .seconds(20))
    if let process { kill(pid_t(process), SIGKILL) }
    driver.send(SIGKILL)
    _ = driver.waitForEnd()
  }

  /// Opens a page and waits until it is loaded.
  func open(_ address: String) throws {
    _ = try command("POST", "/session/\(session)/url") { json in
      json.name("url")
      json.string(address)
    }
  }

  /// Runs the body of an asynchronous function in the page, and answers what it returns; what it throws comes back as
  /// `{"thrown": "…"}`.
  @discardableResult
  func run(_ script: String) throws -> JSONValue {
    try command("POST", "/session/\(session)/execute/async") { json in
      json.name("script")
      json.string(
        """
        const done = arguments[arguments.length - 1];
        (async () => { \(script) })().then(done, error => done({thrown: String(error)}));
        """)
      json.name("args")
      json.beginArray()
      json.endArray()
    }
  }

  /// Asks until a script answers `true`, for at most a minute; a page that is just being left may not answer.
  func wait(until condition: String) throws -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
      if let isSo = try? run("return \(condition)").boolean, isSo { return true }
    }
    return false
  }

  /// Sends a command whose parameters `write` writes, and answers its value.
  private func command(
    _ method: String, _ path: String, _ write: (inout JSONWriter) -> Void
  ) throws -> JSONValue {
    var json = JSONWriter()
    json.beginObject()
    write(&json)
    json.endObject()
    // By curl: chromedriver's answers are not as strict as our own client wants them.
    let curl = try ChildProcess(
      "curl",
      [
        "-sS", "--noproxy", "*", "--max-time", "120", "-X", method, "-H", "Content-Type: application/json",
        "--data-binary", String(decoding: json.bytes, as: UTF8.self), "http://127.0.0.1:\(port)\(path)",
      ])
    let lines = curl.output.waitForEnd(limit: .seconds(130))
    let root = try #require(
      JSONReading(lines.joined(separator: "\n")).root,
      "chromedriver did not answer \(path): \(curl.errors.waitForEnd())")
    let value = try #require(root["value"])
    if let error = value["error"]?.string, let message = value["message"]?.string {
      throw RunningProgram.Failure("\(error): \(message)")
    }
    return value
  }
}
