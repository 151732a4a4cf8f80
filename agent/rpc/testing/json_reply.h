#pragma once

#include <string>
#include <string_view>

namespace rpc::testing {

inline std::string id_of(std::string_view request) {
  const auto begin = request.find("\"id\":") + 5;
  return std::string(request.substr(begin, request.find(',', begin) - begin));
}

// A server's JSON-RPC reply to a request; the result is JSON.
inline std::string json_reply(std::string_view request, const std::string& result) {
  return R"({"jsonrpc":"2.0","id":)" + id_of(request) + R"(,"result":)" + result + "}";
}

inline std::string json_error(std::string_view request, const std::string& words) {
  return R"({"jsonrpc":"2.0","id":)" + id_of(request) + R"(,"error":{"code":500,"message":")" +
         words + "\"}}";
}

}  // namespace rpc::testing
