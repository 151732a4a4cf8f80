#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocf {

// An agent's description of itself: the only source for parsing, meta-data and the reference in
// docs/. Member names follow the elements and attributes of the OCF 1.1 meta-data schema.

enum class ContentType { boolean, integer, string };
enum class Required { no, yes };
enum class Reloadable { no, yes };

struct ParameterSpec {
  std::string name;
  ContentType type = ContentType::string;
  // The only allowed values, if not empty. OCF 1.1 has a type "select" for them, but the DTD that
  // ocf-tester uses does not.
  std::vector<std::string> options = {};
  std::optional<std::string> default_value = std::nullopt;
  std::string unique_group = {};  // empty: several instances may have the same value
  Required required = Required::no;
  Reloadable reloadable = Reloadable::no;
  std::string_view shortdesc;  // a literal: most runs never read it
  std::string_view longdesc;
};

struct ActionSpec {
  std::string name;
  std::string timeout;        // as Pacemaker writes it: "30s"
  std::string interval = {};  // empty: not recurring
  std::string depth = {};     // OCF_CHECK_LEVEL; empty: not set
};

struct AgentSpec {
  std::string name;
  std::string version;         // of the agent itself
  std::string_view shortdesc;  // a literal: most runs never read it
  std::string_view longdesc;
  std::vector<ParameterSpec> parameters;
  std::vector<ActionSpec> actions;
};

}  // namespace ocf
