#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace contract {

// What an agent says of itself (OCF 1.1, "Resource Agent Meta-Data").
struct MetaData {
  struct Parameter {
    std::string name;
    int line = 0;
    std::string type;  // "string", "integer", "boolean", "select"; what it says, if it is wrong
    std::optional<std::string> default_value;
    std::vector<std::string> options;  // of a select
    bool required = false;
    bool reloadable = false;
    // The group, or its own name if it has the deprecated unique="1"; empty: it need not be unique.
    std::string unique_group;
    bool deprecated = false;
    std::vector<std::string> replaced_with;
  };

  struct Action {
    std::string name;
    int line = 0;
    std::string timeout;
    std::string interval;
    std::string start_delay;
    std::string depth;
    std::string role;
  };

  // The lang attribute of a longdesc, shortdesc or desc.
  struct Description {
    std::string element;
    int line = 0;
    std::optional<std::string> lang;
  };

  std::string name;
  std::string agent_version;
  std::string version;  // of the standard
  std::vector<Parameter> parameters;
  std::vector<Action> actions;
  std::vector<Description> descriptions;

  [[nodiscard]] const Parameter* parameter(const std::string& wanted) const;
  // The first of this name.
  [[nodiscard]] const Action* action(const std::string& wanted) const;
};

// Something that is not as it has to be, at a line of the text.
struct Remark {
  int line = 0;
  std::string text;

  bool operator==(const Remark&) const = default;
};

// What could be read of a text. A model without remarks is whole.
struct Reading {
  std::vector<Remark> malformed;       // no XML
  std::vector<Remark> against_schema;  // XML, but not as ra-api.rng has it
  MetaData meta_data;
};

[[nodiscard]] Reading read_meta_data(const std::string& text);

// "20", "20s", "2min", "1h" as Pacemaker and the example of OCF 1.1 write them; nothing if it is no
// duration.
[[nodiscard]] std::optional<std::chrono::milliseconds> duration_in(const std::string& text);

// Whether a text can be a language identifier by the grammar of BCP 47 (RFC 5646).
[[nodiscard]] bool is_language(const std::string& text);

// The line, from 1, at which the byte at `offset` stands.
[[nodiscard]] int line_at(const std::string& text, std::size_t offset);

// What makes a text no XML although a tolerant parser reads it: something before the declaration,
// bytes that are no UTF-8, characters that XML has not, entities that nobody has declared.
[[nodiscard]] std::vector<Remark> find_malformed(const std::string& text);

}  // namespace contract
