internal import RedisDriver

/// The scripts of what logging in must remember.
struct LoginScripts: Sendable {
  let count: RedisScript
  let forget: RedisScript
  let giveBack: RedisScript
  let use: RedisScript
  let purge: RedisScript

  init(ground: String) {
    func script(_ text: String) -> RedisScript { RedisScript(ground + text) }
    count = script(LoginLua.count)
    forget = script(LoginLua.forget)
    giveBack = script(LoginLua.giveBack)
    use = script(LoginLua.use)
    purge = script(LoginLua.purge)
  }
}
