import Commands
import HTTPClient
import JSON
import SessionCore
import Terminal

/// `sesame top`.
enum TopCommand {
  static let command = Command(
    "top", "Shows what a server does, drawn anew every second, until q or Ctrl-C.",
    discussion: """
      Live sessions, openings and closings, requests by route with their times, the cache, the store and the last \
      events. Of several nodes it shows the one that is asked, and how many are there.
      """,
    options: [
      CommandOption("--interval", "SECONDS", .number(1...3600), "How often it is drawn. Default: 1."),
      CommandOption("--rounds", "N", .number(1...1_000_000_000), "Ends after so many. Default: never."),
      ServerOptions.json,
    ] + ServerOptions.all,
    examples: ["sesame top", "sesame top --json --interval 10"]
  ) { invocation throws(CommandError) in
    let connection = try ServerConnection(invocation)
    let output = Output(invocation)
    let work = Task { () async -> Result<Void, CommandError> in
      do throws(CommandError) {
        return .success(try await run(invocation, connection, output))
      } catch {
        return Task.isCancelled ? .success(()) : .failure(error)
      }
    }
    invocation.onInterruption {
      work.cancel()
      // A server that hangs is not waited for.
      Task { await connection.client.stop() }
    }
    try await work.value.get()
    return 0
  }

  private static func run(
    _ invocation: Invocation, _ connection: ServerConnection, _ output: Output
  ) async throws(CommandError) {
    let interval = Duration.seconds(invocation.options.integer("--interval") ?? 1)
    let rounds = invocation.options.integer("--rounds") ?? Int.max
    // Before the screen is taken, so that an error stands on the one that stays.
    var source = try await TopSource(connection)
    if output.isJSON {
      for _ in 0..<rounds {
        guard await pause(interval, until: { false }) else { return }
        let page = try await source.next(output.style)
        guard output.terminal.line(String(decoding: page.json, as: UTF8.self)) else { return }
      }
      return
    }
    guard let screen = LiveScreen() else {
      throw CommandError(.wrongUse, "sesame top needs a terminal to draw on; --json is for programs.")
    }
    let events = source.events
    let following = Task { await events.follow(connection) }
    defer { following.cancel() }
    for _ in 0..<rounds {
      let isOver = await !pause(interval) {
        while let key = screen.key() {
          if key == UInt8(ascii: "q") || key == UInt8(ascii: "Q") { return true }
        }
        return false
      }
      if isOver { return }
      let size = screen.size
      let lines: [String]
      do throws(CommandError) {
        lines = try await source.next(output.style).lines(columns: size.columns, rows: size.rows)
      } catch {
        if Task.isCancelled { return }
        // It may come back: what is wrong is shown meanwhile.
        lines = [output.style.red(TerminalText.cut("sesame top   \(error.description)", to: size.columns))]
      }
      guard screen.draw(lines) else { return }
    }
  }

  /// Waits, in steps short enough for a key; `false` if it is over.
  private static func pause(_ time: Duration, until isOver: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + time
    while ContinuousClock.now < end {
      if Task.isCancelled || isOver() { return false }
      try? await Task.sleep(for: min(.milliseconds(100), end - .now))
    }
    return !Task.isCancelled
  }
}
