import HTTPMessages
import Testing

@testable import Configuration

@Suite struct AddressTests {
  @Test(
    "addresses are read strictly",
    arguments: [
      "127.0.0.1", "0.0.0.0", "255.255.255.255", "::", "::1", "fd00::1", "1:2:3:4:5:6:7:8", "1::", "::ffff:10.0.0.1",
      "64:ff9b::1.2.3.4",
    ])
  func accepted(text: String) {
    #expect(IPAddress(text) != nil)
  }

  @Test(
    "what is no address is refused",
    arguments: [
      "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.+4", "1.2.3.4 ", ":", ":::", "1::2::3", "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9", "12345::", "g::", "[::1]", "fe80::1%eth0", "1.2.3.4::", "::1.2.3", ":1:2:3:4:5:6:7",
      "localhost",
      "1:2:3:4:5:6:7::8", "1.2.3.99999999999999999999",
    ])
  func refused(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test("one address in two spellings is one")
  func spellings() {
    #expect(IPAddress("::ffff:10.0.0.1") == IPAddress("10.0.0.1"))
    #expect(IPAddress("FD00:0:0:0:0:0:0:1") == IPAddress("fd00::1"))
    #expect(IPAddress("::1") != IPAddress("0.0.0.1"))
  }

  @Test(
    "networks are read, with their text as it was",
    arguments: [
      "10.0.0.0/8", "192.168.4.0/22", "10.0.0.5", "10.0.0.5/32", "0.0.0.0/0", "::/0", "fd00::/8", "::1",
      "2001:db8:8000::/33",
      "::ffff:10.0.0.0/104",
    ])
  func networks(text: String) {
    #expect(IPNetwork(text)?.text == text)
  }

  @Test(
    "a network holds its own addresses and no others",
    arguments: [
      ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.0.0.0/8", "::ffff:10.1.1.1", true),
      ("192.168.4.0/22", "192.168.7.255", true), ("192.168.4.0/22", "192.168.8.0", false),
      ("10.0.0.5", "10.0.0.5", true), ("10.0.0.5", "10.0.0.4", false), ("0.0.0.0/0", "203.0.113.9", true),
      ("0.0.0.0/0", "2001:db8::1", false), ("::/0", "10.0.0.1", true), ("fd00::/8", "fd12::9", true),
      ("fd00::/8", "fe00::", false), ("::1", "::1", true), ("::1/128", "::2", false),
      ("2001:db8::/33", "2001:db8:7fff::", true), ("2001:db8::/33", "2001:db8:8000::", false),
      ("2001:db8::/64", "2001:db8::ffff:0:0:1", true), ("2001:db8::/64", "2001:db8:0:1::1", false),
    ])
  func holding(network: String, address: String, isInside: Bool) throws {
    let network = try #require(IPNetwork(network))
    let address = try #require(IPAddress(address))
    #expect(network.contains(address) == isInside)
  }

  @Test(
    "what is no network is refused",
    arguments: [
      "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.1/8",
      "::1/64",
      "::/129", "::/999999999999",
    ])
  func refusedNetworks(text: String) {
    #expect(IPNetwork(text) == nil)
  }

  @Test(
    "listening addresses are read with their port",
    arguments: [
      ("127.0.0.1:8080", "127.0.0.1", 8080, true), ("[::1]:0", "::1", 0, true), ("localhost:80", "localhost", 80, true),
      ("0.0.0.0:65535", "0.0.0.0", 65535, false), ("[::]:1", "::", 1, false),
      ("sessions.example.com:443", "sessions.example.com", 443, false),
      ("127.9.9.9:1", "127.9.9.9", 1, true), ("[::ffff:127.0.0.1]:1", "::ffff:127.0.0.1", 1, true),
    ] as [(String, String, UInt16, Bool)])
  func listening(text: String, host: String, port: UInt16, isLoopback: Bool) {
    let address = ListenAddress(text)
    #expect(address?.host == host)
    #expect(address?.port == port)
    #expect(address?.isLoopback == isLoopback)
    #expect(address?.description == text)
  }

  @Test(
    "what can't be listened on is refused",
    arguments: [
      "", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:+1", "127.0.0.1:0x1", "::1:80", "[1.2.3.4]:1",
      "a b:1", "-a:1", "a..b:1", "http://a:1",
    ])
  func refusedListening(text: String) {
    #expect(ListenAddress(text) == nil)
  }
}
