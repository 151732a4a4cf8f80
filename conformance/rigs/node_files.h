#pragma once

#include <sys/types.h>

#include <string>

namespace conformance {

// Files of the node on which this runs. All throw std::system_error or std::runtime_error.

// With the directories above it.
void write_file(const std::string& path, const std::string& text);
void make_directory(const std::string& path, mode_t mode);
void give(const std::string& path, const std::string& user, const std::string& group);
void set_mode(const std::string& path, mode_t mode);  // whatever the umask is

}  // namespace conformance
