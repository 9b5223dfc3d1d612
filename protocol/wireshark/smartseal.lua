-- The smart seal protocol in Wireshark and tshark: captures of a bridge (protocol/SPEC.md, section 14), link type USER0.
--   wireshark -X lua_script:protocol/wireshark/smartseal.lua capture.pcapng
-- or copy this file to the folder of personal Lua plugins (Help, About, Folders). Bodies of messages are shown by name when
-- protocol/smartseal.proto lies in one of the folders of Preferences, Protocols, ProtoBuf.
local seal = Proto("smartseal", "Smart seal link")

local kinds = { [1] = "frame", [2] = "message", [3] = "damage", [4] = "note" }
local directions = { [0] = "device to host", [1] = "host to device" }
local damages = { [0] = "longer than a frame may be", [1] = "not COBS", [2] = "too short", [3] = "another version", [4] = "wrong CRC" }
local frames = { [1] = "HELLO", [2] = "CHALLENGE", [3] = "PROVE", [4] = "DATA", [5] = "ACK", [6] = "LOG", [7] = "ATTENTION" }
local messages = {
  [1] = "Ready",
  [2] = "Refusal",
  [3] = "Done",
  [4] = "Notice",
  [16] = "StatusGet",
  [17] = "Status",
  [18] = "PermitLoad",
  [19] = "PermitGet",
  [20] = "PermitState",
  [21] = "GrantApply",
  [22] = "TimeNonceGet",
  [23] = "TimeNonce",
  [24] = "RecordsGet",
  [25] = "Records",
  [26] = "PhotoGet",
  [27] = "PhotoChunk",
  [28] = "UseClose",
  [29] = "PeopleGet",
  [30] = "People",
  [40] = "UpdateBegin",
  [41] = "UpdateState",
  [42] = "UpdateGet",
  [43] = "UpdateChunk",
  [44] = "UpdateFinish",
  [45] = "ViewGet",
  [46] = "ViewChunk",
  [47] = "PhotoPut",
  [50] = "Maintain",
  [51] = "Maintained",
}
local refusals = {
  [1] = "MALFORMED",
  [2] = "UNKNOWN_MESSAGE",
  [3] = "NOT_AUTHENTIC",
  [4] = "WRONG_DEVICE",
  [5] = "WRONG_DIE",
  [6] = "TOO_EARLY",
  [7] = "EXPIRED",
  [8] = "TIME_UNKNOWN",
  [9] = "REVOKED",
  [10] = "REPLAYED",
  [11] = "USED_UP",
  [12] = "UNSUPPORTED",
  [13] = "STORE_FULL",
  [14] = "LOG_FULL",
  [15] = "ALARM_ACTIVE",
  [16] = "UNKNOWN_PERMIT",
  [17] = "UNKNOWN_PERSON",
  [18] = "STALE",
  [19] = "BUSY",
  [20] = "NOT_FOUND",
  [21] = "CLOCK_BACKWARDS",
  [22] = "BATTERY_LOW",
  [23] = "HARDWARE",
  [24] = "SAME_PERSON",
  [25] = "OUTSIDE",
  [26] = "NO_FIX",
  [27] = "MOVED",
  [28] = "NOT_DOCKED",
  [29] = "DIE_TWICE",
  [30] = "IMAGE_OLD",
  [31] = "IMAGE_WRONG",
  [32] = "NO_UPDATE",
  [33] = "IMAGE_OFFSET",
  [34] = "TURN_DIE",
  [35] = "WRONG_CODE",
  [36] = "CODE_LOCKED",
  [37] = "WAIT",
  [38] = "WRONG_MEANS",
  [39] = "SUSPENDED",
  [40] = "WEAK_CODE",
  [41] = "READER",
  [42] = "WRONG_ANSWER",
  [43] = "OFFLINE_LOCKED",
  [44] = "CODE_SPENT",
  [45] = "MISTYPED",
  [46] = "NO_PHOTO",
  [48] = "DIE_FITTED",
  [49] = "NOT_MAINTAINED",
}

