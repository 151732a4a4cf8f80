#include "sim/actors/kamailio_rpc.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sim {
namespace {

rpc::Value memory(std::string_view unit, int free_percent) {
  constexpr std::int64_t kib = 1024;
  constexpr std::int64_t total = 64 * kib;  // KiB
  constexpr int all = 100;
  const std::int64_t free = (total * free_percent + all - 1) / all;
  const auto told = [&](std::int64_t size) -> rpc::Value {
    return {unit == "k" ? size : unit == "m" ? size / kib : size * kib};
  };
  return {rpc::Struct{{"total", told(total)},
                      {"free", told(free)},
                      {"used", told(total - free)},
                      {"real_used", told(total - free)},
                      {"max_used", told(total - free)},
                      {"fragments", {std::int64_t{1}}}}};
}

// Of a server that has not yet done anything, those that are in a group or have this name.
rpc::Value statistics(std::string_view wanted, int free_percent) {
  constexpr std::int64_t total = 64LL * 1024 * 1024;
  constexpr std::int64_t all = 100;
  const std::int64_t free = total * free_percent / all;
  const std::vector<std::pair<std::string, std::int64_t>> known = {
      {"core:fwd_replies", 0},
      {"core:fwd_requests", 0},
      {"core:rcv_replies", 0},
      {"core:rcv_requests", 0},
      {"shmem:free_size", free},
      {"shmem:total_size", total},
      {"shmem:used_size", total - free},
      {"sl:sent_err_replies", 0},
      {"sl:sent_replies", 0},
      {"sl:xxx_replies", 0}};
  rpc::List list;
  for (const auto& [name, value] : known) {
    if (wanted == "all" || name.starts_with(wanted) || name.ends_with(":" + std::string(wanted))) {
      list.push_back({name + " = " + std::to_string(value)});
    }
  }
  return {std::move(list)};
}

rpc::Value process_table(const std::vector<KamailioProcess>& processes) {
  rpc::List list;
  for (const auto& [pid, description] : processes) {
    list.push_back({rpc::Struct{{"IDX", {static_cast<std::int64_t>(list.size())}},
                                {"PID", {std::int64_t{pid}}},
                                {"DSC", {description}}}});
  }
  return {std::move(list)};
}

}  // namespace

host::Result<rpc::Value> KamailioRpc::call(std::string_view method,
                                           std::string_view parameter) const {
  if (method == "core.uptime") {
    return rpc::Value{rpc::Struct{{"now", {time_text(now)}},
                                  {"up_since", {time_text(up_since)}},
                                  {"uptime", {static_cast<std::int64_t>(now - up_since)}}}};
  }
  if (method == "core.psx") {
    return process_table(processes);
  }
  if (method == "core.shmmem") {
    return memory(parameter, free_memory_percent);
  }
  if (method == "stats.get_statistics") {
    return statistics(parameter, free_memory_percent);
  }
  if (method == "core.version") {
    return rpc::Value{std::string("kamailio 5.6.3 (x86_64/linux) ")};
  }
  return tl::unexpected(host::Error{.text = "500 Method Not Found"});
}

std::string time_text(std::time_t moment) {
  std::tm broken_down = {};
  std::array<char, 64> text = {};
  ::gmtime_r(&moment, &broken_down);
  return {text.data(),
          std::strftime(text.data(), text.size(), "%a %b %e %H:%M:%S %Y", &broken_down)};
}

}  // namespace sim
