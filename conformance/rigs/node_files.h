#pragma once

#include <sys/types.h>

#include <string>

namespace conformance {

// Operations on files of this node. All throw std::system_error or std::runtime_error.

// Creates missing parent directories, too.
void write_file(const std::string& path, const std::string& text);
void make_directory(const std::string& path, mode_t mode);
// These replace an existing file. Processes that have it open keep the old one.
void copy_file(const std::string& path, const std::string& source);
void make_link(const std::string& path, const std::string& target);
void make_fifo(const std::string& path);
// Applies to a link itself, not to its target.
void give(const std::string& path, const std::string& user, const std::string& group);
void set_mode(const std::string& path, mode_t mode);  // regardless of the umask

}  // namespace conformance
