#pragma once

#include <sys/types.h>

#include <string>

namespace conformance {

// Files of the node on which this runs. All throw std::system_error or std::runtime_error.

// With the directories above it.
void write_file(const std::string& path, const std::string& text);
void make_directory(const std::string& path, mode_t mode);
// These take the place of what is there, with which processes that have it open go on.
void copy_file(const std::string& path, const std::string& source);
void make_link(const std::string& path, const std::string& target);
void make_fifo(const std::string& path);
// A link itself, not where it leads.
void give(const std::string& path, const std::string& user, const std::string& group);
void set_mode(const std::string& path, mode_t mode);  // whatever the umask is

}  // namespace conformance
