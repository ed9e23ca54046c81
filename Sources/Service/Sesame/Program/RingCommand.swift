import Commands
import Configuration
import Glibc
import SessionCore

/// `sesame key rotate-ring`.
enum RingCommand {
  static let rotate = Command(
    "rotate-ring", "Makes a new key for the tokens of sessions, and has the server here take it.",
    discussion: """
      The former key is accepted as long as a session opened under it can live, so nobody notices. It changes the \
      file of the key ring on this machine and tells the server that runs here to read it again.

      Nodes that share a store need it in two steps, since each must have a key before one of them signs with it: \
      --prepare, copy the file to all nodes and send each SIGHUP; then --sign, and copy it and send SIGHUP again.
      """,
    options: [
      CommandOption("--prepare", "Adds a key that is accepted and does not sign yet."),
      CommandOption("--sign", "Has the key of --prepare sign from now on."),
    ] + Settings.options.filter { ["--data", "--store", "--config", "--set"].contains($0.name) },
    examples: ["sesame key rotate-ring", "sesame key rotate-ring --prepare --config /etc/sesame/sesame.toml"]
  ) { invocation throws(CommandError) in
    let settings = try Program.settings(invocation)
    let step = try Step(invocation.options)
    if invocation.environment[KeyRingKeeper.variable] != nil {
      throw CommandError(
        .failed, "The key ring is in \(KeyRingKeeper.variable), which no command changes; see docs/operating/keys.md.")
    }
    try refuseOneStep(step, settings)
    let file = KeyRingFile(path: settings.keys.file)
    let signing: (new: UInt8, former: RingEntry?)
    do throws(KeyRingFile.Failure) {
      signing = try file.exclusively { () throws(KeyRingFile.Failure) in
        try change(file, step, overlap: KeyRingKeeper.overlap(SessionPolicy(settings.session)))
      }
    } catch {
      throw CommandError(.failed, "The key ring was not changed: \(error.description).")
    }
    if let former = signing.former {
      let end = former.acceptedUntil.map { String(decoding: $0.rfc3339, as: UTF8.self) } ?? "-"
      Program.tell("Key \(signing.new) signs now; key \(former.id) is accepted until \(end).")
    } else {
      Program.tell("Key \(signing.new) is accepted now, and signs after --sign.")
    }
    Program.tell(tellServer(settings.server.socket, ring: file.path))
    return 0
  }

  /// What is done to the ring.
  private enum Step {
    case whole, prepare, sign

    init(_ options: GivenOptions) throws(CommandError) {
      switch (options.has("--prepare"), options.has("--sign")) {
      case (false, false): self = .whole
      case (true, false): self = .prepare
      case (false, true): self = .sign
      case (true, true): throw CommandError(.wrongUse, "--prepare comes first and --sign later, not both at once.")
      }
    }
  }

  private static func refuseOneStep(_ step: Step, _ settings: Settings) throws(CommandError) {
    guard case .whole = step else { return }
    do throws(StoreAddress.Failure) {
      guard try StoreAddress(settings.server.store, data: settings.server.data).isShared else { return }
    } catch {
      throw CommandError(.failed, error.description)
    }
    throw CommandError(
      .wrongUse,
      """
      Other nodes may share this store, and would refuse tokens of a key that they do not have: use --prepare, copy \
      \(settings.keys.file) to all nodes and send each SIGHUP, and then the same with --sign.
      """)
  }

  /// Changes the file; answers the id of the new key, and the key that signed before if it signs no more.
  private static func change(
    _ file: KeyRingFile, _ step: Step, overlap: TimeSpan
  ) throws(KeyRingFile.Failure) -> (new: UInt8, former: RingEntry?) {
    guard var text = try file.load() else {
      throw KeyRingFile.Failure(description: "there is none at \(file.path); the server makes it when it first starts")
    }
    let former = text.entries[0].id
    let now = SystemClock().now()
    switch step {
    case .whole: text.rotate(random: SystemRandom(), now: now, overlap: overlap)
    case .prepare:
      guard text.prepare(random: SystemRandom(), now: now, overlap: overlap) else {
        throw KeyRingFile.Failure(description: "a key waits already; when all nodes have it, use --sign")
      }
    case .sign:
      guard text.promote(now: now, overlap: overlap) else {
        throw KeyRingFile.Failure(description: "no key waits to sign; use --prepare first")
      }
    }
    try file.save(text)
    if case .prepare = step { return (text.entries.last?.id ?? former, nil) }
    return (text.entries[0].id, text.entries.first { $0.id == former })
  }

  /// Has the server read the ring; answers what became of that.
  private static func tellServer(_ socket: String, ring: String) -> String {
    guard let process = AdministrationSocket.server(at: socket) else {
      return "No server runs on \(socket); it reads the ring when it starts."
    }
    guard process > 0, kill(process, SIGHUP) == 0 else {
      return "The server could not be told: send it SIGHUP, so that it reads \(ring)."
    }
    return "The server, process \(process), was told to read it."
  }
}
