#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace contract {

// The meta-data of an agent (OCF 1.1, "Resource Agent Meta-Data").
struct MetaData {
  struct Parameter {
    std::string name;
    int line = 0;
    std::string type;  // "string", "integer", "boolean", "select"; the text itself if it is invalid
    std::optional<std::string> default_value;
    std::vector<std::string> options;  // of a select
    bool required = false;
    bool reloadable = false;
    // The unique group, or the parameter's own name with the deprecated unique="1"; empty if the
    // value need not be unique.
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

// A defect of the text, with its line.
struct Remark {
  int line = 0;
  std::string text;

  bool operator==(const Remark&) const = default;
};

// The parsed meta-data. The model is complete if there are no remarks.
struct Reading {
  std::vector<Remark> malformed;       // not well-formed XML
  std::vector<Remark> against_schema;  // XML that violates ra-api.rng
  MetaData meta_data;
};

[[nodiscard]] Reading read_meta_data(const std::string& text);

// Parses "20", "20s", "2min" or "1h", the forms of Pacemaker and of the example of OCF 1.1; nothing
// if the text is not a duration.
[[nodiscard]] std::optional<std::chrono::milliseconds> duration_in(const std::string& text);

// Whether a text can be a language identifier by the grammar of BCP 47 (RFC 5646).
[[nodiscard]] bool is_language(const std::string& text);

// The line, from 1, of the byte at `offset`.
[[nodiscard]] int line_at(const std::string& text, std::size_t offset);

// Violations of XML that a tolerant parser accepts: text before the declaration, bytes that are not
// UTF-8, invalid characters, undeclared entities.
[[nodiscard]] std::vector<Remark> find_malformed(const std::string& text);

}  // namespace contract
