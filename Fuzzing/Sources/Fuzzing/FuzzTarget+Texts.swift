@testable import Cerberus
@testable import Configuration
import Glibc
import JSON
@testable import RedisDriver
import SessionCore

extension FuzzTarget {
  /// What is taken is valid, and its short form is the short form of itself.
  func readJSON(_ bytes: [UInt8]) {
    guard let text = try? JSONText(parsing: bytes) else { return }
    guard let again = try? JSONText(parsing: text.bytes) else { preconditionFailure("a short form that is no JSON") }
    precondition(again == text, "a short form of a short form")
    guard let document = try? text.document() else { preconditionFailure("a text without a document") }
    if let merged = JSONMergePatch.apply(document.root, to: text) {
      precondition((try? JSONText(parsing: merged.bytes)) == merged, "a patch that makes no JSON")
    }
  }

  /// Conditions are understood, or refused with a reason.
  func readConditions(_ bytes: [UInt8]) {
    guard let root = try? JSONDocument(parsing: bytes).root, let conditions = try? CerberusWhere(root) else { return }
    _ = try? conditions.condition(now: Timestamp(milliseconds: 1_800_000_000_000))
  }

  /// A settings file is read, or refused with a sentence.
  func readSettings(_ bytes: [UInt8]) {
    guard let path = Self.settingsPath else { return }
    ftruncate(Self.settingsFile, 0)
    let written = unsafe bytes.withUnsafeBytes { unsafe pwrite(Self.settingsFile, $0.baseAddress, $0.count, 0) }
    guard written == bytes.count else { return }
    do throws(ConfigurationError) {
      _ = try Settings.load(arguments: ["--config", path], environment: [:], defaultFile: nil)
    } catch {
      let isPlain = error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
      precondition(isPlain, "a sentence that a file can steer a terminal with")
    }
  }

  /// A file in memory that has no name.
  private static let settingsFile: Int32 = {
    let name = "/dev/shm/sesame-fuzzing-\(getpid())"
    let file = unsafe open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    unsafe unlink(name)
    return file
  }()
  private static let settingsPath = settingsFile >= 0 ? "/proc/self/fd/\(settingsFile)" : nil

  /// However the bytes come in, they are the same replies.
  func readReplies(_ bytes: [UInt8]) {
    let whole = Self.replies(bytes, step: max(1, bytes.count))
    let pieces = Self.replies(bytes, step: 1 + bytes.count / 7)
    precondition(whole.replies == pieces.replies, "replies depend on the pieces in which they come")
  }

  private static func replies(_ bytes: [UInt8], step: Int) -> (replies: [RedisReply], isGarbled: Bool) {
    var replies: [RedisReply] = []
    do throws(RedisError) {
      let reader = try ReplyReader(largestReply: 1 << 20)
      var start = 0
      while start < bytes.count {
        let end = min(start + step, bytes.count)
        try reader.feed(bytes[start..<end])
        while let reply = try reader.next() { replies.append(reply) }
        start = end
      }
      return (replies, false)
    } catch {
      return (replies, true)
    }
  }
}