local f = seal.fields
f.version = ProtoField.uint8("smartseal.version", "Format of the capture")
f.kind = ProtoField.uint8("smartseal.kind", "Kind", base.DEC, kinds)
f.direction = ProtoField.uint8("smartseal.direction", "Direction", base.DEC, directions)
f.damage = ProtoField.uint8("smartseal.damage", "Damage", base.DEC, damages)
f.head = ProtoField.uint8("smartseal.frame.head", "Head", base.HEX)
f.frame = ProtoField.uint8("smartseal.frame.type", "Frame", base.DEC, frames, 0x1f)
f.framing = ProtoField.uint8("smartseal.frame.version", "Framing", base.DEC, nil, 0xe0)
f.seq = ProtoField.uint8("smartseal.frame.seq", "Number")
f.ack = ProtoField.uint8("smartseal.frame.ack", "Expected next")
f.flags = ProtoField.uint8("smartseal.frame.flags", "Flags", base.HEX)
f.first = ProtoField.bool("smartseal.frame.first", "First fragment", 8, nil, 1)
f.last = ProtoField.bool("smartseal.frame.last", "Last fragment", 8, nil, 2)
f.probe = ProtoField.bool("smartseal.frame.probe", "Probe", 8, nil, 4)
f.gap = ProtoField.bool("smartseal.frame.gap", "Missing: the expected one", 8, nil, 8)
f.length = ProtoField.uint32("smartseal.length", "Bytes there were")
f.vmin = ProtoField.uint8("smartseal.hello.vmin", "Lowest version")
f.vmax = ProtoField.uint8("smartseal.hello.vmax", "Highest version")
f.hello_window = ProtoField.uint8("smartseal.hello.window", "Window offered")
f.hello_frame_max = ProtoField.uint16("smartseal.hello.frame_max", "Largest frame offered")
f.host = ProtoField.uint32("smartseal.hello.host", "Host", base.HEX)
f.agreed = ProtoField.uint8("smartseal.challenge.version", "Version")
f.window = ProtoField.uint8("smartseal.challenge.window", "Window")
f.frame_max = ProtoField.uint16("smartseal.challenge.frame_max", "Largest frame")
f.rx_max = ProtoField.uint16("smartseal.challenge.rx_max", "Largest message taken")
f.device = ProtoField.bytes("smartseal.challenge.device", "Device")
f.message = ProtoField.uint8("smartseal.message.type", "Message", base.DEC, messages)
f.tag = ProtoField.uint8("smartseal.message.tag", "Tag")
f.refusal = ProtoField.uint32("smartseal.refusal", "Refusal", base.DEC, refusals)
f.note = ProtoField.string("smartseal.note", "Note")
f.retry = ProtoField.bool("smartseal.frame.again", "Sent before")

local again = ProtoExpert.new("smartseal.expert.again", "Frame sent again", expert.group.SEQUENCE, expert.severity.NOTE)
local spoilt = ProtoExpert.new("smartseal.expert.damage", "Bytes that are no frame", expert.group.CHECKSUM, expert.severity.WARN)
local refused = ProtoExpert.new("smartseal.expert.refusal", "The device refused", expert.group.RESPONSE_CODE, expert.severity.NOTE)
seal.experts = { again, spoilt, refused }

-- Number of the DATA frame seen last in each direction, to tell repetitions; per packet once seen.
local latest, repeated = {}, {}
function seal.init()
  latest, repeated = {}, {}
end

local function handshake(buffer, tree, kind)
  if kind == 1 and buffer:len() >= 10 then
    tree:add(f.vmin, buffer(0, 1))
    tree:add(f.vmax, buffer(1, 1))
    tree:add(f.hello_window, buffer(2, 1))
    tree:add_le(f.hello_frame_max, buffer(4, 2))
    tree:add_le(f.host, buffer(6, 4))
  elseif kind == 2 and buffer:len() >= 14 then
    tree:add(f.agreed, buffer(0, 1))
    tree:add(f.window, buffer(1, 1))
    tree:add_le(f.frame_max, buffer(2, 2))
    tree:add_le(f.rx_max, buffer(4, 2))
    tree:add(f.device, buffer(6, 8))
  end
end

