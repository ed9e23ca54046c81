import HTTPMessages
import Testing

@Suite struct AddressTests {
  @Test(
    "an address has one value in all its spellings",
    arguments: [
      ("1.2.3.4", 0, 0xFFFF_0102_0304), ("::ffff:1.2.3.4", 0, 0xFFFF_0102_0304),
      ("::ffff:102:304", 0, 0xFFFF_0102_0304),
      ("::", 0, 0), ("::1", 0, 1), ("1::", 0x0001_0000_0000_0000, 0),
      ("1:2:3:4:5:6:7:8", 0x0001_0002_0003_0004, 0x0005_0006_0007_0008),
      ("2001:DB8::a", 0x2001_0DB8_0000_0000, 0xA), ("2001:0db8:0:0:0:0:0:a", 0x2001_0DB8_0000_0000, 0xA),
      ("1::8", 0x0001_0000_0000_0000, 8), ("1:2:3:4::8", 0x0001_0002_0003_0004, 8),
      ("1:2:3:4:5::8", 0x0001_0002_0003_0004, 0x0005_0000_0000_0008),
      ("::2:3:4:5:6:7:8", 0x0000_0002_0003_0004, 0x0005_0006_0007_0008),
      ("1:2:3:4:5:6:7::", 0x0001_0002_0003_0004, 0x0005_0006_0007_0000),
      ("64:ff9b::192.0.2.1", 0x0064_FF9B_0000_0000, 0xC000_0201), ("0.0.0.0", 0, 0xFFFF_0000_0000),
      ("255.255.255.255", 0, 0xFFFF_FFFF_FFFF),
    ] as [(String, UInt64, UInt64)])
  func spellings(text: String, high: UInt64, low: UInt64) {
    let address = IPAddress(text)
    #expect(address?.high == high)
    #expect(address?.low == low)
  }

  @Test(
    "what is not an address is none",
    arguments: [
      "", ".", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1..3.4", "1.2.3.", "0x1.2.3.4",
      "+1.2.3.4",
      "1.2.3.4:80", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:8::",
      "::1%eth0", "[::1]",
      "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "1.2.3.4::", ":1", "1:", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8",
    ])
  func malformed(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test("a network holds its addresses and no others")
  func ranges() throws {
    let cases: [(String, [String], [String])] = [
      ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.1.1"], ["9.255.255.255", "11.0.0.0", "::a00:0"]),
      ("0.0.0.0/0", ["1.2.3.4"], ["::1", "2001:db8::1"]), ("::/0", ["1.2.3.4", "::1"], []),
      ("192.0.2.1", ["192.0.2.1"], ["192.0.2.0"]), ("192.0.2.0/31", ["192.0.2.1"], ["192.0.2.2"]),
      ("fe80::/10", ["fe80::1", "febf::"], ["fec0::"]),
      ("2001:db8::/65", ["2001:db8::7fff:0:0:0"], ["2001:db8::8000:0:0:0"]),
      ("2001:db8::/64", ["2001:db8::ffff:0:0:0"], ["2001:db8:0:1::"]), ("::1/128", ["::1"], ["::2"]),
    ]
    for (text, inside, outside) in cases {
      let range = try #require(IPNetwork(text), "\(text)")
      for address in inside { #expect(range.contains(try #require(IPAddress(address))), "\(text) \(address)") }
      for address in outside { #expect(!range.contains(try #require(IPAddress(address))), "\(text) \(address)") }
    }
  }

  @Test(
    "a malformed network, or one with bits behind its prefix, is none",
    arguments: [
      "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.0/8/8", "10.0.0.1/8",
      "::/129", "::1/64", "2001:db8::1/127", "10.0.0.0/99999999999999999999", "localhost", "10.0.0.0/8 ",
    ])
  func malformedRanges(text: String) {
    #expect(IPNetwork(text) == nil)
  }
}
