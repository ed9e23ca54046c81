import Commands

/// What the manual page says behind the commands.
enum ManualChapters {
  static let all = [
    ManualPage.Chapter(
      "EXIT STATUS",
      [
        ("0", "Done."), ("1", "Failed, or no: a token that is not good, a question answered with no."),
        ("2", "Wrong use: nothing was done. A sentence on standard error says what would be right."),
        ("130", "A benchmark was interrupted."),
      ]),
    ManualPage.Chapter(
      "ENVIRONMENT",
      [
        ("SESAME_SERVER", "The address of the server that commands ask, as --server has it."),
        ("SESAME_KEY", "The service key for it; unlike --key, other users can't see it."),
        ("SESAME_CONFIG", "The file of settings, as --config has it."),
        ("SESAME_KEY_RING", "The key ring as text, instead of a file, for serve and check."),
        ("SESAME_...", "Each setting; sesame.example.toml lists them."),
        ("NO_COLOR", "If it is set to anything, no colours are used."),
      ]),
    ManualPage.Chapter(
      "FILES",
      [
        ("sesame.toml", "The settings, in the working folder."),
        ("sesame-data/sesame.sock", "The administration socket, by which commands reach the server of this machine."),
        ("sesame-data/keys", "The key ring."), ("sesame-data/sesame.db", "The database, with the store sqlite."),
      ]),
  ]
}
