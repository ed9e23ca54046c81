import Foundation
import HTTPTesting
import Testing

/// A proxy that asks Sesame about each request, configured by the files that `docs/gateways` shows.
enum ReverseProxy: String, CaseIterable {
  case nginx
  case haproxy
  case caddy

  /// A proxy that runs.
  struct Running {
    let process: ChildProcess
    let port: Int
  }

  /// The Debian package that the program comes in.
  private var package: String { self == .nginx ? "nginx-light" : rawValue }

  /// Starts it between clients, Sesame and a backend, and waits until it accepts connections.
  func start(in folder: TemporaryFolder, sesame: Int, backend: Int) throws -> Running {
    // Another process may take the port before the proxy does.
    for _ in 0..<5 {
      let port = FreePort.find()
      let places = ["127.0.0.1:8080": sesame, "127.0.0.1:9000": backend, "127.0.0.1:8000": port]
        .mapValues { "127.0.0.1:\($0)" }
      let process = try launch(in: folder, places)
      if try Self.isListening(port, process) { return Running(process: process, port: port) }
    }
    throw RunningProgram.Failure("\(rawValue) does not start; is Debian's \(package) installed?")
  }

  private func launch(in folder: TemporaryFolder, _ places: [String: String]) throws -> ChildProcess {
    switch self {
    case .nginx:
      try write("nginx/sesame.conf", places, to: "sesame.conf", in: folder)
      let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map { "\($0)_temp_path \(folder.file($0));" }
      let around = """
        daemon off; master_process off; pid \(folder.file("nginx.pid")); error_log stderr;
        events {}
        http { access_log off; \(temporary.joined(separator: " ")) include \(folder.file("sesame.conf")); }

        """
      try folder.write(around, to: "nginx.conf")
      return try ChildProcess(
        "/usr/sbin/nginx", ["-e", "stderr", "-p", folder.path, "-c", folder.file("nginx.conf")], in: folder.path)
    case .haproxy:
      try write("haproxy/sesame.lua", [:], to: "sesame.lua", in: folder)
      try write(
        "haproxy/haproxy.cfg", places.merging(["/etc/haproxy/sesame.lua": folder.file("sesame.lua")]) { $1 },
        to: "haproxy.cfg", in: folder)
      return try ChildProcess("/usr/sbin/haproxy", ["-db", "-f", folder.file("haproxy.cfg")], in: folder.path)
    case .caddy:
      try write("caddy/Caddyfile", places, to: "sites", in: folder)
      let around = """
        {
          admin off
          auto_https off
          storage file_system \(folder.file("caddy"))
        }
        import \(folder.file("sites"))

        """
      try folder.write(around, to: "Caddyfile")
      return try ChildProcess(
        "caddy", ["run", "--config", folder.file("Caddyfile"), "--adapter", "caddyfile"], in: folder.path,
        environment: ["HOME": folder.path, "XDG_CONFIG_HOME": folder.path, "XDG_DATA_HOME": folder.path])
    }
  }

  /// Writes a file of `docs/gateways` with the test's places in place of its own, each of which it must have.
  private func write(_ source: String, _ places: [String: String], to name: String, in folder: TemporaryFolder) throws {
    let root = URL(fileURLWithPath: #filePath).appending(path: "../../../..").standardized
    var text = try String(contentsOf: root.appending(path: "docs/gateways/\(source)"), encoding: .utf8)
    // Longest first and by way of marks, so that no replacement is replaced again.
    let ordered = places.sorted { $0.key < $1.key }
    for (index, place) in ordered.enumerated() {
      try #require(text.contains(place.key), "\(source) does not have \(place.key)")
      text = text.replacing(place.key, with: "\u{1}\(index)\u{1}")
    }
    for (index, place) in ordered.enumerated() { text = text.replacing("\u{1}\(index)\u{1}", with: place.value) }
    try folder.write(text, to: name)
  }

  private static func isListening(_ port: Int, _ process: ChildProcess) throws -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
      if (try? RawHTTPClient(port: port)) != nil { return true }
      // Waits a little, or learns that it has ended.
      if process.waitForEnd(limit: .zero) != nil { return false }
    }
    return false
  }
}