local function frame(buffer, tree, pinfo, direction, whole)
  local kind = bit32 and bit32.band(buffer(0, 1):uint(), 31) or buffer(0, 1):uint() % 32
  local seq = buffer(1, 1):uint()
  local head = tree:add(f.head, buffer(0, 1))
  head:add(f.framing, buffer(0, 1))
  head:add(f.frame, buffer(0, 1))
  tree:add(f.seq, buffer(1, 1))
  tree:add(f.ack, buffer(2, 1))
  local flags = tree:add(f.flags, buffer(3, 1))
  flags:add(f.first, buffer(3, 1))
  flags:add(f.last, buffer(3, 1))
  flags:add(f.probe, buffer(3, 1))
  flags:add(f.gap, buffer(3, 1))
  tree:add(f.length, whole):set_generated()
  if kind == 1 then latest = {} end
  if kind == 4 then
    if not pinfo.visited then
      local before = latest[direction]
      -- Repeated: at or before the newest of this direction, within a window.
      if before ~= nil and (before - seq) % 256 < 16 then repeated[pinfo.number] = true else latest[direction] = seq end
    end
    if repeated[pinfo.number] then
      tree:add(f.retry, true):set_generated()
      tree:add_proto_expert_info(again)
    end
  end
  if buffer:len() > 4 then handshake(buffer(4):tvb(), tree, kind) end
  local info = frames[kind] or ("frame " .. kind)
  if kind == 4 then info = info .. " " .. seq .. (repeated[pinfo.number] and " again" or "") end
  if kind == 4 or kind == 5 then info = info .. ", expects " .. buffer(2, 1):uint() end
  return info .. ", " .. whole .. " bytes"
end

-- The first varint of field 1, which is a Refusal's code.
local function code_of(buffer)
  local at, value, weight = 1, 0, 1
  if buffer:len() < 2 or buffer(0, 1):uint() ~= 8 then return nil end
  while at < buffer:len() do
    local byte = buffer(at, 1):uint()
    value = value + (byte % 128) * weight
    weight = weight * 128
    at = at + 1
    if byte < 128 then return value end
    if at > 5 then return nil end
  end
  return nil
end

local function message(buffer, tree, pinfo, whole)
  local kind = buffer(0, 1):uint()
  tree:add(f.message, buffer(0, 1))
  tree:add(f.tag, buffer(1, 1))
  tree:add(f.length, whole - 2):set_generated()
  local name = messages[kind]
  local info = (name or ("message " .. kind)) .. ", tag " .. buffer(1, 1):uint() .. ", " .. (whole - 2) .. " bytes"
  if buffer:len() > 2 then
    local body = buffer(2):tvb()
    if kind == 2 then
      local code = code_of(body)
      if code ~= nil then
        tree:add(f.refusal, body(0), code)
        tree:add_proto_expert_info(refused)
        info = info .. ": " .. (refusals[code] or code)
      end
    end
    if name ~= nil and body:len() == whole - 2 then
      pinfo.private["pb_msg_type"] = "message,smartseal.v1." .. name
      pcall(Dissector.call, Dissector.get("protobuf"), body, pinfo, tree)
    end
  end
  return info
end

function seal.dissector(buffer, pinfo, root)
  if buffer:len() < 4 then return 0 end
  local tree = root:add(seal, buffer())
  local kind, direction = buffer(1, 1):uint(), buffer(2, 1):uint()
  tree:add(f.version, buffer(0, 1))
  tree:add(f.kind, buffer(1, 1))
  tree:add(f.direction, buffer(2, 1))
  if buffer(0, 1):uint() ~= 1 then return buffer:len() end
  local whole = buffer:reported_len() - 4
  local rest = buffer:len() > 4 and buffer(4):tvb() or nil
  local info = kinds[kind] or ("kind " .. kind)
  if kind == 1 and rest and rest:len() >= 4 then info = frame(rest, tree, pinfo, direction, whole)
  elseif kind == 2 and rest and rest:len() >= 2 then info = message(rest, tree, pinfo, whole)
  elseif kind == 3 then
    tree:add(f.damage, buffer(3, 1))
    tree:add(f.length, whole):set_generated()
    tree:add_proto_expert_info(spoilt)
    info = whole .. " bytes that are no frame: " .. (damages[buffer(3, 1):uint()] or "?")
  elseif kind == 4 and rest then
    tree:add(f.note, rest())
    info = rest():string()
  end
  pinfo.cols.protocol = "SmartSeal"
  pinfo.cols.src = direction == 1 and "host" or "device"
  pinfo.cols.dst = direction == 1 and "device" or "host"
  if kind == 4 then pinfo.cols.src, pinfo.cols.dst = "bridge", "" end
  pinfo.cols.info = info
  return buffer:len()
end

DissectorTable.get("wtap_encap"):add(wtap.USER0, seal)
