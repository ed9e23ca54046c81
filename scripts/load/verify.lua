-- Verifies one session after the other, for ever: wrk ... -s verify.lua URL -- TOKENS
-- TOKENS is a file with one token a line. All requests are made before the first is sent, or wrk's Lua is the limit.
local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
local report = dofile(folder .. "report.lua")

local requests, index = {}, 0

function init(arguments)
  local host = wrk.headers["Host"]
  for number, token in ipairs(report.lines(arguments[1])) do
    requests[number] = wrk.format("GET", "/v2/session", { ["Authorization"] = "Bearer " .. token, ["Host"] = host })
  end
end

function request()
  index = index % #requests + 1
  return requests[index]
end
