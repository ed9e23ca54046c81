import Cryptography
import Testing

@Suite("Signatures") struct SignatureTests {
  private func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).map { index in
      UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) ?? 0
    }
  }

  private func text(_ base64: String) -> [UInt8] { Base64URL.decode(Array(base64.utf8)) ?? [] }

  @Test("what a key signs, its public half verifies, and nothing else", arguments: SignatureScheme.allCases)
  func roundTrip(scheme: SignatureScheme) throws {
    let key = SigningKey.generate(scheme.keyKind)
    let publicKey = try #require(self.publicKey(key))
    let message = Array("message".utf8)
    let signature = try #require(key.signature(of: message, by: scheme))
    #expect(publicKey.verifies(signature, of: message, by: scheme))
    #expect(!publicKey.verifies(signature, of: message + [0], by: scheme))
    #expect(!publicKey.verifies(signature, of: [], by: scheme))
    #expect(!publicKey.verifies([], of: message, by: scheme))
    for index in stride(from: 0, to: signature.count, by: 7) {
      var changed = signature
      changed[index] ^= 1
      #expect(!publicKey.verifies(changed, of: message, by: scheme))
    }
    for other in SignatureScheme.allCases where other != scheme {
      #expect(!publicKey.verifies(signature, of: message, by: other))
      #expect((key.signature(of: message, by: other) == nil) == (other.keyKind != scheme.keyKind))
    }
    let empty = try #require(key.signature(of: [], by: scheme))
    #expect(publicKey.verifies(empty, of: [], by: scheme))
  }

  private func publicKey(_ key: SigningKey) -> PublicKey? {
    switch key.publicNumbers {
    case .rsa(let modulus, let exponent): PublicKey(rsaModulus: modulus, exponent: exponent)
    case .elliptic(let x, let y): PublicKey(key.kind, x: x, y: y)
    case .ed25519(let bytes): PublicKey(ed25519: bytes)
    }
  }

  @Test("the signature of RFC 8032 section 7.1, test 2, is the one that is made and verified")
  func ed25519() throws {
    let key = try #require(
      PublicKey(ed25519: bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")))
    let signature = bytes(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
    #expect(key.verifies(signature, of: [0x72], by: .ed25519))
    #expect(!key.verifies(signature, of: [0x73], by: .ed25519))
  }

  @Test("the token of RFC 7515 appendix A.3 verifies, and its private number gives its public one")
  func ecdsa() throws {
    let x = text("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")
    let y = text("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")
    let key = try #require(PublicKey(.p256, x: x, y: y))
    let signed =
      "eyJhbGciOiJFUzI1NiJ9"
      + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    let signature = text("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
    #expect(key.verifies(signature, of: Array(signed.utf8), by: .ecdsaP256SHA256))
    let scalar = text("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI")
    let pair = try #require(SigningKey(p256Scalar: SecretBytes(scalar)))
    #expect(pair.publicNumbers == .elliptic(x: x, y: y))
    let own = try #require(pair.signature(of: [1], by: .ecdsaP256SHA256))
    #expect(key.verifies(own, of: [1], by: .ecdsaP256SHA256))
  }

  @Test("of a signature by ECDSA there are two, so a signature is no name for what it signs")
  func twins() throws {
    let key = SigningKey.generate(.p256)
    let publicKey = try #require(self.publicKey(key))
    let signature = try #require(key.signature(of: [1], by: .ecdsaP256SHA256))
    let order = bytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")
    var other = signature
    var borrow = 0
    for index in (0..<32).reversed() {
      let difference = Int(order[index]) - Int(signature[32 + index]) - borrow
      borrow = difference < 0 ? 1 : 0
      other[32 + index] = UInt8(truncatingIfNeeded: difference)
    }
    #expect(other != signature)
    #expect(publicKey.verifies(other, of: [1], by: .ecdsaP256SHA256))
  }

  @Test("a private number is from 1 to the order less 1")
  func scalars() {
    let order = bytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")
    let zero = [UInt8](repeating: 0, count: 32)
    for bad in [zero, order, [UInt8](repeating: 0xFF, count: 32), [], [1], order + [0], [0] + order] {
      #expect(SigningKey(p256Scalar: SecretBytes(bad)) == nil)
    }
    #expect(SigningKey(p256Scalar: SecretBytes(Array(zero.dropLast()) + [1])) != nil)
    #expect(SigningKey(p256Scalar: SecretBytes(Array(order.dropLast()) + [0x50])) != nil)
  }

  @Test("an RSA key of a bad size or exponent is none")
  func rsaKeys() throws {
    guard case .rsa(let modulus, let exponent) = SigningKey.generate(.rsa).publicNumbers else {
      Issue.record("no RSA key")
      return
    }
    #expect(PublicKey(rsaModulus: modulus, exponent: exponent) != nil)
    #expect(PublicKey(rsaModulus: [0, 0] + modulus, exponent: [0] + exponent) != nil)
    for bad in [[], [0], [1], [2], [0x01, 0x00, 0x00], [1, 0, 0, 0, 1], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF]] as [[UInt8]] {
      #expect(PublicKey(rsaModulus: modulus, exponent: bad) == nil, "\(bad)")
    }
    #expect(PublicKey(rsaModulus: modulus, exponent: [3]) != nil)
    for bad in [
      [], [0], Array(modulus.dropLast()), [0] + modulus.dropFirst(), Array(modulus.dropLast()) + [2],
      [UInt8](repeating: 0xFF, count: 1025), [0x7F] + [UInt8](repeating: 0xFF, count: 255),
    ] as [[UInt8]] {
      #expect(PublicKey(rsaModulus: bad, exponent: exponent) == nil, "\(bad.count)")
    }
    guard case .rsa(let small, _) = SigningKey.generate(.rsa, bits: 1024).publicNumbers else { return }
    #expect(PublicKey(rsaModulus: small, exponent: exponent) == nil)
  }

  @Test("a point that is not on the curve, at infinity or of another curve is no key")
  func points() throws {
    for kind in [SignatureKeyKind.p256, .p384] {
      guard case .elliptic(let x, let y) = SigningKey.generate(kind).publicNumbers else { continue }
      #expect(PublicKey(kind, x: x, y: y) != nil)
      var off = y
      off[off.count - 1] ^= 1
      let zero = [UInt8](repeating: 0, count: x.count)
      let most = [UInt8](repeating: 0xFF, count: x.count)
      for (x, y) in [
        (x, off), (zero, zero), (most, most), (x, []), ([], y), ([0] + x, y), (x, y + [0]), (Array(x.dropLast()), y),
      ] { #expect(PublicKey(kind, x: x, y: y) == nil) }
      #expect(PublicKey(kind == .p256 ? .p384 : .p256, x: x, y: y) == nil)
      #expect(PublicKey(.rsa, x: x, y: y) == nil)
    }
    for count in [0, 31, 33] { #expect(PublicKey(ed25519: [UInt8](repeating: 9, count: count)) == nil) }
  }

  @Test("a private key prints as redacted")
  func redaction() {
    var dumped = ""
    let key = SigningKey.generate(.p256)
    dump(key, to: &dumped)
    #expect("\(key)" == "redacted")
    #expect(String(reflecting: key) == "redacted")
    #expect(dumped.contains("redacted"))
  }
}
