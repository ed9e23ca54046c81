/// The control: one nginx worker that answers a fixed body, on the server's core.
///
/// What it is slowed by slows the server, too: so a ratio to it says more than a rate.
final class ControlServer {
  let target: LoadTarget
  private let process: ChildProcess

  /// Starts it in a folder of its own.
  init(_ tools: Tools, core: Int, in folder: String) async throws(BenchmarkError) {
    guard let nginx = tools.nginx else { throw BenchmarkError(.missingTool, "There is no nginx.") }
    let port = try FreePort.find()
    try SmallFile.write(Array(Self.configuration(port: port).utf8), to: "\(folder)/nginx.conf")
    let process = try ChildProcess(
      tools.pinned([nginx, "-p", folder, "-c", "nginx.conf"], to: core), in: folder, output: "/dev/null",
      errors: "\(folder)/nginx.log")
    self.process = process
    target = LoadTarget(address: "http://127.0.0.1:\(port)") {
      [process.id] + ProcessFigures.children(of: process.id)
    }
    let isReady = try await Pause.until(.seconds(10)) { () throws(BenchmarkError) -> Bool? in
      if LoopbackClient.isServed(port: port) { return true }
      return process.hasEnded ? false : nil
    }
    guard isReady == true else {
      throw BenchmarkError(.failed, "nginx does not start: \(SmallFile.text("\(folder)/nginx.log") ?? "")")
    }
  }

  func end() { process.end() }

  /// As long a body as a session's.
  private static func configuration(port: Int) -> String {
    let session = #"{"id":"00000000000000000000000000","user_id":"load-000001","state":"open","note":""#
    let body = #"{"session":"# + session + String(repeating: "n", count: 210) + #""}}"#
    return """
      daemon off; master_process on; worker_processes 1; pid nginx.pid; error_log stderr error;
      worker_rlimit_nofile 16384;
      events { worker_connections 12000; }
      http {
        access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; default_type application/json;
        client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        server { listen 127.0.0.1:\(port) backlog=4096; location / { return 200 '\(body)'; } }
      }

      """
  }
}
