-- Opens sessions, each for the next of 50,000 users: wrk ... -s open.lua URL
local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
dofile(folder .. "report.lua")

local requests, index = {}, 0

function init()
  local headers = { ["Content-Type"] = "application/json", ["Host"] = wrk.headers["Host"] }
  for number = 1, 50000 do
    requests[number] = wrk.format("POST", "/v2/sessions", headers, string.format('{"user_id":"load-%06d"}', number))
  end
end

function request()
  index = index % #requests + 1
  return requests[index]
end
