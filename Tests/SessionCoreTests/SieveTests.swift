import Testing

@testable import SessionCore

@Suite struct SieveTests {
  @Test("without visits the oldest goes first")
  func oldestFirst() {
    var list = SieveList()
    for slot in 0..<4 as Range<Int32> { list.append(slot) }
    var order: [Int32] = []
    while let slot = list.candidate() {
      order.append(slot)
      list.remove(slot)
    }
    #expect(order == [0, 1, 2, 3])
  }

  @Test("a visited one is spared once, and stays where it is")
  func visitedSpared() {
    var list = SieveList()
    for slot in 0..<4 as Range<Int32> { list.append(slot) }
    list.visit(0)
    list.visit(1)
    #expect(list.candidate() == 2)
    list.remove(2)
    #expect(list.candidate() == 3)
    list.remove(3)
    #expect(list.candidate() == 0)
  }

  @Test("the hand goes on from where it was, not from the oldest")
  func handGoesOn() {
    var list = SieveList()
    for slot in 0..<4 as Range<Int32> { list.append(slot) }
    list.visit(0)
    #expect(list.candidate() == 1)
    list.remove(1)
    list.append(1)
    #expect(list.candidate() == 2)
  }

  @Test("after one was dropped the hand begins with the oldest again, so that what nobody asks for goes first")
  func handReturns() {
    var list = SieveList()
    for slot in 0..<4 as Range<Int32> { list.append(slot) }
    list.visit(0)
    #expect(list.candidate() == 1)
    list.remove(1)
    list.remove(3)
    #expect(list.candidate() == 0)
  }

  @Test("slots can be removed from anywhere and used again")
  func removal() {
    var list = SieveList()
    for slot in 0..<3 as Range<Int32> { list.append(slot) }
    list.remove(1)
    list.remove(2)
    list.append(1)
    list.remove(0)
    #expect(list.candidate() == 1)
    list.remove(1)
    #expect(list.candidate() == nil)
  }
}
