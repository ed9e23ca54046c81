import BlockingIO
import SessionCore

/// The key ring on disk, made on the first run.
struct KeyRingFile: Sendable {
  /// Where it lies.
  let path: String

  /// Why the ring could not be had; a sentence that says what to do.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The ring in the file; `nil` if there is no file.
  ///
  /// Refused if others than its owner could read it: whoever reads it can make tokens.
  func load() throws(Failure) -> KeyRingText? {
    do {
      guard let (bytes, mode) = try FileSystem.read(path, limit: 64 << 10) else { return nil }
      guard mode & 0o077 == 0 else {
        throw Failure(description: "\(path) can be read by others than its owner; run: chmod 600 \(path)")
      }
      return try KeyRingText(parsing: bytes)
    } catch let error as KeyRingText.Failure {
      throw Failure(description: "\(path): \(error.description)")
    } catch let error as FileSystem.Failure {
      throw Failure(description: error.description)
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure(description: "\(path): \(error)")
    }
  }

  /// The ring in the file, which is made with a new key if it is missing.
  func loadOrMake(random: any RandomSource, now: Timestamp) throws(Failure) -> KeyRingText {
    if let text = try load() { return text }
    let text = KeyRingText(random: random, now: now)
    try save(text)
    return text
  }

  /// Replaces the file.
  func save(_ text: KeyRingText) throws(Failure) {
    do throws(FileSystem.Failure) {
      try FileSystem.replace(path, with: text.bytes)
    } catch {
      throw Failure(description: error.description)
    }
  }

  /// Runs `body` while no other part of this program, or other process of it, changes the file.
  ///
  /// Throws at once if one does.
  func exclusively<Result>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    let lock: FileLock
    do throws(BlockingIOError) {
      lock = try FileLock(path: path + "-lock")
    } catch {
      throw Failure(
        description: error.code == .locked ? "\(path) is being changed just now; try again" : error.description)
    }
    return try withExtendedLifetime(lock) { (_) throws(Failure) in try body() }
  }
}
