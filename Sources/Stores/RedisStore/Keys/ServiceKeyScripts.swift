internal import RedisDriver

/// The scripts of service keys.
struct ServiceKeyScripts: Sendable {
  let insert: RedisScript
  let revoke: RedisScript
  let touch: RedisScript
  let find: RedisScript
  let list: RedisScript

  init(ground: String) {
    func script(_ text: String) -> RedisScript { RedisScript(ground + AccountLua.fields + text) }
    insert = script(ServiceKeyLua.insert)
    revoke = script(ServiceKeyLua.revoke)
    touch = script(ServiceKeyLua.touch)
    find = script(ServiceKeyLua.find)
    list = script(ServiceKeyLua.list)
  }
}
