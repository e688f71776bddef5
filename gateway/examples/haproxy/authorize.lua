-- Asks the gateway about the token of a call: txn.gateway is the status that it answered.
local gateway = 'http://127.0.0.1:3001/authorize?store=harbor-lights&api=order'
-- Milliseconds. HAProxy tries four times before it gives up.
local timeout = 500
local said = { ['x-store-id'] = true, ['x-partner-id'] = true, ['x-token-id'] = true, ['x-apis'] = true }

core.register_action('authorize', { 'http-req' }, function(txn)
  local asked = {}
  for _, name in ipairs({ 'authorization', 'user-agent' }) do
    local values = txn.http:req_get_headers()[name]
    if values then
      asked[name] = {}
      for n = 0, #values do
        if values[n] then table.insert(asked[name], values[n]) end
      end
    end
  end
  asked['x-forwarded-for'] = { txn.sf:src() }

  local answer = core.httpclient():get({ url = gateway, headers = asked, timeout = timeout })
  txn:set_var('txn.gateway', tostring(answer and answer.status or 503))
  for name, values in pairs(answer and answer.headers or {}) do
    if said[name] then txn.http:req_set_header(name, values[0] or values[1]) end
    if name == 'www-authenticate' then txn:set_var('txn.challenge', values[0] or values[1]) end
  end
end)
