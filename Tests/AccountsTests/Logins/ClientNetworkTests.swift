import Testing

@testable import Accounts

@Suite struct ClientNetworkTests {
  @Test(
    "an address counts as itself, an IPv6 address as its network of 64 bits",
    arguments: [
      ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("::ffff:c000:201", "192.0.2.1"),
      ("2001:db8::1", "2001:db8:0:0::/64"), ("2001:DB8:0:0:1:2:3:4", "2001:db8:0:0::/64"),
      ("2001:0db8:0000:0000::", "2001:db8:0:0::/64"), ("2001:db8:0:1::", "2001:db8:0:1::/64"),
      ("[2001:db8::1]", "2001:db8:0:0::/64"), ("fe80::1%eth0", "fe80:0:0:0::/64"), ("::1", "0:0:0:0::/64"),
      ("::", "0:0:0:0::/64"), ("1::", "1:0:0:0::/64"), ("1:2:3:4:5:6:7::", "1:2:3:4::/64"),
      ("::2:3:4:5:6:7:8", "0:2:3:4::/64"), ("64:ff9b::192.0.2.1", "64:ff9b:0:0::/64"),
    ])
  func networks(_ address: String, _ network: String) {
    #expect(ClientNetwork.text(of: address) == network)
  }

  @Test(
    "text that is no address stands for itself",
    arguments: [
      "", ":", ":::", "1:2:3", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "::1.2.3", "::1.2.3.256",
      "::1.2.3.4:5",
      "1:2:3:4:5:6:7:8::", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "unix", "[::1", "1.2.3.4:80", "::01234",
    ])
  func noAddress(_ text: String) {
    #expect(ClientNetwork.text(of: text) == text)
  }
}
