#include "conformance/contract/meta_data.h"

#include <pugixml.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <regex>
#include <set>
#include <string_view>
#include <utility>

namespace contract {
namespace {

using pugi::xml_node;

using Names = std::vector<std::string>;

std::string joined(const Names& names) {
  std::string text;
  for (const auto& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// Normalises a token of XML Schema, the type of enumerations.
std::string token(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  const auto end = text.find_last_not_of(" \t\r\n");
  return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

// Passes over the tree once, validates each element against the schema, and adds its content to the
// model.
class Reader {
 public:
  Reader(const std::string& text, Reading& reading) : text_(text), reading_(reading) {}

  void read_document(const xml_node& document) {
    xml_node root;
    bool has_type = false;
    for (const auto& node : document.children()) {
      if (node.type() == pugi::node_element) {
        if (root) {
          malformed(node, "a second root element");
        } else {
          root = node;
        }
      } else if ((node.type() == pugi::node_pcdata && !is_blank(node.value())) ||
                 node.type() == pugi::node_cdata) {
        malformed(node, "text outside of the root element");
      } else if (node.type() == pugi::node_doctype) {
        if (root || has_type) {
          malformed(node, "a second document type, or one after the root element");
        }
        has_type = true;
      }
    }
    if (!root) {
      malformed(document, "no root element");
      return;
    }
    find_twins(root);
    if (name_of(root) != "resource-agent") {
      against(root, "invalid root element: expected resource-agent");
      return;
    }
    read_agent(root);
  }

 private:
  MetaData& model() { return reading_.meta_data; }

  [[nodiscard]] int line_of(const xml_node& node) const {
    return line_at(text_, static_cast<std::size_t>(std::max<ptrdiff_t>(0, node.offset_debug())));
  }

  static std::string name_of(const xml_node& node) { return node.name(); }

  void malformed(const xml_node& node, std::string what) {
    reading_.malformed.push_back({.line = line_of(node), .text = std::move(what)});
  }

  void against(const xml_node& node, std::string what) {
    reading_.against_schema.push_back({.line = line_of(node), .text = std::move(what)});
  }

  // Reports duplicate attributes of an element.
  void find_twins(const xml_node& node) {
    std::set<std::string> names;
    for (const auto& attribute : node.attributes()) {
      if (!names.insert(attribute.name()).second) {
        malformed(node, name_of(node) + " has the attribute " + attribute.name() + " twice");
      }
    }
    for (const auto& child : node.children()) {
      find_twins(child);
    }
  }

  void look_at_attributes(const xml_node& node, const Names& needed, const Names& allowed) {
    for (const auto& name : needed) {
      if (!node.attribute(name.c_str())) {
        against(node, name_of(node) + " lacks the attribute " + name);
      }
    }
    for (const auto& attribute : node.attributes()) {
      const std::string name = attribute.name();
      if (std::ranges::find(needed, name) == needed.end() &&
          std::ranges::find(allowed, name) == allowed.end()) {
        against(node, name_of(node) + " has an attribute " + name + ", which is not in the schema");
      }
    }
  }

  // The value of a boolean attribute.
  bool flag(const xml_node& node, const char* name) {
    const auto attribute = node.attribute(name);
    const auto value = token(attribute.value());
    if (attribute && value != "0" && value != "1") {
      against(node, name_of(node) + ": " + name + "=\"" + attribute.value() + "\" is not 0 or 1");
    }
    return value == "1";
  }

  void look_at_text(const xml_node& node) {
    for (const auto& child : node.children()) {
      const bool is_text = child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata;
      if (is_text && !is_blank(child.value())) {
        against(node, "text within " + name_of(node));
        return;
      }
    }
  }

  void look_at_emptiness(const xml_node& node) {
    look_at_text(node);
    for (const auto& child : elements(node)) {
      against(child, name_of(child) + " within " + name_of(node) + ", which must be empty");
    }
  }

  static std::vector<xml_node> elements(const xml_node& node) {
    std::vector<xml_node> all;
    for (const auto& child : node.children()) {
      if (child.type() == pugi::node_element) {
        all.push_back(child);
      }
    }
    return all;
  }

  // How often an element may occur in its place.
  struct Slot {
    std::string name;
    std::size_t at_least = 0;
    std::size_t at_most = SIZE_MAX;
  };

  // Validates that children come in the order of the slots. Returns the known ones, wherever they
  // are.
  std::vector<xml_node> read_sequence(const xml_node& node, const std::vector<Slot>& slots) {
    look_at_text(node);
    std::vector<std::size_t> counts(slots.size(), 0);
    std::vector<xml_node> known;
    std::size_t place = 0;
    for (const auto& child : elements(node)) {
      const auto found = std::ranges::find(slots, name_of(child), &Slot::name);
      if (found == slots.end()) {
        against(child, name_of(node) + " has a " + name_of(child) + ", which is not in the schema");
        continue;
      }
      const auto index = static_cast<std::size_t>(found - slots.begin());
      if (index < place) {
        against(child, name_of(child) + " must come before " + slots[place].name);
      }
      place = std::max(place, index);
      if (++counts[index] > found->at_most) {
        against(child, "a second " + name_of(child) + " within " + name_of(node));
      }
      known.push_back(child);
    }
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (counts[i] < slots[i].at_least) {
        against(node, name_of(node) + " lacks the element " + slots[i].name);
      }
    }
    return known;
  }

  void read_agent(const xml_node& root) {
    look_at_attributes(root, {"name"}, {"version"});
    model().name = root.attribute("name").value();
    model().agent_version = root.attribute("version").value();
    const auto children = read_sequence(root, {{"version", 1, 1},
                                               {"longdesc"},
                                               {"shortdesc"},
                                               {"parameters", 1, 1},
                                               {"actions", 1, 1},
                                               {"special", 0, 1}});
    for (const auto& child : children) {
      const auto name = name_of(child);
      if (name == "version") {
        read_version(child);
      } else if (name == "parameters") {
        read_parameters(child);
      } else if (name == "actions") {
        read_actions(child);
      } else if (name == "special") {
        look_at_attributes(child, {"tag"}, {});
      } else {
        read_description(child);
      }
    }
  }

  void read_version(const xml_node& node) {
    look_at_attributes(node, {}, {});
    for (const auto& child : elements(node)) {
      against(child, name_of(child) + " within version, which contains only text");
    }
    model().version = token(node.child_value());
  }

  void read_description(const xml_node& node) {
    look_at_attributes(node, {"lang"}, {});
    const auto lang = node.attribute("lang");
    model().descriptions.push_back(
        {.element = name_of(node),
         .line = line_of(node),
         .lang = lang ? std::optional<std::string>(lang.value()) : std::nullopt});
  }

  void read_parameters(const xml_node& node) {
    look_at_attributes(node, {}, {});
    for (const auto& child : read_sequence(node, {{"parameter", 1}})) {
      read_parameter(child);
    }
  }

  void read_parameter(const xml_node& node) {
    look_at_attributes(node, {"name"}, {"unique-group", "unique", "required", "reloadable"});
    MetaData::Parameter parameter;
    parameter.name = node.attribute("name").value();
    parameter.line = line_of(node);
    parameter.unique_group = node.attribute("unique-group").value();
    if (flag(node, "unique") && parameter.unique_group.empty()) {
      parameter.unique_group = parameter.name;
    }
    parameter.required = flag(node, "required");
    parameter.reloadable = flag(node, "reloadable");
    for (const auto& child : read_sequence(
             node, {{"deprecated", 0, 1}, {"longdesc", 1}, {"shortdesc", 1}, {"content", 1, 1}})) {
      if (name_of(child) == "deprecated") {
        read_deprecated(child, parameter);
      } else if (name_of(child) == "content") {
        read_content(child, parameter);
      } else {
        read_description(child);
      }
    }
    model().parameters.push_back(std::move(parameter));
  }

  void read_deprecated(const xml_node& node, MetaData::Parameter& parameter) {
    look_at_attributes(node, {}, {});
    look_at_text(node);
    parameter.deprecated = true;
    for (const auto& child : elements(node)) {
      if (name_of(child) == "replaced-with") {
        look_at_attributes(child, {"name"}, {});
        look_at_emptiness(child);
        parameter.replaced_with.emplace_back(child.attribute("name").value());
      } else if (name_of(child) == "desc") {
        read_description(child);
      } else {
        against(child, "deprecated has a " + name_of(child) + ", which is not in the schema");
      }
    }
  }

  void read_content(const xml_node& node, MetaData::Parameter& parameter) {
    static const Names types = {"boolean", "string", "integer", "select"};
    look_at_attributes(node, {"type"}, {"default"});
    parameter.type = token(node.attribute("type").value());
    if (const auto value = node.attribute("default")) {
      parameter.default_value = value.value();
    }
    if (node.attribute("type") && std::ranges::find(types, parameter.type) == types.end()) {
      against(node, "content: type=\"" + parameter.type + "\" is none of " + joined(types));
    }
    if (parameter.type != "select") {
      look_at_emptiness(node);
      return;
    }
    for (const auto& child : read_sequence(node, {{"option", 1}})) {
      look_at_attributes(child, {"value"}, {});
      look_at_emptiness(child);
      parameter.options.emplace_back(child.attribute("value").value());
    }
  }

  void read_actions(const xml_node& node) {
    look_at_attributes(node, {}, {});
    for (const auto& child : read_sequence(node, {{"action", 1}})) {
      look_at_attributes(child, {"name", "timeout"}, {"interval", "start-delay", "depth", "role"});
      look_at_emptiness(child);
      model().actions.push_back({.name = child.attribute("name").value(),
                                 .line = line_of(child),
                                 .timeout = child.attribute("timeout").value(),
                                 .interval = child.attribute("interval").value(),
                                 .start_delay = child.attribute("start-delay").value(),
                                 .depth = child.attribute("depth").value(),
                                 .role = child.attribute("role").value()});
    }
  }

  const std::string& text_;
  Reading& reading_;
};

}  // namespace

const MetaData::Parameter* MetaData::parameter(const std::string& wanted) const {
  const auto found = std::ranges::find(parameters, wanted, &Parameter::name);
  return found == parameters.end() ? nullptr : &*found;
}

const MetaData::Action* MetaData::action(const std::string& wanted) const {
  const auto found = std::ranges::find(actions, wanted, &Action::name);
  return found == actions.end() ? nullptr : &*found;
}

Reading read_meta_data(const std::string& text) {
  Reading reading;
  pugi::xml_document document;
  const auto parsed = document.load_buffer(
      text.data(), text.size(), pugi::parse_full | pugi::parse_fragment, pugi::encoding_utf8);
  if (!parsed) {
    reading.malformed.push_back({.line = line_at(text, static_cast<std::size_t>(parsed.offset)),
                                 .text = parsed.description()});
    return reading;
  }
  reading.malformed = find_malformed(text);
  Reader(text, reading).read_document(document);
  return reading;
}

std::optional<std::chrono::milliseconds> duration_in(const std::string& text) {
  using std::chrono::milliseconds;
  static const std::vector<std::pair<std::string_view, milliseconds>> units = {
      {"", std::chrono::seconds(1)},    {"s", std::chrono::seconds(1)},
      {"sec", std::chrono::seconds(1)}, {"ms", milliseconds(1)},
      {"msec", milliseconds(1)},        {"m", std::chrono::minutes(1)},
      {"min", std::chrono::minutes(1)}, {"h", std::chrono::hours(1)},
      {"hr", std::chrono::hours(1)},    {"d", std::chrono::hours(24)},
  };
  const auto trimmed = token(text);
  std::int64_t number = 0;
  const auto* const end = trimmed.data() + trimmed.size();
  const auto [behind, error] = std::from_chars(trimmed.data(), end, number);
  if (error != std::errc() || number < 0 || number > 1'000'000'000) {
    return std::nullopt;
  }
  const auto unit = std::string_view(behind, static_cast<std::size_t>(end - behind));
  const auto found = std::ranges::find(units, unit, [](const auto& entry) { return entry.first; });
  if (found == units.end()) {
    return std::nullopt;
  }
  return number * found->second;
}

bool is_language(const std::string& text) {
  // A language of two to eight letters and subtags, or a private or grandfathered tag.
  static const std::regex grammar("[a-z]{2,8}(-[a-z0-9]{1,8})*|[xi](-[a-z0-9]{1,8})+",
                                  std::regex::icase);
  return std::regex_match(text, grammar);
}

}  // namespace contract
