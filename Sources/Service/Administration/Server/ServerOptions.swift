import Commands
import Configuration

/// The options that say which server a command is for.
enum ServerOptions {
  /// The variable that may name the server.
  static let serverVariable = "SESAME_SERVER"
  /// The variable that may hold the key.
  static let keyVariable = "SESAME_KEY"

  static let all = [
    CommandOption(
      "--server", "URL",
      "The server, such as https://sessions.example.org; also from \(serverVariable). Default: the one that runs on "
        + "the data folder here, by its administration socket."),
    CommandOption(
      "--key-file", "FILE", .file,
      "Reads the service key for --server from the first line of FILE; - is standard input. Also from \(keyVariable)."),
    CommandOption(
      "--key", "KEY", "The service key itself. Other users of this machine can see it while the command runs."),
    CommandOption("--ca", "FILE", .file, "The authorities, in PEM, that sign the server's certificate."),
    CommandOption("--data", "DIR", .folder, "The data folder of a server here, as it was given to serve."),
    CommandOption("--config", "FILE", .file, "The settings of a server here, as they were given to serve."),
  ]
  static let json = CommandOption("--json", "JSON, for programs.")
}
