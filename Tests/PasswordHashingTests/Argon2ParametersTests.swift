import PasswordHashing
import Testing

@Suite("The cost of new hashes") struct Argon2ParametersTests {
  @Test("the default is OWASP's: 19 MiB, two passes, one lane")
  func standard() {
    #expect(Argon2Parameters.standard.memory == 19_456)
    #expect(Argon2Parameters.standard.passes == 2)
    #expect(Argon2Parameters.standard.lanes == 1)
  }

  @Test(
    "weaker ones are refused with the least that would be right",
    arguments: [
      (19_455, 2), (19_456, 1), (0, 0), (-1, 2), (.min, .min), (262_144, 1),
    ])
  func weak(memory: Int, passes: Int) {
    let error = #expect(throws: PasswordHashingError.self) { try Argon2Parameters(memory: memory, passes: passes) }
    #expect(error?.code == .weakParameters)
    #expect(error?.description.contains("19456") == true)
  }

  @Test(
    "those that would let one log-in hold the machine are refused",
    arguments: [
      (262_145, 2), (19_456, 17), (262_144, 5), (.max, 2), (.max, .max), (19_456, .max),
    ])
  func costly(memory: Int, passes: Int) {
    let error = #expect(throws: PasswordHashingError.self) { try Argon2Parameters(memory: memory, passes: passes) }
    #expect(error?.code == .costlyParameters)
  }

  @Test("stronger ones are taken", arguments: [(19_456, 2), (65_536, 3), (262_144, 4)])
  func strong(memory: Int, passes: Int) throws {
    let parameters = try Argon2Parameters(memory: memory, passes: passes)
    #expect(parameters.memory == memory)
    #expect(parameters.passes == passes)
    #expect(parameters.lanes == 1)
  }
}
