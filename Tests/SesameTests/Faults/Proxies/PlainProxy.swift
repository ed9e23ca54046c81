import Glibc
import HTTPTesting
import Testing

/// A reverse proxy that passes everything on to Sesame, over connections that many clients share.
enum PlainProxy: String, CaseIterable, Sendable {
  case nginx
  case haproxy

  /// Starts it before a server, and waits until it accepts connections; the caller ends the process.
  func start(in folder: TemporaryFolder, before server: Int) throws -> (process: ChildProcess, port: Int) {
    // Another process may take the port before the proxy does.
    for _ in 0..<5 {
      let port = FreePort.find()
      let process = try launch(in: folder, port, server)
      let end = ContinuousClock.now + .seconds(60)
      while ContinuousClock.now < end, process.waitForEnd(limit: .zero) == nil {
        if (try? RawHTTPClient(port: port)) != nil { return (process, port) }
      }
      process.send(SIGKILL)
    }
    throw RunningProgram.Failure("\(rawValue) does not start; is it installed?")
  }

  private func launch(in folder: TemporaryFolder, _ port: Int, _ server: Int) throws -> ChildProcess {
    switch self {
    case .nginx:
      let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map { "\($0)_temp_path \(folder.file($0));" }
      let text = """
        daemon off; master_process off; pid \(folder.file("nginx.pid")); error_log stderr crit;
        events { worker_connections 512; }
        http {
          access_log off; \(temporary.joined(separator: " "))
          upstream sesame { server 127.0.0.1:\(server); keepalive 8; }
          server {
            listen 127.0.0.1:\(port);
            keepalive_requests 1000000;
            location / {
              proxy_pass http://sesame;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_set_header X-Forwarded-For $remote_addr;
              proxy_ignore_client_abort on;
            }
          }
        }

        """
      try folder.write(text, to: "nginx.conf")
      return try ChildProcess(
        "/usr/sbin/nginx", ["-e", "stderr", "-p", folder.path, "-c", folder.file("nginx.conf")], in: folder.path)
    case .haproxy:
      let text = """
        defaults
          mode http
          timeout connect 5s
          timeout client 30s
          timeout server 30s
          timeout http-request 3s
          http-reuse always
        frontend clients
          bind 127.0.0.1:\(port)
          option forwardfor
          default_backend sesame
        backend sesame
          server one 127.0.0.1:\(server)

        """
      try folder.write(text, to: "haproxy.cfg")
      return try ChildProcess("/usr/sbin/haproxy", ["-db", "-f", folder.file("haproxy.cfg")], in: folder.path)
    }
  }
}

/// Runs Sesame with a proxy before it while `body` talks to both; `body` gets the program and the proxy's port.
func withProxy(
  _ proxy: PlainProxy, _ flags: [String] = [], _ body: @escaping @Sendable (RunningProgram, Int) throws -> Void
) async throws {
  try await withProgram(flags) { program in
    let folder = try TemporaryFolder()
    let running = try proxy.start(in: folder, before: program.port)
    defer {
      running.process.send(SIGKILL)
      _ = running.process.waitForEnd()
    }
    try body(program, running.port)
  }
}
