import Foundation
import Testing

@testable import PasswordHashing

@Suite("The list of common passwords") struct CommonPasswordListTests {
  /// The list as the repository has it.
  private static func lines() throws -> [[UInt8]] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appending(path: "Sources/C/CCommonPasswords/common-passwords.txt")
    return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map(Array.init)
  }

  @Test("each of its lines is found in the program")
  func found() throws {
    let lines = try Self.lines()
    #expect(lines.count > 16_000)
    #expect(lines.filter { !CommonPasswordList.contains($0) } == [])
  }

  @Test("nothing beside its lines is found, such as their beginnings, their longer forms and two of them")
  func notFound() throws {
    let lines = try Self.lines()
    let all = Set(lines)
    for line in lines {
      for other in [Array(line.dropLast()), line + [UInt8(ascii: "~")], Array(line.dropFirst()), line + [0]]
      where !all.contains(other) {
        #expect(!CommonPasswordList.contains(other))
      }
    }
    for other in [[], [0], [0xFF], Array("\n".utf8), lines[0] + Array("\n".utf8) + lines[1]] {
      #expect(!CommonPasswordList.contains(other))
    }
  }

  @Test("its lines are sorted, distinct, in lower case, and of eight characters or more")
  func order() throws {
    let lines = try Self.lines()
    for (line, next) in zip(lines, lines.dropFirst()) {
      #expect(line.lexicographicallyPrecedes(next))
    }
    for line in lines {
      #expect(line.count >= PasswordRules.fewestScalars)
      #expect(line.allSatisfy { (0x20...0x7E).contains($0) && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) })
    }
  }
}
