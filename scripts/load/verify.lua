-- Verifies one session after the other, for ever: wrk ... -s verify.lua URL -- TOKENS [PAUSE]
-- TOKENS is a file with one token a line. With a PAUSE, each connection waits that many ms on average before a request.
-- All requests are made before the first is sent, or wrk's Lua is the limit.
local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
local report = dofile(folder .. "report.lua")

local requests, index = {}, 0

function init(arguments)
  local host = wrk.headers["Host"]
  local pause = tonumber(arguments[2])
  if pause then
    -- wrk calls it if it is there; pauses of one length would have all connections speak at once.
    function delay() return math.random(0, 2 * pause) end
  end
  for number, token in ipairs(report.lines(arguments[1])) do
    requests[number] = wrk.format("GET", "/v2/session", { ["Authorization"] = "Bearer " .. token, ["Host"] = host })
  end
end

function request()
  index = index % #requests + 1
  return requests[index]
end
