-- Verifies one session after the other, for ever: wrk ... -s verify.lua URL -- SESSIONS [PAUSE [INTERFACE]]
-- With a PAUSE above 0, each connection waits that many ms on average before a request. The INTERFACE is that of users
-- if none is named, else that of services: v2, service or v1.
-- All requests are made before the first is sent, or wrk's Lua is the limit.
local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
local report = dofile(folder .. "report.lua")

local requests, index = {}, 0

local interfaces = {
  user = function(session)
    local fields = { ["Authorization"] = "Bearer " .. session.token, ["Host"] = wrk.headers["Host"] }
    return wrk.format("GET", "/v2/session", fields)
  end,
  v2 = function(session)
    return report.service("POST", "/v2/verify", string.format('{"token":"%s"}', session.token))
  end,
  service = function(session)
    local body = string.format('{"user_id":"%s","token":"%s"}', session.user, session.token)
    return report.service("POST", "/verify", body)
  end,
  v1 = function(session)
    return report.service("POST", "/sessions/get_session_by_id", string.format('{"session_id":"%s"}', session.id))
  end,
}

function init(arguments)
  local pause = tonumber(arguments[2] or 0)
  if pause > 0 then
    -- wrk calls it if it is there; pauses of one length would have all connections speak at once.
    function delay() return math.random(0, 2 * pause) end
  end
  local text = assert(interfaces[arguments[3] or "user"], "there is no such interface")
  for number, session in ipairs(report.sessions(arguments[1])) do
    requests[number] = text(session)
  end
end

function request()
  index = index % #requests + 1
  return requests[index]
end
