import Cryptography
import Testing

@testable import PasswordHashing

@Suite("Hashes of Django") struct DjangoHashTests {
  /// The first is of RFC 7914 section 11, the others are Python's hashlib's.
  static let vectors = [
    ("passwd", "pbkdf2_sha256$1$salt$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLw="),
    ("correct horse", "pbkdf2_sha256$1000$VHTJgQm6aLcc$vU1D3kdFxHPHz2PvtceyMYd3+8E/g/a1gYpO5brxoJw="),
    ("", "pbkdf2_sha256$2$s$3scu68zWc0N1850CLEm2FSdnV0HrttY0Z0Cb6elSHac="),
    (String(repeating: "éé", count: 600), "pbkdf2_sha256$3$x$ePsKhQuoHX4Iueq/+JwQmB9nl/B02l69rNdPKyf8NgA="),
  ]

  @Test("known vectors match, no other password does, and all are replaced at log-in", arguments: vectors)
  func known(password: String, text: String) throws {
    let stored = try #require(StoredPassword(text))
    #expect(stored.text == text)
    #expect(stored.isWeaker(than: .standard))
    #expect(stored.matches(SecretBytes(password.utf8)) == true)
    #expect(stored.matches(SecretBytes((password + "x").utf8)) == false)
    #expect(stored.matches(SecretBytes(("x" + password).utf8)) == false)
  }

  @Test("a digest under bcrypt opens for its password alone, however long that is, and not for the digest")
  func digestedBcrypt() throws {
    // Made by Django 5.2 of "password of anna".
    let text = "bcrypt_sha256$$2b$04$bcvoy2LRoPLhh8P8CqV8auf5EKCFN30iwHeV7EMRDFeAUeaKdnOC2"
    let stored = try #require(StoredPassword(text))
    #expect(stored.text == text)
    #expect(stored.isWeaker(than: .standard))
    #expect(stored.matches(SecretBytes("password of anna".utf8)) == true)
    #expect(stored.matches(SecretBytes("password of ann".utf8)) == false)
    let bare = try #require(StoredPassword(String(text.dropFirst("bcrypt_sha256$".count))))
    #expect(bare.matches(SecretBytes("password of anna".utf8)) == false)
  }

  @Test(
    "what is not exactly such a text, or costs too much, is refused",
    arguments: [
      "pbkdf2_sha256$2000001$salt$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLw=",
      "pbkdf2_sha256$9999999999999999999$salt$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLw=",
      "pbkdf2_sha256$0$salt$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLw=",
      "pbkdf2_sha256$01$salt$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLw=",
      "pbkdf2_sha256$+1$salt$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLw=",
      "pbkdf2_sha256$1$$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLw=",
      "pbkdf2_sha256$1$salt$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLw",
      "pbkdf2_sha256$1$salt$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLx=",
      "pbkdf2_sha256$1$salt$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8IN",
      "pbkdf2_sha256$1$salt$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLw=$",
      "pbkdf2_sha256$1$sa lt$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLw=",
      "pbkdf2_sha1$1$salt$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLw=", "pbkdf2_sha256$1$salt$=", "pbkdf2_sha256$$$",
      "bcrypt_sha256$", "bcrypt_sha256$$2b$17$bcvoy2LRoPLhh8P8CqV8auf5EKCFN30iwHeV7EMRDFeAUeaKdnOC2",
      "bcrypt_sha256$bcrypt_sha256$$2b$04$bcvoy2LRoPLhh8P8CqV8auf5EKCFN30iwHeV7EMRDFeAUeaKdnOC2",
      "md5$2XhPmGfnHn4tq3mj2D9N0Z$b423e7f5a4a4120b494579ee4bd13a5c",
    ])
  func strange(text: String) { #expect(StoredPassword(text) == nil) }
}
