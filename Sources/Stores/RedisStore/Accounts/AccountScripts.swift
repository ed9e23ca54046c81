internal import RedisDriver

/// The scripts of accounts.
struct AccountScripts: Sendable {
  let insert: RedisScript
  let move: RedisScript
  let replace: RedisScript
  let setPassword: RedisScript
  let remove: RedisScript
  let settle: RedisScript
  let find: RedisScript
  let walk: RedisScript
  let due: RedisScript
  let holders: RedisScript

  init(ground: String) {
    func writing(_ text: String) -> RedisScript {
      RedisScript(ground + AccountLua.fields + AccountLua.indexes + text)
    }
    func script(_ text: String) -> RedisScript { RedisScript(ground + text) }
    insert = writing(AccountLua.insert)
    move = writing(AccountLua.move)
    replace = writing(AccountLua.replace)
    setPassword = writing(AccountLua.setPassword)
    remove = writing(AccountLua.remove)
    settle = script(AccountLua.settle)
    find = script(AccountLua.find)
    walk = script(AccountLua.walk)
    due = script(AccountLua.due)
    holders = script(AccountLua.holders)
  }
}
