#include "conformance/command_line/agent_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace conformance {
namespace {

namespace fs = std::filesystem;

std::string agents() {
  const char* const root = std::getenv("OCF_ROOT");
  return std::string(root != nullptr ? root : "/usr/lib/ocf") + "/resource.d";
}

// Of "ocf:PROVIDER:TYPE"; empty parts if it is none.
cluster::AgentName name_in(const std::string& word) {
  const auto colon = word.rfind(':');
  constexpr auto begin = std::string::size_type(4);  // behind "ocf:"
  if (colon < begin) {
    return {.provider = "", .type = ""};
  }
  return {.provider = word.substr(begin, colon - begin), .type = word.substr(colon + 1)};
}

}  // namespace

tl::expected<AgentFile, std::string> find_agent(const std::string& word) {
  AgentFile agent;
  if (word.starts_with("ocf:")) {
    agent.name = name_in(word);
    agent.path = agents() + "/" + agent.name.provider + "/" + agent.name.type;
    if (agent.name.provider.empty() || agent.name.type.empty()) {
      return tl::unexpected(word +
                            ": an agent is called ocf:PROVIDER:TYPE, as ocf:heartbeat:Dummy");
    }
  } else {
    const auto path = fs::absolute(word).lexically_normal();
    agent.path = path;
    agent.name = {.provider = path.parent_path().filename(), .type = path.filename()};
  }
  std::error_code error;
  if (fs::is_directory(agent.path, error)) {
    return tl::unexpected(agent.path + ": is a directory and no agent");
  }
  if (::access(agent.path.c_str(), X_OK) != 0) {
    return tl::unexpected(agent.path + ": " + std::generic_category().message(errno) +
                          (errno == EACCES ? "; an agent is an executable file" : ""));
  }
  return agent;
}

}  // namespace conformance
