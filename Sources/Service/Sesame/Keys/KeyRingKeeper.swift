import Configuration
import Log
import SessionCore
import Synchronization

/// The key ring in use: where it came from, and when it rotates.
///
/// A key that signed is accepted until no session that was opened under it can be alive.
final class KeyRingKeeper: Sendable {
  private let file: KeyRingFile?
  private let text: Mutex<KeyRingText>
  private let rotation: TimeSpan
  private let overlap: TimeSpan
  private let clock: any SessionClock
  private let log: Log

  /// Reads the ring from `text` if it is given, else from the file, which is made if it is missing.
  init(
    _ settings: Settings.Keys, text given: String?, policy: SessionPolicy, clock: any SessionClock, log: Log
  ) throws(StartError) {
    rotation = settings.rotation
    overlap = Self.overlap(policy)
    self.clock = clock
    self.log = log
    if let given {
      file = nil
      do throws(KeyRingText.Failure) {
        text = Mutex(try KeyRingText(parsing: Array(given.utf8)))
      } catch {
        throw StartError("The key ring in \(KeyRingKeeper.variable) can't be used: \(error.description).")
      }
    } else {
      let file = KeyRingFile(path: settings.file)
      self.file = file
      do throws(KeyRingFile.Failure) {
        text = Mutex(try file.loadOrMake(random: SystemRandom(), now: clock.now()))
      } catch {
        throw StartError("The key ring can't be used: \(error.description).")
      }
    }
  }

  /// How long a key that signed is accepted: as long as a session that was opened under it can live.
  static func overlap(_ policy: SessionPolicy) -> TimeSpan {
    max(policy.lifetime, policy.lifetimeCeiling, policy.rememberedLifetime)
  }

  /// The variable that may hold the ring instead of a file.
  static let variable = "SESAME_KEY_RING"

  /// The ring for the core.
  var ring: KeyRing { text.withLock { $0.ring } }

  /// Reads the file again, and hands the ring on; a ring that can't be read leaves the one in use.
  func reload(_ replace: (KeyRing) -> Void) {
    guard let file else { return }
    // One after the other with a rotation: a ring that was read before it would take its new key away.
    text.withLock { text in
      do throws(KeyRingFile.Failure) {
        guard let read = try file.load() else { return }
        text = read
        replace(read.ring)
      } catch {
        log.error("keys.not_reloaded", ["error": .string(error.description)])
      }
    }
  }

  /// Rotates the ring whenever the signing key is old enough, until it is cancelled.
  func run(_ replace: (KeyRing) -> Void) async {
    guard rotation > .zero, file != nil else { return }
    while !Task.isCancelled {
      rotateIfDue(replace)
      try? await Task.sleep(for: .seconds(60))
    }
  }

  /// Rotates the ring if the signing key is old enough; it is on the disk before anything is signed with it.
  func rotateIfDue(_ replace: (KeyRing) -> Void) {
    guard let file else { return }
    let now = clock.now()
    text.withLock { text in
      guard text.entries[0].created + rotation <= now else { return }
      do throws(KeyRingFile.Failure) {
        try file.exclusively { () throws(KeyRingFile.Failure) in
          // By hand it may have been rotated already, and not read again yet.
          var next = try file.load() ?? text
          let isRotated = next.entries[0].id != text.entries[0].id
          if !isRotated {
            next.rotate(random: SystemRandom(), now: now, overlap: overlap)
            try file.save(next)
          }
          text = next
          replace(next.ring)
          log.notice("keys.rotated", ["signing": .integer(next.entries[0].id)])
        }
      } catch {
        log.error("keys.not_rotated", ["error": .string(error.description)])
      }
    }
  }
}
