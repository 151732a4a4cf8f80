#pragma once

#include "conformance/contract/meta_data.h"

#include <cstddef>
#include <string>
#include <vector>

namespace contract {

// The line, from 1, at which the byte at `offset` stands.
[[nodiscard]] int line_at(const std::string& text, std::size_t offset);

// What makes a text no XML although a tolerant parser reads it: something before the declaration,
// bytes that are no UTF-8, characters that XML has not, entities that nobody has declared.
[[nodiscard]] std::vector<Remark> find_malformed(const std::string& text);

}  // namespace contract
